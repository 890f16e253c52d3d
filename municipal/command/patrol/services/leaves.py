"""Ask for leave, decide on it; approved leave takes the place of the roster."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from municipal.command.patrol.enums import AttendanceState, LeaveKind, LeaveState
from municipal.command.patrol.models import Attendance, Leave, RosterEntry
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.notices import services as notices

from .common import leaders_of, lock, require

LONGEST = timedelta(days=180)
TAKEN = (LeaveState.ASKED, LeaveState.APPROVED)


@transaction.atomic
def ask(
    *, by: User, kind: str, from_day: date, to_day: date, reason: str, at: datetime
) -> Leave:
    """Ask to stay away; the leaders are told."""
    require(by, "patrol.clock")
    lock(by)
    _check(by, kind, from_day, to_day, reason)
    leave = Leave.objects.create(
        person=by,
        kind=kind,
        from_day=from_day,
        to_day=to_day,
        reason=reason.strip()[:300],
        asked_at=at,
    )
    audit.record("leave.asked", leave, by=by, data=_about(leave))
    notices.notify(
        leaders_of(by),
        kind="patrol.leave",
        title=_("%(person)s asks for leave") % {"person": by},
        body=f"{leave.get_kind_display()} {from_day} – {to_day} {leave.reason}",
        link=leave.get_absolute_url(),
    )
    return leave


def _check(by: User, kind: str, begin: date, end: date, reason: str) -> None:
    problems: dict[str, Any] = {}
    if kind not in LeaveKind.values:
        problems["kind"] = _("There is no such kind of leave.")
    if not reason.strip():
        problems["reason"] = _("Give a reason.")
    if end < begin or end - begin > LONGEST:
        problems["to_day"] = _("The end lies before the beginning, or too far off.")
    others = Leave.objects.filter(
        person=by, state__in=TAKEN, from_day__lte=end, to_day__gte=begin
    )
    if not problems and others.exists():
        problems["from_day"] = _("You asked for leave at that time already.")
    if problems:
        raise DomainError(_("This request cannot be taken."), fields=problems)


def _about(leave: Leave) -> dict[str, Any]:
    return {
        "kind": leave.kind,
        "from": leave.from_day,
        "to": leave.to_day,
        "reason": leave.reason,
    }


@transaction.atomic
def decide(*, leave: Leave, by: User, approved: bool, answer: str = "") -> Leave:
    """Approve or refuse; approved leave takes the shifts of its days away."""
    require(by, "patrol.manage_team")
    row = _open(leave)
    if row.person_id == by.pk:
        raise Forbidden(_("Nobody decides on the own leave."))
    if not approved and not answer.strip():
        text = _("Give a reason.")
        raise DomainError(text, fields={"answer": text})
    row.state = LeaveState.APPROVED if approved else LeaveState.REFUSED
    row.decided_at, row.decided_by, row.answer = now(), by, answer.strip()[:300]
    row.touch()
    row.save()
    freed = _free_roster(row) if approved else 0
    data = {**_about(row), "shifts": freed, "answer": row.answer}
    audit.record(f"leave.{row.state}", row, by=by, data=data)
    notices.notify(
        [row.person],
        kind="patrol.leave",
        title=f"{_('Leave')}: {row.get_state_display()}",
        body=f"{row.from_day} – {row.to_day} {row.answer}".strip(),
        link=reverse("phone:app"),
    )
    return row


@transaction.atomic
def withdraw(*, leave: Leave, by: User) -> Leave:
    """Take back a request that nobody has decided."""
    row = _open(leave)
    if row.person_id != by.pk:
        raise Forbidden(_("This is not your request."))
    row.state, row.decided_at = LeaveState.WITHDRAWN, now()
    row.touch()
    row.save()
    audit.record("leave.withdrawn", row, by=by)
    return row


def _open(leave: Leave) -> Leave:
    row = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if not row.is_open:
        raise Conflict(_("This request is decided already."), code="decided")
    return row


def _free_roster(leave: Leave) -> int:
    """Note the shifts of the leave as leave, and take them out of the roster."""
    within = {"person": leave.person, "day__gte": leave.from_day}
    within["day__lte"] = leave.to_day
    Attendance.objects.filter(**within, state=AttendanceState.ABSENT).update(
        state=AttendanceState.LEAVE, updated_at=now()
    )
    entries = RosterEntry.objects.filter(**within, attendance=None)
    rows = list(entries.select_related("shift"))
    Attendance.objects.bulk_create(
        Attendance(
            person=leave.person,
            day=entry.day,
            shift_name=entry.shift.name,
            duty_grid_id=entry.duty_grid_id,
            begins_at=entry.begins_at,
            ends_at=entry.ends_at,
            state=AttendanceState.LEAVE,
        )
        for entry in rows
    )
    RosterEntry.objects.filter(pk__in=[entry.pk for entry in rows]).delete()
    return len(rows)
