"""Clock in and out, be absent, have it corrected.

A duty belongs to an entry of the roster where one fits, and stands by itself
otherwise. The first clock-in and the last clock-out of an entry count.
"""

import math
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from municipal.command.patrol.enums import WORKED, AttendanceState
from municipal.command.patrol.models import Attendance, PatrolRules, RosterEntry
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import ruling, tracks
from .common import Place, lock, metres_outside, require

LONGEST = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
ON = AttendanceState.ON


def planned(person: User, at: datetime, rules: PatrolRules) -> RosterEntry | None:
    """The entry of the roster that a clock-in at a moment belongs to."""
    early = timedelta(minutes=rules.open_minutes)
    rows = RosterEntry.objects.filter(
        person=person, begins_at__lte=at + early, ends_at__gt=at
    ).select_related("shift")
    return min(rows, key=lambda row: abs(row.begins_at - at), default=None)


@transaction.atomic
def clock_in(
    *, by: User, at: datetime, place: Place | None = None, clock_wrong: bool = False
) -> Attendance:
    """Begin a duty; again within the same entry of the roster changes nothing."""
    require(by, "patrol.clock")
    lock(by)
    rules = ruling.current()
    entry = planned(by, at, rules)
    running = Attendance.objects.filter(person=by, state=ON).first()
    if running and _same(running, entry, at):
        return running
    if running:
        _leave_behind(running, at)
    row = _row_for(by, entry, at)
    reopened = row.clock_in_at is not None
    if not reopened:
        row.clock_in_at, row.clock_wrong, row.rules = at, clock_wrong, rules
        row.in_lon, row.in_lat = (place.lon, place.lat) if place else (None, None)
        row.in_metres = metres_outside(row, place)
    row.state, row.clock_out_at, row.out_metres = ON, None, None
    row.early_minutes, row.late_minutes = 0, _late(row)
    row.touch()
    row.save()
    data = {"at": at, "metres_outside": row.in_metres, "again": reopened}
    audit.record("attendance.clocked_in", row, by=by, data=data)
    return row


def _same(running: Attendance, entry: RosterEntry | None, at: datetime) -> bool:
    """Whether a clock-in repeats that of the running duty."""
    if running.clock_in_at == at:
        return True
    if running.ends_at is not None and at >= running.ends_at and entry is None:
        return False
    return running.roster_id == (entry.pk if entry else None) and (
        entry is not None or running.day == timezone.localtime(at).date()
    )


def _leave_behind(running: Attendance, at: datetime) -> None:
    """Close a duty that somebody forgot, because the next one begins."""
    if running.clock_in_at and running.clock_in_at > at:
        raise Conflict(_("A later duty has begun already."), code="later_duty")
    close_forgotten(running)


def _row_for(by: User, entry: RosterEntry | None, at: datetime) -> Attendance:
    if entry is None:
        return Attendance(person=by, day=timezone.localtime(at).date())
    known = Attendance.objects.filter(roster=entry).first()
    return known or Attendance(
        person=by,
        roster=entry,
        day=entry.day,
        shift_name=entry.shift.name,
        duty_grid_id=entry.duty_grid_id,
        begins_at=entry.begins_at,
        ends_at=entry.ends_at,
        is_sample=entry.is_sample,
    )


def _late(row: Attendance) -> int:
    """Minutes after the beginning, none within the tolerance."""
    if row.begins_at is None or row.clock_in_at is None or row.rules is None:
        return 0
    late = row.clock_in_at - row.begins_at
    if late <= row.rules.late_minutes * MINUTE:
        return 0
    return math.ceil(late / MINUTE)


def _early(row: Attendance) -> int:
    """Minutes before the end, none within the tolerance."""
    if row.ends_at is None or row.clock_out_at is None or row.rules is None:
        return 0
    early = row.ends_at - row.clock_out_at
    if early <= row.rules.early_minutes * MINUTE:
        return 0
    return math.ceil(early / MINUTE)


def _worked(row: Attendance) -> int:
    until = row.until
    if until is None or row.clock_in_at is None:
        return 0
    return max(0, math.floor((until - row.clock_in_at) / MINUTE))


