"""Time limits of a case: the unit's clock and those of the other stages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from platform_core.calendars import services as calendars
from platform_core.calendars.deadlines import Deadline
from platform_core.workflow.definition import Definition, Escalation

from . import rules
from .models import Case

HANDLING, SIGN = "handling", "sign"
Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Clock:
    """A time limit that runs: since when, how long, without which pauses."""

    name: str
    start: datetime
    value: float
    unit: str
    pauses: tuple[Pause, ...] = ()

    def deadline(self, share: float = 1) -> Deadline:
        """The moment by which a share of the limit is used up."""
        return calendars.deadline(
            self.start, self.value * share, self.unit, pauses=self.pauses
        )

    def used(self, now: datetime) -> float:
        """The share of the limit that is used up."""
        passed = calendars.elapsed(self.start, now, self.unit, pauses=self.pauses)
        return passed / self.value


# The unit's clock -------------------------------------------------------------


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


def go_on(case: Case, now: datetime, *, since: datetime | None = None) -> None:
    """Let the unit's clock run on; the time since its result does not count."""
    if case.clock_started_at is None:
        start(case, now)
        return
    if since is not None:
        case.pauses = [*case.pauses, [since.isoformat(), now.isoformat()]]
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
    """Let the unit's clock run on; never later than the pause was granted for."""
    end = min(now, case.paused_until) if case.paused_until else now
    if case.pauses:
        case.pauses = [*case.pauses[:-1], [case.pauses[-1][0], end.isoformat()]]
    case.paused_until = None
    recompute(case)


def recompute(case: Case) -> None:
    """Set the handling deadline by start, limit, extensions and pauses."""
    found = unit_clock(case)
    case.handling_deadline = found.deadline().at if found else None


def unit_clock(case: Case) -> Clock | None:
    """The clock of the unit that handles the case, extensions included."""
    if case.clock_started_at is None or case.limit_value is None:
        return None
    return Clock(
        HANDLING,
        case.clock_started_at,
        case.limit_value + case.extended_value,
        case.limit_unit,
        tuple(pauses(case)),
    )


# The clocks of a stage --------------------------------------------------------


def stage_clock(case: Case, definition: Definition) -> Clock | None:
    """The clock that the light of the present stage goes by."""
    return _clock(case, definition, definition.by_code[case.state].clock)


def side_clock(case: Case, definition: Definition) -> Clock | None:
    """The second clock of the present stage, such as the time for signing."""
    return _clock(case, definition, definition.by_code[case.state].also)


def _clock(case: Case, definition: Definition, name: str) -> Clock | None:
    if name == HANDLING:
        return unit_clock(case)
    limit = definition.clocks.get(name)
    if limit is None:
        return None
    return Clock(name, case.state_since, limit.value, limit.unit)


def running(case: Case, definition: Definition) -> Iterator[Clock]:
    """All clocks that run in the present stage."""
    for found in (stage_clock(case, definition), side_clock(case, definition)):
        if found is not None:
            yield found


def enter_stage(case: Case, definition: Definition) -> None:
    """Give the present stage its deadlines, its lights and its next warning."""
    main, side = stage_clock(case, definition), side_clock(case, definition)
    case.deadline = case.warn_at = case.red_at = None
    if main is not None:
        known = rules.current()
        case.deadline = main.deadline().at
        case.warn_at = main.deadline(known.yellow_from).at
        whole = known.red_from == 1
        case.red_at = case.deadline if whole else main.deadline(known.red_from).at
    case.sign_deadline = side.deadline().at if side and side.name == SIGN else None
    case.next_alert_at = min((at for *_, at in alerts(case, definition)), default=None)


def alerts(
    case: Case, definition: Definition
) -> Iterator[tuple[Clock, Escalation, datetime]]:
    """When whom is to be told about the clocks that run now."""
    if not definition.escalations:
        return
    for found in running(case, definition):
        for item in definition.escalations:
            if item.clock == found.name:
                yield found, item, found.deadline(item.share).at


def measure(case: Case, definition: Definition, now: datetime) -> dict[str, Any]:
    """How the stage that ends now kept its limits, for the record of the step."""
    found: dict[str, Any] = {}
    main = stage_clock(case, definition)
    if main is not None:
        found |= {
            "clock": main.name,
            "due": case.deadline.isoformat() if case.deadline else "",
            "used": round(main.used(now), 4),
            "late": bool(case.deadline and now > case.deadline),
        }
    if case.sign_deadline is not None:
        found["sign_late"] = now > case.sign_deadline
    return found


def is_late_to_return(case: Case, now: datetime) -> bool:
    """Whether the time for saying "not ours" is over."""
    if case.dispatched_at is None:
        return False
    known = rules.current()
    last = calendars.deadline(case.dispatched_at, known.return_value, known.return_unit)
    return now > last.at


def local(moment: datetime) -> datetime:
    """A moment on the clocks of the city."""
    return timezone.localtime(moment)
