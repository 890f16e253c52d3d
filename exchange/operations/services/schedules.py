"""Pausing, resuming and starting regular tasks, and noting how they went."""

from datetime import timedelta
from time import monotonic
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from exchange.operations import timetable
from exchange.operations.models import Schedule
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

# A task that runs each second is noted this often; a failure always.
NOTE_EVERY = timedelta(seconds=10)

_begun: dict[str, float] = {}


def load() -> int:
    """A row for each regular task of the exchange; rows of lost ones go."""
    names = set(timetable.entries())
    Schedule.objects.exclude(name__in=names).delete()
    known = set(Schedule.objects.values_list("name", flat=True))
    new = [Schedule(name=name) for name in sorted(names - known)]
    Schedule.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def pause(*, schedule: Schedule, reason: str = "", by: Actor = None) -> Schedule:
    """Leave a task out until it is resumed."""
    return _set(schedule, True, reason, by)


@transaction.atomic
def resume(*, schedule: Schedule, by: Actor = None) -> Schedule:
    """Have a task run again."""
    return _set(schedule, False, "", by)


def _set(schedule: Schedule, paused: bool, reason: str, by: Actor) -> Schedule:
    row = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if row.paused == paused:
        return row
    row.paused, row.reason = paused, reason[:200]
    row.save(update_fields=["paused", "reason"])
    event = "exchange.schedule_paused" if paused else "exchange.schedule_resumed"
    audit.record(event, row, by=by, data={"name": row.name, "reason": reason})
    return row


def run_now(*, schedule: Schedule, by: Actor = None) -> None:
    """Put the task into the queue at once, paused or not."""
    entry = timetable.entries().get(schedule.name)
    if entry is None:
        raise DomainError(_("This platform has no such task any more."))
    audit.record("exchange.schedule_run", schedule, by=by)
    try:
        current_app.tasks[entry["task"]].delay()
    except OperationalError as error:
        text = _("The queue cannot be reached; try again later.")
        raise DomainError(text, code="busy") from error


# What Celery tells ------------------------------------------------------------------


def task_begins(task_id: str = "", task: Any = None, **_about: Any) -> None:
    """A task begins in this process."""
    if task is not None and task.name in timetable.entries():
        _begun[task_id] = monotonic()


def task_ended(
    task_id: str = "",
    task: Any = None,
    retval: object = None,
    state: str = "",
    **_about: Any,
) -> None:
    """A task has ended, well or not."""
    begun = _begun.pop(task_id, None)
    if begun is None or task is None:
        return
    took = int((monotonic() - begun) * 1000)
    error = "" if state == "SUCCESS" else f"{type(retval).__name__}: {retval}"
    note(task.name, took, error)


def note(name: str, milliseconds: int, error: str = "") -> None:
    """Keep how the last run went."""
    moment = now()
    facts: dict[str, Any] = {
        "started_at": moment - timedelta(milliseconds=milliseconds),
        "milliseconds": milliseconds,
        "ok": not error,
    }
    if error:
        facts |= {"error": error[:300], "failed_at": moment}
    rows = Schedule.objects.filter(name=name)
    row = rows.first()
    if row is None:
        Schedule.objects.bulk_create(
            [Schedule(name=name, **facts)], ignore_conflicts=True
        )
        return
    recent = row.started_at is not None and moment - row.started_at < NOTE_EVERY
    if not recent or error or row.ok is False:
        rows.update(**facts)