@transaction.atomic
def clock_out(*, by: User, at: datetime, place: Place | None = None) -> Attendance:
    """End the duty that began last before that moment."""
    require(by, "patrol.clock")
    lock(by)
    row = (
        Attendance.objects.filter(person=by, clock_in_at__lte=at, state__in=WORKED)
        .select_related("rules")
        .order_by("-clock_in_at")
        .first()
    )
    if row is None or at - (row.clock_in_at or at) > timedelta(days=2):
        raise DomainError(_("You have not clocked in."), code="not_on_duty")
    if row.clock_out_at is not None and row.clock_out_at >= at:
        return row
    row.clock_out_at, row.state = at, AttendanceState.DONE
    row.out_lon, row.out_lat = (place.lon, place.lat) if place else (None, None)
    row.out_metres = metres_outside(row, place)
    row.early_minutes, row.worked_minutes = _early(row), _worked(row)
    row.touch()
    row.save()
    data = {"at": at, "metres_outside": row.out_metres}
    audit.record("attendance.clocked_out", row, by=by, data=data)
    tracks.judge(row)
    return row


@transaction.atomic
def close_forgotten(duty: Attendance) -> None:
    """End a duty without a clock-out where its last position was."""
    duty.state = AttendanceState.FORGOTTEN
    duty.worked_minutes = _worked(duty)
    duty.touch()
    duty.save()
    audit.record("attendance.forgotten", duty)
    tracks.judge(duty)


def overdue_at(duty: Attendance) -> datetime:
    """When a duty without a clock-out is closed."""
    rules = duty.rules or ruling.current()
    if duty.ends_at is not None:
        return duty.ends_at + rules.forget_minutes * MINUTE
    begun: datetime = duty.clock_in_at or duty.created_at
    return begun + LONGEST


def sweep() -> int:
    """Close what was forgotten, note who was absent, look for silent phones."""
    count, moment = 0, now()
    running = Attendance.objects.filter(state=ON).select_related("rules", "person")
    for duty in running:
        if overdue_at(duty) < moment:
            close_forgotten(duty)
            count += 1
        else:
            tracks.judge(duty)
    return count + _note_absent(moment)


@transaction.atomic
def _note_absent(moment: datetime) -> int:
    """Entries of the roster that are over and for which nobody came."""
    rows = RosterEntry.objects.filter(
        ends_at__lt=moment,
        ends_at__gt=moment - timedelta(days=31),
        attendance=None,
    ).select_related("shift")
    made = [
        Attendance(
            person_id=entry.person_id,
            roster=entry,
            day=entry.day,
            shift_name=entry.shift.name,
            duty_grid_id=entry.duty_grid_id,
            begins_at=entry.begins_at,
            ends_at=entry.ends_at,
            state=AttendanceState.ABSENT,
            is_sample=entry.is_sample,
        )
        for entry in rows
    ]
    Attendance.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def correct(
    *,
    attendance: Attendance,
    by: User,
    reason: str,
    clock_in_at: datetime | None,
    clock_out_at: datetime | None,
) -> Attendance:
    """Say when somebody really came and went; the former times are in the log."""
    require(by, "patrol.manage_team")
    row = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)
    _check_correction(row, reason, clock_in_at, clock_out_at)
    former: dict[str, Any] = {"in": row.clock_in_at, "out": row.clock_out_at}
    former["state"] = row.state
    row.rules = row.rules or ruling.current()
    row.clock_in_at, row.clock_out_at = clock_in_at, clock_out_at
    row.state = _state(row)
    row.late_minutes, row.early_minutes = _late(row), _early(row)
    row.worked_minutes = _worked(row)
    row.correction, row.corrected_by, row.corrected_at = reason, by, now()
    row.touch()
    row.save()
    data = {"former": former, "in": clock_in_at, "out": clock_out_at, "why": reason}
    audit.record("attendance.corrected", row, by=by, data=data)
    tracks.judge(row)
    return row


def _state(row: Attendance) -> str:
    if row.clock_in_at is None:
        return AttendanceState.ABSENT
    if row.clock_out_at is not None:
        return AttendanceState.DONE
    over = overdue_at(row) < now()
    return AttendanceState.FORGOTTEN if over else AttendanceState.ON


def _check_correction(
    row: Attendance, reason: str, begin: datetime | None, end: datetime | None
) -> None:
    problems = {}
    if not reason.strip():
        problems["reason"] = _("Give a reason.")
    if end is not None and (begin is None or end <= begin):
        problems["clock_out_at"] = _("The end lies before the beginning.")
    if max(filter(None, (begin, end)), default=now()) > now():
        problems["clock_in_at"] = _("This lies in the future.")
    others = Attendance.objects.filter(person=row.person, state=ON).exclude(pk=row.pk)
    if begin and end is None and others.exists():
        problems["clock_out_at"] = _("Another duty of this person is running.")
    if problems:
        raise DomainError(_("This cannot be kept."), fields=problems)


def running(person: User) -> Attendance | None:
    """The duty somebody is on."""
    return Attendance.objects.filter(Q(person=person, state=ON)).first()
