"""Lead inspectors: roll calls, messages, grids, logs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from municipal.command.models import DutyGrid
from municipal.command.patrol.enums import AnswerState
from municipal.command.patrol.models import (
    Attendance,
    RollAnswer,
    RollCall,
    WorkLog,
)
from municipal.command.patrol.services import attendance
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.notices import services as notices

from . import ruling
from .common import Place, inspectors, lock, metres_outside, require

LONGEST_LOG = 2000


@transaction.atomic
def start_roll_call(
    *,
    by: User,
    people: Iterable[User],
    minutes: int | None = None,
    note: str = "",
) -> RollCall:
    """Ask people on duty where they are; each is told on the phone."""
    require(by, "patrol.manage_team")
    asked = list(people)
    if not asked:
        raise DomainError(_("Nobody of them is on duty now."))
    call = RollCall.objects.create(
        started_by=by,
        minutes=minutes or ruling.current().answer_minutes,
        note=note.strip()[:200],
        started_at=now(),
    )
    RollAnswer.objects.bulk_create(
        RollAnswer(call=call, person=person) for person in asked
    )
    data = {"people": [person.pk for person in asked], "minutes": call.minutes}
    audit.record("roll_call.started", call, by=by, data=data)
    said = {"minutes": call.minutes}
    notices.notify(
        asked,
        kind="patrol.roll_call",
        title=_("Roll call: answer within %(minutes)s minutes") % said,
        body=call.note,
        link=reverse("phone:app"),
        level="urgent",
    )
    return call


@transaction.atomic
def answer_roll_call(
    *, by: User, call: UUID, at: datetime, place: Place | None = None
) -> RollAnswer:
    """Say where one is; the first answer counts, in time by when it was given."""
    rows = RollAnswer.objects.select_for_update(of=("self",)).select_related("call")
    row = rows.filter(call__uid=call, person=by).first()
    if row is None:
        raise DomainError(_("There is no such roll call for you."))
    if row.answered_at is not None:
        return row
    row.answered_at = max(at, row.call.started_at)
    in_time = row.answered_at <= row.call.until
    row.state = AnswerState.ANSWERED if in_time else AnswerState.LATE
    if place is not None:
        row.lon, row.lat = place.lon, place.lat
    duty = attendance.running(by) or Attendance(person=by)
    row.metres = metres_outside(duty, place)
    row.save()
    data = {"call": row.call_id, "in_time": in_time, "metres_outside": row.metres}
    audit.record("roll_call.answered", row, by=by, data=data)
    return row


def close_roll_calls() -> int:
    """Note who did not answer in time; a late answer still arrives."""
    count = 0
    for call in RollCall.objects.filter(closed_at=None):
        if call.until < now():
            with transaction.atomic():
                waiting = call.answers.filter(state=AnswerState.WAITING)
                missed = waiting.update(state=AnswerState.MISSED)
                call.closed_at = now()
                call.save(update_fields=["closed_at"])
                audit.record("roll_call.closed", call, data={"missed": missed})
            count += 1
    return count


@transaction.atomic
def send_message(
    *, by: User, people: Iterable[User], title: str, body: str = ""
) -> int:
    """Tell inspectors something; it appears on their phones."""
    require(by, "patrol.manage_team")
    told = list(people)
    count = notices.notify(
        told,
        kind="patrol.message",
        title=title,
        body=body,
        link=reverse("phone:app"),
    )
    data = {"people": [person.pk for person in told], "title": title, "body": body}
    audit.record("patrol.message_sent", by=by, data=data)
    return count


@transaction.atomic
def bind_grids(*, person: User, grids: Iterable[DutyGrid], by: User) -> list[DutyGrid]:
    """Say which duty grids an inspector patrols."""
    require(by, "patrol.manage_team")
    if not inspectors([person.pk]).exists():
        raise DomainError(_("This person is no inspector."))
    wanted: list[Any] = list(grids)
    former = list(person.duty_grids.values_list("code", flat=True))
    person.duty_grids.set(wanted)
    codes = [grid.code for grid in wanted]
    data = {"former": former, "grids": codes}
    audit.record("patrol.grids_bound", person, by=by, data=data)
    return wanted


@transaction.atomic
def write_log(*, by: User, text: str, at: datetime) -> WorkLog:
    """Write down something about the day."""
    require(by, "patrol.clock")
    lock(by)
    if not text.strip():
        problem = _("Write something.")
        raise DomainError(problem, fields={"text": problem})
    day = timezone.localtime(at).date()
    text = text.strip()[:LONGEST_LOG]
    known = WorkLog.objects.filter(person=by, written_at=at, text=text).first()
    if known is not None:
        return known
    log = WorkLog.objects.create(person=by, day=day, text=text, written_at=at)
    audit.record("patrol.log_written", log, by=by)
    return log
