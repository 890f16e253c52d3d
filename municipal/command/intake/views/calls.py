"""Calls: list, page, note, statistics, numbers that are turned away."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.intake import selectors, services
from municipal.command.intake.enums import CallState
from municipal.command.intake.filters import CallFilter
from municipal.command.intake.forms import BlockForm, NoteForm
from municipal.command.intake.models import BlockedNumber, Call
from municipal.command.requests import user_of
from platform_core.common import clock
from platform_core.ui import charts, components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    ListPage,
    PageAction,
    PlainPage,
)

from .common import AddPage, ReceptionMixin, RemovePage
from .desk import VIEW

COLORS = {
    CallState.RINGING: "yellow",
    CallState.TALKING: "blue",
    CallState.ENDED: "green",
    CallState.MISSED: "red",
    CallState.BLOCKED: "grey",
}
CALLS = (_("Calls"), "intake:calls")
BLOCKED = (_("Blocked numbers"), "intake:blocked")
WEEK = timedelta(days=6)
BLOCKING = "intake.add_blockednumber"


def badge(call: Call) -> object:
    """The state of a call in its colour."""
    return components.status(call.get_state_display(), COLORS[CallState(call.state)])


class CallList(ReceptionMixin, ListPage):
    """Calls of one's own seat, or of all."""

    model = Call
    permission_required = VIEW
    title = _("Calls")
    filterset_class = CallFilter
    search_fields = ("caller__startswith", "case__number__startswith", "note")
    search_hint = _("Number, case, note")
    empty_text = _("Calls that the switchboard reports appear here.")
    columns = (
        Column("rang_at", _("Rang at"), sort=True, link=True),
        Column("caller", _("Caller")),
        Column("direction", _("Direction")),
        Column("state", _("State"), render=badge),
        Column("line.name", _("Line")),
        Column("seat.code", _("Seat")),
        Column("by", _("Operator")),
        Column("waited", _("Waited")),
        Column("talked", _("Talked")),
        Column("outcome", _("Outcome")),
        Column("case.number", _("Case number")),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("line", "seat", "by", "case")


class CallPage(ReceptionMixin, DetailPage):
    """One call, its recording, what it was about."""

    model = Call
    lookup = "uid"
    permission_required = VIEW
    template_name = "intake/call.html"
    above = CALLS
    title = _("Call")

    def get_title(self):
        return str(self.object)

    def get_page_actions(self) -> list[PageAction]:
        uid = self.object.uid
        register = reverse("intake:call-report", args=[uid])
        note = reverse("intake:call-note", args=[uid])
        found = [PageAction(_("Note what it was about"), note, "edit", dialog=True)]
        if self.object.case_id is None:
            label = _("Register a report")
            permission = "command.report_case"
            found.append(PageAction(label, register, "plus", True, permission))
        return found

    def get_summary(self) -> list[tuple[Any, Any]]:
        call = self.object
        return [
            (_("State"), badge(call)),
            (_("Caller"), call.caller),
            (_("Line"), call.line),
            (_("Seat"), call.seat),
            (_("Operator"), call.by),
            (_("Rang at"), call.rang_at),
            (_("Waited"), call.waited),
            (_("Talked"), call.talked),
            (_("Put through to"), call.transferred_to),
            (_("Outcome"), call.get_outcome_display() if call.outcome else None),
            (_("Note"), call.note),
        ]


class NotePage(ReceptionMixin, ActionPage):
    """Say what a call was about."""

    model = Call
    lookup = "uid"
    permission_required = VIEW
    form_class = NoteForm
    title = _("Note what it was about")
    above = CALLS

    def get_initial(self):
        call = self.object
        number = call.case.number if call.case else ""
        known = {"outcome": call.outcome, "note": call.note, "case_number": number}
        return {**known, **super().get_initial()}

    def perform(self, form):
        given = form.cleaned_data
        return services.note_call(
            call=self.object,
            by=user_of(self.request),
            outcome=given["outcome"],
            note=given["note"],
            case=given["case_number"],
        )


class BlockedList(ReceptionMixin, ListPage):
    """Callers who are turned away."""

    model = BlockedNumber
    permission_required = VIEW
    title = _("Blocked numbers")
    search_fields = ("number__startswith", "reason")
    empty_text = _("Numbers whose calls are turned away appear here.")
    columns = (
        Column("number", _("Telephone number"), sort=True),
        Column("reason", _("Reason")),
        Column("until", _("Until"), sort=True),
        Column("updated_at", _("Last changed"), sort=True),
        Column(
            "remove",
            "",
            render=lambda row: format_html(
                '<a href="{}">{}</a>',
                reverse("intake:unblock", args=[row.pk]),
                _("Let through"),
            ),
            export=lambda row: "",
        ),
    )

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("intake:block")
        return [PageAction(_("Block a number"), url, "plus", True, BLOCKING)]


class BlockPage(AddPage):
    """Turn a caller away."""

    permission_required = BLOCKING
    form_class = BlockForm
    title = _("Block a number")
    above = BLOCKED

    def perform(self, form):
        return services.block(by=user_of(self.request), **form.cleaned_data)


class UnblockPage(RemovePage):
    """Let a caller through again."""

    model = BlockedNumber
    permission_required = BLOCKING
    title = _("Let through")
    above = BLOCKED


class StatisticsPage(ReceptionMixin, PlainPage):
    """How the reception did in a run of days."""

    permission_required = "intake.view_all_calls"
    template_name = "intake/statistics.html"
    title = _("Call statistics")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = parse_date(self.request.GET.get("last", "")) or clock.today()
        first = parse_date(self.request.GET.get("first", "")) or last - WEEK
        seen = Call.objects.visible_to(user_of(self.request))
        calls = seen.filter(rang_at__range=selectors.span(first, last))
        hours = [f"{hour:02d}" for hour in range(24)]
        counts = {str(_("Calls")): selectors.by_hour(calls)}
        return super().get_context_data(
            first=first,
            last=last,
            figures=selectors.figures(calls),
            operators=selectors.by_operator(calls),
            hours=charts.bar(hours, counts),
            **kwargs,
        )
