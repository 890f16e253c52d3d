"""Time limits of a case: the unit's clock and those of the other stages."""

from datetime import datetime

from django.utils import timezone

from platform_core.calendars import services as calendars
from platform_core.calendars.deadlines import Deadline
from platform_core.workflow.definition import Definition

from .models import Case

HANDLING = "handling"
RETURN_LIMIT = (2, "work_hour")
Pause = tuple[datetime, datetime | None]


def pauses(case: Case) -> list[Pause]:
    """The periods in which the unit's clock stood still."""
    return [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None)
        for begin, end in case.pauses
    ]


def start(case: Case, now: datetime) -> None:
    """Start the unit's clock anew."""
    case.clock_started_at = now
    case.extended_value = 0
    case.extension_asked = None
    case.pauses = []
    recompute(case)


def stop(case: Case) -> None:
    """Take the unit's clock away, with the unit."""
    case.clock_started_at = case.handling_deadline = None
    case.extension_asked = None
    case.extended_value = 0
    case.pauses = []


def pause(case: Case, now: datetime, until: datetime) -> None:
    """Let the unit's clock stand still until a moment at most."""
    case.pauses = [*case.pauses, [now.isoformat(), None]]
    case.paused_until = until


def resume(case: Case, now: datetime) -> None:
    """Let the unit's clock run on."""
    if case.pauses:
        case.pauses = [*case.pauses[:-1], [case.pauses[-1][0], now.isoformat()]]
    case.paused_until = None
    recompute(case)


def recompute(case: Case) -> None:
    """Set the handling deadline by start, limit, extensions and pauses."""
    found = handling_deadline(case)
    case.handling_deadline = found.at if found else None


def handling_deadline(case: Case) -> Deadline | None:
    """The unit's deadline with its derivation."""
    if case.clock_started_at is None or case.limit_value is None:
        return None
    return calendars.deadline(
        case.clock_started_at,
        case.limit_value + case.extended_value,
        case.limit_unit,
        pauses=pauses(case),
    )


def stage_deadline(
    case: Case, definition: Definition, *, since: datetime
) -> Deadline | None:
    """The deadline of the stage the case is in, with its derivation."""
    state = definition.by_code[case.state]
    if state.clock == HANDLING:
        return handling_deadline(case)
    limit = definition.limit(case.state)
    if limit is None:
        return None
    return calendars.deadline(since, limit.value, limit.unit)


def enter_stage(case: Case, definition: Definition, now: datetime) -> None:
    """Give the stage just entered its deadline and warning."""
    found = stage_deadline(case, definition, since=now)
    if found is None:
        case.set_deadline(now, None)
    elif definition.by_code[case.state].clock == HANDLING:
        case.set_deadline(case.clock_started_at or now, found.at)
    else:
        case.set_deadline(now, found.at)


def is_late_to_return(case: Case, now: datetime) -> bool:
    """Whether the time for saying "not ours" is over."""
    if case.dispatched_at is None:
        return False
    value, unit = RETURN_LIMIT
    return now > calendars.deadline(case.dispatched_at, value, unit).at


def local(moment: datetime) -> datetime:
    """A moment on the clocks of the city."""
    return timezone.localtime(moment)
