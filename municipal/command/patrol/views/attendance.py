"""Attendance and leave: lists, corrections, decisions."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol.enums import AttendanceState, LeaveState
from municipal.command.patrol.filters import AttendanceFilter, LeaveFilter
from municipal.command.patrol.forms import (
    AnswerForm,
    CorrectionForm,
    LeaveForm,
    RefusalForm,
)
from municipal.command.patrol.models import Attendance, Leave, Mark
from municipal.command.patrol.services import attendance, leaves
from municipal.command.requests import user_of
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.access import SIGNED_IN
from platform_core.ui import components
from platform_core.ui.columns import Column, show
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)
from platform_core.ui.words import stamp

from .people import MANAGE, hours, kilometres

ROOT = Crumb(_("Attendance"), "/field-work/attendance/")
LEAVES = Crumb(_("Leave"), "/field-work/leave/")
COLORS = {
    AttendanceState.ON: "green",
    AttendanceState.DONE: "grey",
    AttendanceState.FORGOTTEN: "yellow",
    AttendanceState.ABSENT: "red",
    AttendanceState.LEAVE: "blue",
}
LEAVE_COLORS = {
    LeaveState.ASKED: "yellow",
    LeaveState.APPROVED: "green",
    LeaveState.REFUSED: "red",
}


def state_badge(row: Attendance) -> object:
    """How a duty stands, as a badge."""
    color = COLORS.get(AttendanceState(row.state), "grey")
    return components.status(row.get_state_display(), color)


def leave_badge(row: Leave) -> object:
    """How a request stands, as a badge."""
    color = LEAVE_COLORS.get(LeaveState(row.state), "grey")
    return components.status(row.get_state_display(), color)


def clock_text(moment: Any) -> str:
    """A time of the day, a dash where there is none."""
    return f"{localtime(moment):%H:%M}" if moment else "–"


def place_text(metres: float | None, moment: Any) -> str:
    """Where somebody clocked in or out."""
    if moment is None:
        return ""
    if metres is None:
        return gettext("place unknown")
    return (
        gettext("in the area")
        if metres == 0
        else f"{gettext('outside by')} {metres:.0f} m"
    )


def faults(row: Attendance) -> str:
    """What was not as planned, in words."""
    found = []
    if row.late_minutes:
        found.append(gettext("{minutes} minutes late").format(minutes=row.late_minutes))
    if row.early_minutes:
        said = gettext("{minutes} minutes early")
        found.append(said.format(minutes=row.early_minutes))
    if row.in_metres:
        found.append(place_text(row.in_metres, row.clock_in_at))
    if row.clock_wrong:
        found.append(gettext("clock of the phone wrong"))
    return "，".join(found)


class AttendanceList(ListPage):
    """Duties: one's own, or those of the inspectors one leads."""

    model = Attendance
    permission_required = SIGNED_IN
    title = _("Attendance")
    filterset_class = AttendanceFilter
    search_fields = ("person__full_name", "person__username", "shift_name")
    search_hint = _("Name, shift")
    ordering = ("-day", "-begins_at", "-pk")
    empty_text = _("Duties appear here as soon as somebody clocks in.")
    columns = (
        Column("day", _("Date"), sort=True, link=True),
        Column("person", _("Inspector"), sort="person__full_name"),
        Column("shift_name", _("Shift"), sort=True),
        Column("state", _("State"), sort=True, render=state_badge),
        Column(
            "clock_in_at",
            _("Clocked in at"),
            sort=True,
            render=lambda row: clock_text(row.clock_in_at),
        ),
        Column(
            "clock_out_at",
            _("Clocked out at"),
            sort=True,
            render=lambda row: clock_text(row.clock_out_at),
        ),
        Column("faults", _("Not as planned"), render=faults, export=faults),
        Column(
            "worked_minutes",
            _("Hours worked"),
            sort=True,
            number=True,
            render=lambda row: hours(row.worked_minutes),
        ),
        Column(
            "metres",
            _("Distance walked"),
            sort=True,
            number=True,
            render=lambda row: kilometres(row.metres),
        ),
        Column("late_minutes", _("Minutes late"), number=True, default=False),
        Column("early_minutes", _("Minutes early"), number=True, default=False),
        Column("outside_seconds", _("Seconds outside"), number=True, default=False),
        Column("idle_seconds", _("Seconds idle"), number=True, default=False),
        Column("correction", _("Reason of the correction"), default=False),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("person__unit")

    def on_export(self, form):
        audit.record(
            "attendance.exported", by=user_of(self.request), data={"form": form}
        )


class AttendanceDetail(DetailPage):
    """A duty: times, places, marks."""

    model = Attendance
    permission_required = SIGNED_IN
    template_name = "patrol/attendance.html"

    def get_queryset(self):
        marks = Mark.objects.select_related("excused_by").order_by("begins_at")
        rows = super().get_queryset().select_related("person", "duty_grid", "roster")
        return rows.select_related("corrected_by").prefetch_related(
            Prefetch("marks", marks, to_attr="found")
        )

    def get_breadcrumbs(self):
        return [ROOT, Crumb(str(self.object))]

    def get_page_actions(self):
        row = self.object
        track = reverse("patrol:track", args=[row.person_id, row.day.isoformat()])
        return [
            PageAction(
                _("Correct"),
                reverse("patrol:attendance-correct", args=[row.pk]),
                "edit",
                permission=MANAGE,
                dialog=True,
            ),
            PageAction(_("Track"), track, "map", primary=True),
        ]

    def get_summary(self):
        row = self.object
        begins, ends = stamp_of(row.begins_at), stamp_of(row.ends_at)
        came = place_text(row.in_metres, row.clock_in_at)
        left = place_text(row.out_metres, row.clock_out_at)
        found = [
            (_("Inspector"), row.person),
            (_("Shift"), f"{row.shift_name} {begins} – {ends}"),
            (_("Duty grid"), row.duty_grid),
            (_("State"), state_badge(row)),
            (_("Clocked in at"), f"{stamp_of(row.clock_in_at)} {came}"),
            (_("Clocked out at"), f"{stamp_of(row.clock_out_at)} {left}"),
            (_("Not as planned"), faults(row)),
            (_("Hours worked"), hours(row.worked_minutes)),
            (_("Distance walked"), f"{kilometres(row.metres)} · {row.positions}"),
            (_("Minutes outside"), row.outside_seconds // 60),
            (_("Minutes idle"), row.idle_seconds // 60),
            (_("Minutes without a signal"), row.silent_seconds // 60),
        ]
        if row.correction:
            said = (
                f"{row.correction}（{row.corrected_by} {stamp_of(row.corrected_at)}）"
            )
            found.append((_("Correction"), said))
        return found


def stamp_of(moment: Any) -> str:
    """A moment in words, a dash where there is none."""
    return stamp(moment) if moment else "–"


class CorrectPage(ActionPage):
    """Say when somebody really came and went."""

    model = Attendance
    permission_required = MANAGE
    title = _("Correct the attendance")
    form_class = CorrectionForm

    def get_initial(self):
        row = self.object
        return {"clock_in_at": row.clock_in_at, "clock_out_at": row.clock_out_at}

    def perform(self, form):
        return attendance.correct(
            attendance=self.object, by=user_of(self.request), **form.cleaned_data
        )


class LeaveList(ListPage):
    """Requests for leave: one's own, or those to decide on."""

    model = Leave
    permission_required = SIGNED_IN
    title = _("Leave")
    filterset_class = LeaveFilter
    search_fields = ("person__full_name", "reason")
    ordering = ("-asked_at", "-pk")
    empty_text = _("Requests for leave appear here.")
    columns = (
        Column("person", _("Inspector"), sort="person__full_name", link=True),
        Column("kind", _("Kind of leave"), sort=True),
        Column("from_day", _("First day"), sort=True),
        Column("to_day", _("Last day"), sort=True),
        Column("reason", _("Reason")),
        Column("state", _("State"), sort=True, render=leave_badge),
        Column("asked_at", _("Asked at"), sort=True),
        Column("decided_by", _("Decided by")),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("person", "decided_by")

    def get_page_actions(self):
        url = reverse("patrol:leave-ask")
        return [
            PageAction(_("Ask for leave"), url, "plus", True, permission="patrol.clock")
        ]


class LeaveDetail(DetailPage):
    """A request, and what is to be done with it."""

    model = Leave
    permission_required = SIGNED_IN

    def get_queryset(self):
        return super().get_queryset().select_related("person", "decided_by")

    def get_breadcrumbs(self):
        return [LEAVES, Crumb(str(self.object))]

    def get_actions(self):
        row, user = self.object, user_of(self.request)
        leads = user.has_perm(MANAGE) and row.person_id != user.pk
        own = row.person_id == user.pk
        actions = []
        if leads:
            actions = [
                (_("Approve"), "leave-approve"),
                (_("Do not approve"), "leave-refuse"),
            ]
        if own:
            actions.append((_("Withdraw"), "leave-withdraw"))
        return [
            {
                "name": name,
                "allowed": row.is_open,
                "why": _("decided already"),
                "url": reverse(f"patrol:{url}", args=[row.pk]),
            }
            for name, url in actions
        ]

    def get_summary(self):
        row = self.object
        return [
            (_("Inspector"), row.person),
            (_("Kind of leave"), row.get_kind_display()),
            (_("First day"), row.from_day),
            (_("Last day"), row.to_day),
            (_("Reason"), row.reason),
            (_("State"), leave_badge(row)),
            (_("Asked at"), show(row.asked_at)),
            (_("Decided by"), row.decided_by),
            (_("Decided at"), show(row.decided_at)),
            (_("Answer"), row.answer),
        ]


class LeaveAsk(FormPage):
    """Ask for leave at a desk."""

    permission_required = "patrol.clock"
    title = _("Ask for leave")
    form_class = LeaveForm
    success_url = "patrol:leave-list"

    def get_breadcrumbs(self):
        return [LEAVES, Crumb(self.title)]

    def perform(self, form):
        return leaves.ask(by=user_of(self.request), at=clock.now(), **form.cleaned_data)


class DecidePage(ActionPage):
    """Decide on a request."""

    model = Leave
    permission_required = MANAGE
    approved = False

    def perform(self, form):
        return leaves.decide(
            leave=self.object,
            by=user_of(self.request),
            approved=self.approved,
            **form.cleaned_data,
        )


class LeaveApprove(DecidePage):
    """Approve a request."""

    title = _("Approve")
    submit_label = title
    form_class = AnswerForm
    lead = _("The shifts of these days are taken out of the roster.")
    approved = True


class LeaveRefuse(DecidePage):
    """Refuse a request, with the reason."""

    title = _("Do not approve")
    submit_label = title
    form_class = RefusalForm
    submit_level = "danger"


class LeaveWithdraw(ActionPage):
    """Take back one's own request."""

    model = Leave
    permission_required = SIGNED_IN
    title = _("Withdraw")

    def perform(self, form):
        return leaves.withdraw(leave=self.object, by=user_of(self.request))
