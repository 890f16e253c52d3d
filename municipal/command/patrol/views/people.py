"""Inspectors: who is on duty, whose grids, the figures of a period."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol import people, selectors
from municipal.command.patrol.enums import AttendanceState
from municipal.command.patrol.forms import GridsForm
from municipal.command.patrol.models import Attendance, Leave, Mark
from municipal.command.patrol.models.scope import TEAM
from municipal.command.patrol.services import leading
from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.ui import charts, components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    ListPage,
    PageAction,
)

MANAGE = "patrol.manage_team"
ROOT = Crumb(_("Inspectors"), "/field-work/inspectors/")
MONTH = timedelta(days=30)
SHOWN_GRIDS = 2
ON = AttendanceState.ON


def kilometres(metres: int | None) -> str:
    """Metres as kilometres."""
    return f"{(metres or 0) / 1000:.1f} km"


def hours(minutes: int | None) -> str:
    """Minutes as hours."""
    return f"{(minutes or 0) / 60:.1f} h"


class LedMixin:
    """Takes inspectors only from those whom the user leads."""

    request: Any

    def get_queryset(self) -> Any:
        return people.led_by(user_of(self.request)).select_related("unit")


def presence(person: Any) -> object:
    """On duty, on leave or off duty, as a badge."""
    if person.on_duty:
        return components.status(gettext("On duty"), "green")
    if person.on_leave:
        return components.status(gettext("On leave"), "yellow")
    return components.status(gettext("Not on duty"), "grey")


def grid_names(person: Any) -> str:
    """The duty grids of an inspector by name."""
    return "，".join(grid.name for grid in person.duty_grids.all())


def some_grids(person: Any) -> str:
    """The first duty grids of an inspector, and how many there are."""
    names = [grid.name for grid in person.duty_grids.all()]
    more = f" … ({len(names)})" if len(names) > SHOWN_GRIDS else ""
    return "，".join(names[:SHOWN_GRIDS]) + more


class PresenceFilter(django_filters.FilterSet):
    """Who is on duty."""

    on_duty = django_filters.BooleanFilter(label=_("On duty"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()


class InspectorList(LedMixin, ListPage):
    """Inspectors with their grids, and who is on duty now."""

    model = User
    permission_required = TEAM
    title = _("Inspectors")
    filterset_class = PresenceFilter
    search_fields = ("full_name", "username", "phone", "duty_grids__name")
    search_hint = _("Name, number, grid")
    ordering = ("-on_duty", "full_name", "pk")
    empty_text = _("Nobody has the role of a field inspector yet.")
    live = 30
    columns = (
        Column(
            "full_name",
            _("Full name"),
            sort=True,
            link=lambda row: reverse("patrol:inspector", args=[row.pk]),
        ),
        Column("unit", _("Organisation"), sort="unit__name"),
        Column("phone", _("Phone")),
        Column("on_duty", _("State"), sort=True, render=presence, export=presence),
        Column("grids", _("Duty grids"), render=some_grids, export=grid_names),
        Column("last_at", _("Last position"), sort=True),
        Column("metres", _("Today"), render=lambda row: kilometres(row.metres)),
    )

    def get_queryset(self):
        running = Attendance.objects.filter(person=OuterRef("pk"), state=ON)
        today = clock.today()
        leave = Leave.objects.filter(
            person=OuterRef("pk"),
            state="approved",
            from_day__lte=today,
            to_day__gte=today,
        )
        mine = Attendance.objects.filter(person=OuterRef("pk"), day=today)
        walked = mine.order_by().values("person").annotate(sum=Sum("metres"))
        return (
            super()
            .get_queryset()
            .annotate(
                on_duty=Exists(running),
                on_leave=Exists(leave),
                last_at=Subquery(running.values("last_at")[:1]),
                metres=Subquery(walked.values("sum")[:1]),
            )
            .prefetch_related("duty_grids")
            .distinct()
        )

    def get_page_actions(self):
        return [
            PageAction(_("Live map"), reverse("patrol:live"), "map"),
            PageAction(
                _("Write to inspectors"),
                reverse("patrol:message"),
                "message",
                permission=MANAGE,
            ),
            PageAction(
                _("Call the roll"),
                reverse("patrol:roll-call-start"),
                "bell",
                primary=True,
                permission=MANAGE,
            ),
        ]


class InspectorPage(LedMixin, DetailPage):
    """An inspector: today's work, the last duties and marks."""

    model = User
    permission_required = TEAM
    template_name = "patrol/inspector.html"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(str(self.object))]

    def get_page_actions(self):
        key = self.object.pk
        today = clock.today().isoformat()
        return [
            PageAction(
                _("Bind duty grids"),
                reverse("patrol:grids", args=[key]),
                "grid",
                permission=MANAGE,
                dialog=True,
            ),
            PageAction(
                _("Track of today"),
                reverse("patrol:track", args=[key, today]),
                "map",
                primary=True,
            ),
        ]

    def get_summary(self):
        person = self.object
        return [
            (_("Organisation"), person.unit),
            (_("Phone"), person.phone),
            (_("Employee number"), person.employee_no),
            (_("Duty grids"), grid_names(person)),
        ]

    def get_context_data(self, **kwargs):
        person, since = self.object, clock.today() - MONTH
        marks = Mark.objects.select_related("duty")
        duties = (
            Attendance.objects.visible_to(self.request.user)
            .filter(person=person, day__gte=since)
            .select_related("duty_grid")
            .prefetch_related(Prefetch("marks", marks, to_attr="found"))
        )
        work = selectors.todays_work(person)
        return super().get_context_data(
            duties=list(duties[:40]), work=work_rows(work), **kwargs
        )


