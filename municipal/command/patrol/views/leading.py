"""Roll calls, messages to inspectors, work logs."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol import people
from municipal.command.patrol.enums import AnswerState, AttendanceState
from municipal.command.patrol.filters import LogFilter
from municipal.command.patrol.forms import LogForm, MessageForm, RollCallForm
from municipal.command.patrol.models import RollAnswer, RollCall, WorkLog
from municipal.command.patrol.models.scope import TEAM
from municipal.command.patrol.services import leading, ruling
from municipal.command.requests import user_of
from platform_core.accounts.models import UserQuerySet
from platform_core.common import clock
from platform_core.common.access import SIGNED_IN
from platform_core.geo import shapes
from platform_core.ui import components, words
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .people import MANAGE

ROOT = Crumb(_("Roll calls"), "/field-work/roll-calls/")
COLORS: dict[str, str] = {
    AnswerState.ANSWERED: "green",
    AnswerState.LATE: "yellow",
    AnswerState.MISSED: "red",
}


class PeoplePage(FormPage):
    """A form that chooses inspectors."""

    permission_required = MANAGE

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def team(self) -> UserQuerySet:
        """All inspectors whom the user leads."""
        return people.led_by(user_of(self.request))


class RollCallList(ListPage):
    """Roll calls with their results."""

    model = RollCall
    permission_required = TEAM
    title = _("Roll calls")
    ordering = ("-started_at",)
    empty_text = _("Call the roll to see who is where.")
    columns = (
        Column(
            "started_at",
            _("Started at"),
            sort=True,
            link=True,
            render=lambda row: words.stamp(row.started_at),
        ),
        Column("started_by", _("Started by")),
        Column("note", _("What is said with it")),
        Column("minutes", _("Minutes to answer"), number=True),
        Column("asked", _("Called"), sort=True, number=True),
        Column(
            "answered",
            pgettext_lazy("roll call", "Answered in time"),
            sort=True,
            number=True,
        ),
        Column(
            "late", pgettext_lazy("roll call", "Answered late"), sort=True, number=True
        ),
        Column(
            "missed", pgettext_lazy("roll call", "No answer"), sort=True, number=True
        ),
    )

    def get_queryset(self):
        def count(state: str) -> Count:
            return Count("answers", filter=Q(answers__state=state))

        rows = super().get_queryset().select_related("started_by")
        return rows.annotate(
            asked=Count("answers"),
            answered=count(AnswerState.ANSWERED),
            late=count(AnswerState.LATE),
            missed=count(AnswerState.MISSED),
        )

    def get_page_actions(self):
        url = reverse("patrol:roll-call-start")
        label = _("Call the roll")
        return [PageAction(label, url, "bell", True, permission=MANAGE)]


class RollCallStart(PeoplePage):
    """Ask who is on duty where they are."""

    title = submit_label = _("Call the roll")
    form_class = RollCallForm
    success_url = "patrol:roll-call-list"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.title)]

    def get_initial(self):
        return {"minutes": ruling.current().answer_minutes}

    def perform(self, form):
        values = dict(form.cleaned_data)
        chosen = values.pop("people")
        wanted = self.team().filter(duties__state=AttendanceState.ON)
        if chosen:
            wanted = wanted.filter(pk__in=[person.pk for person in chosen])
        return leading.start_roll_call(
            by=user_of(self.request), people=wanted, **values
        )

    def get_success_url(self, result):
        return result.get_absolute_url()


class RollCallPage(DetailPage):
    """Who answered, when and where."""

    model = RollCall
    permission_required = TEAM
    template_name = "patrol/roll_call.html"
    partial_name = "patrol/partials/_roll_call.html"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(str(self.object))]

    def get_summary(self):
        call = self.object
        return [
            (_("Started at"), call.started_at),
            (_("Started by"), call.started_by),
            (_("Answer until"), call.until),
            (_("What is said with it"), call.note),
        ]

    def get_context_data(self, **kwargs):
        rows = RollAnswer.objects.visible_to(user_of(self.request))
        answers = list(
            rows.filter(call=self.object)
            .select_related("person")
            .order_by("state", "person")
        )
        points = [
            shapes.feature(
                shapes.point(row.lon, row.lat),
                {"title": str(row.person), "level": COLORS.get(row.state, "grey")},
            )
            for row in answers
            if row.lon is not None and row.lat is not None
        ]
        rows_shown = [
            {
                "answer": row,
                "badge": components.status(
                    row.get_state_display(), COLORS.get(row.state, "grey")
                ),
            }
            for row in answers
        ]
        found = shapes.collection(points)
        return super().get_context_data(rows=rows_shown, points=found, **kwargs)


class MessagePage(PeoplePage):
    """Tell inspectors something."""

    title = _("Write to inspectors")
    submit_label = _("Send")
    form_class = MessageForm
    success_url = "patrol:inspector-list"

    def perform(self, form):
        values = dict(form.cleaned_data)
        chosen = values.pop("people") or self.team()
        return leading.send_message(by=user_of(self.request), people=chosen, **values)

    def get_success_url(self, result):
        text = gettext("%(count)s inspectors were told.") % {"count": result}
        messages.success(self.request, text)
        return reverse("patrol:inspector-list")


class LogList(ListPage):
    """Work logs: one's own, or those of the inspectors one leads."""

    model = WorkLog
    permission_required = SIGNED_IN
    title = _("Work logs")
    filterset_class = LogFilter
    search_fields = ("person__full_name", "text")
    ordering = ("-written_at", "-pk")
    empty_text = _("What inspectors write down appears here.")
    columns = (
        Column("day", _("Date"), sort=True),
        Column("person", _("Inspector"), sort="person__full_name"),
        Column("text", _("Text")),
        Column("written_at", _("Written at"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("person")

    def get_page_actions(self):
        url = reverse("patrol:log-write")
        label = _("Write a log")
        return [PageAction(label, url, "plus", True, permission="patrol.clock")]


class LogWrite(FormPage):
    """Write into one's log at a desk."""

    permission_required = "patrol.clock"
    title = _("Write a log")
    form_class = LogForm
    success_url = "patrol:log-list"

    def perform(self, form):
        return leading.write_log(
            by=user_of(self.request), at=clock.now(), **form.cleaned_data
        )

    def get_success_url(self, result):
        return reverse(self.success_url)
