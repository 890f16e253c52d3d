"""Where inspectors are and went: live map, replay, marks, phones, rules."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol import people, selectors
from municipal.command.patrol.filters import MarkFilter
from municipal.command.patrol.forms import ExcuseForm, RulesForm
from municipal.command.patrol.models import Attendance, Device, Mark, PatrolRules
from municipal.command.patrol.models.scope import TEAM
from municipal.command.patrol.phone.views import version
from municipal.command.patrol.services import ruling, tracks
from municipal.command.requests import user_of
from municipal.command.views.report import map_settings
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.access import SIGNED_IN
from platform_core.ui import components, words
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

from .people import MANAGE, ROOT

RULES = "patrol.change_patrolrules"
DAY = timedelta(days=1)


class LivePage(PlainPage):
    """Everybody on duty on the map, anew every half minute."""

    permission_required = TEAM
    title = _("Live map")
    template_name = "patrol/live.html"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = selectors.on_duty().visible_to(  # type: ignore[attr-defined]
            user_of(self.request)
        )
        found = selectors.positions(duties=seen)
        rows = [
            {
                "position": one,
                "url": reverse("patrol:inspector", args=[one.person.pk]),
                "marks": [mark.get_kind_display() for mark in one.duty.open_marks],  # type: ignore[attr-defined]
            }
            for one in found
        ]
        return {
            **super().get_context_data(**kwargs),
            **map_settings(),
            "rows": rows,
            "positions_url": reverse("patrol_api:positions"),
            **middle_of(found),
        }


def middle_of(found: list[selectors.Position]) -> dict[str, Any]:
    """Where the map opens: amid those who are on duty."""
    if not found:
        return {}
    lon = sum(one.lon for one in found) / len(found)
    return {"middle": (lon, sum(one.lat for one in found) / len(found))}


class TrackPage(PlainPage):
    """The track of a day, replayed on the map."""

    permission_required = SIGNED_IN
    template_name = "patrol/track.html"

    def get_person(self) -> User:
        """Oneself, or an inspector whom one leads; else 404."""
        user, key = user_of(self.request), self.kwargs["pk"]
        person = people.led_by(user).filter(pk=key).first()
        if person is None:
            raise Http404(str(key))
        return person

    def get_title(self):
        return gettext("Track of %(person)s") % {"person": self.get_person()}

    def get_breadcrumbs(self):
        if not user_of(self.request).has_perm(TEAM):
            return [Crumb(_("Track"))]
        person = self.get_person()
        url = reverse("patrol:inspector", args=[person.pk])
        return [ROOT, Crumb(str(person), url), Crumb(_("Track"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, day = self.get_person(), self.kwargs["day"]
        duties = Attendance.objects.visible_to(user_of(self.request))
        marks = Mark.objects.filter(person=person, duty__day=day)
        return {
            **super().get_context_data(**kwargs),
            **map_settings(),
            "person": person,
            "day": day,
            "before": self.at(day - DAY),
            "after": self.at(day + DAY) if day < clock.today() else "",
            "duties": duties.filter(person=person, day=day).select_related("duty_grid"),
            "marks": marks.order_by("begins_at"),
            "track_url": f"{reverse('patrol_api:track', args=[person.pk])}?day={day}",
        }

    def at(self, day: date) -> str:
        return reverse("patrol:track", args=[self.kwargs["pk"], day.isoformat()])


def mark_badge(row: Mark) -> object:
    """The kind of a mark, red while it lasts, grey when excused."""
    level = "grey" if row.excuse else "yellow" if row.ends_at else "red"
    return components.status(row.get_kind_display(), level)


class MarkList(ListPage):
    """What tracks show: out of the area, idle, without a signal."""

    model = Mark
    permission_required = SIGNED_IN
    title = _("Marks of tracks")
    filterset_class = MarkFilter
    search_fields = ("person__full_name",)
    search_hint = _("Full name")
    ordering = ("-begins_at", "-pk")
    empty_text = _("Nothing was out of order so far.")
    live = 60
    columns = (
        Column("kind", _("Kind"), sort=True, render=mark_badge),
        Column(
            "person",
            _("Inspector"),
            sort="person__full_name",
            link=lambda row: row.get_absolute_url(),
        ),
        Column(
            "begins_at",
            _("Begins"),
            sort=True,
            render=lambda row: words.stamp(row.begins_at),
        ),
        Column(
            "ends_at",
            _("Ends"),
            sort=True,
            render=lambda row: words.stamp(row.ends_at) if row.ends_at else "–",
        ),
        Column(
            "seconds",
            _("Duration"),
            sort=True,
            number=True,
            render=lambda row: words.duration(row.seconds),
        ),
        Column("metres", _("Metres outside at most"), sort=True, number=True),
        Column("excuse", _("Excused because")),
        Column(
            "pk",
            _("Excuse"),
            render=lambda row: "" if row.excuse else gettext("Excuse"),
            export=lambda row: "",
            link=lambda row: reverse("patrol:mark-excuse", args=[row.pk]),
        ),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("person", "duty")

    def get_columns(self):
        every = list(self.columns)
        return every if self.request.user.has_perm(MANAGE) else every[:-1]


class ExcusePage(ActionPage):
    """Say why a mark is no fault."""

    model = Mark
    permission_required = MANAGE
    title = _("Excuse a mark")
    form_class = ExcuseForm
    success_url = "patrol:mark-list"

    def get_queryset(self):
        return super().get_queryset().select_related("duty", "person")

    def perform(self, form):
        return tracks.excuse(
            mark=self.object, by=user_of(self.request), **form.cleaned_data
        )


class PhoneList(ListPage):
    """Phones with the app: who, which version, how far the clock is off."""

    model = Device
    permission_required = "patrol.view_device"
    title = _("Phones")
    search_fields = ("user__full_name", "name")
    ordering = ("-last_seen",)
    empty_text = _("Phones appear here as soon as they send something.")
    columns = (
        Column("user", _("Full name"), sort="user__full_name"),
        Column("name", _("Phone model")),
        Column(
            "version",
            _("Version of the app"),
            sort=True,
            render=lambda row: version_badge(row.version),
        ),
        Column("last_seen", _("Last contact"), sort=True),
        Column(
            "clock_offset",
            _("Clock ahead by seconds"),
            sort=True,
            number=True,
            render=lambda row: round(row.clock_offset),
        ),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("user")


def version_badge(held: str) -> object:
    """The version of a phone, green where it is the newest."""
    if held == version():
        return components.status(gettext("newest"), "green")
    return components.status(held or gettext("unknown"), "yellow")


class RulesPage(ListPage):
    """The versions of the rules, the one in force first."""

    model = PatrolRules
    permission_required = RULES
    title = _("Rules of field work")
    ordering = ("-version",)
    columns = (
        Column("version", _("Version"), number=True),
        Column("at", _("Valid from")),
        Column("by", _("Changed by")),
        Column("note", _("What was changed")),
        Column("interval", _("Interval in seconds"), number=True),
        Column("idle_minutes", _("Idle after minutes"), number=True),
        Column("out_metres", _("Metres tolerated outside"), number=True),
        Column("silent_minutes", _("Silent after minutes"), number=True),
        Column("keep_days", _("Tracks kept for days"), number=True),
    )

    def get_queryset(self):
        ruling.current()
        return super().get_queryset().select_related("by")

    def get_page_actions(self):
        url = reverse("patrol:rules-change")
        return [PageAction(_("Change the rules"), url, "edit", True)]


class RulesChange(FormPage):
    """Other rules, as a new version in force at once."""

    permission_required = RULES
    title = _("Change the rules")
    form_class = RulesForm
    success_url = "patrol:rules"
    success_message = _("The rules are in force for duties that begin from now on.")

    def get_initial(self):
        return ruling.values_of(ruling.current())

    def perform(self, form):
        values = dict(form.cleaned_data)
        note = values.pop("note")
        return ruling.change(by=user_of(self.request), values=values, note=note)

    def get_success_url(self, result):
        return reverse("patrol:rules")