def work_rows(work: dict[str, int]) -> list[tuple[object, object]]:
    """Today's work in words."""
    return [
        (_("Reported today"), work["reports"]),
        (_("Verified today"), work["verified"]),
        (_("Checked today"), work["checked"]),
        (_("Tasks waiting"), work["waiting"]),
        (_("Walked today"), kilometres(work["metres"])),
        (_("Minutes outside"), work["outside_minutes"]),
        (_("Minutes idle"), work["idle_minutes"]),
    ]


class GridsPage(LedMixin, ActionPage):
    """Bind duty grids to an inspector."""

    model = User
    permission_required = MANAGE
    title = _("Bind duty grids")
    form_class = GridsForm

    def get_initial(self):
        return {"grids": list(self.object.duty_grids.values_list("pk", flat=True))}

    def perform(self, form):
        grids = form.cleaned_data["grids"]
        leading.bind_grids(person=self.object, grids=grids, by=user_of(self.request))

    def get_success_url(self, result):
        return reverse("patrol:inspector", args=[self.object.pk])

    def get_cancel_url(self):
        return self.get_success_url(None)


class PeriodFilter(django_filters.FilterSet):
    """The days that are counted."""

    since = django_filters.DateFilter(label=_("From day"), method="keep")
    until = django_filters.DateFilter(label=_("To day"), method="keep")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def keep(self, rows: Any, name: str, value: Any) -> Any:
        """The view has counted those days already."""
        return rows


def counted(label: Any, name: str, render: Any = None) -> Column:
    """A figure of the statistics."""
    return Column(name, label, sort=True, number=True, render=render)


class StatisticsPage(LedMixin, ListPage):
    """Attendance and tracks by inspector, over a period."""

    model = User
    permission_required = TEAM
    title = _("Attendance statistics")
    template_name = "patrol/statistics.html"
    filterset_class = PeriodFilter
    search_fields = ("full_name", "unit__name")
    ordering = ("full_name", "pk")
    columns = (
        Column(
            "full_name",
            _("Full name"),
            sort=True,
            link=lambda row: reverse("patrol:inspector", args=[row.pk]),
        ),
        Column("unit", _("Organisation"), sort="unit__name", default=False),
        counted(_("Days planned"), "planned"),
        counted(_("Days worked"), "worked"),
        counted(_("Hours worked"), "minutes", lambda row: hours(row.minutes)),
        counted(_("Late"), "late"),
        counted(_("Left early"), "early"),
        counted(_("Absent"), "absent"),
        counted(_("Days on leave"), "leave"),
        counted(_("Clock-out forgotten"), "forgotten"),
        counted(_("Minutes outside"), "outside", lambda row: (row.outside or 0) // 60),
        counted(_("Minutes idle"), "idle", lambda row: (row.idle or 0) // 60),
        counted(_("Distance walked"), "metres", lambda row: kilometres(row.metres)),
    )

    @property
    def period(self) -> tuple[Any, Any]:
        """The days of the address; the last thirty without any."""
        form = PeriodFilter(self.request.GET, queryset=User.objects.none()).form
        given = form.cleaned_data if form.is_valid() else {}
        until = given.get("until") or clock.today()
        return given.get("since") or until - MONTH, until

    def get_queryset(self):
        since, until = self.period
        within = Q(duties__day__gte=since, duties__day__lte=until)
        states = AttendanceState
        worked = within & Q(duties__state__in=(ON, states.DONE, states.FORGOTTEN))

        def count(**given: Any) -> Count:
            return Count("duties", filter=within & Q(**given))

        return (
            super()
            .get_queryset()
            .annotate(
                planned=Count("duties", filter=within & ~Q(duties__begins_at=None)),
                worked=Count("duties", filter=worked),
                late=count(duties__late_minutes__gt=0),
                early=count(duties__early_minutes__gt=0),
                absent=count(duties__state=states.ABSENT),
                leave=count(duties__state=states.LEAVE),
                forgotten=count(duties__state=states.FORGOTTEN),
                minutes=Sum("duties__worked_minutes", filter=within),
                outside=Sum("duties__outside_seconds", filter=within),
                idle=Sum("duties__idle_seconds", filter=within),
                metres=Sum("duties__metres", filter=within),
            )
        )

    def get_context_data(self, **kwargs):
        since, until = self.period
        rows = self.get_queryset().filter(Q(late__gt=0) | Q(absent__gt=0))
        worst = list(rows.order_by(F("absent").desc(), F("late").desc(), "pk")[:12])
        drawn = charts.bar(
            [str(row) for row in worst],
            {
                gettext("Late"): [row.late for row in worst],
                gettext("Left early"): [row.early for row in worst],
                gettext("Absent"): [row.absent for row in worst],
            },
            stack=True,
        )
        return super().get_context_data(
            since=since, until=until, drawn=drawn if worst else None, **kwargs
        )
