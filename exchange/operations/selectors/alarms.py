"""The alarms that are not over."""

from django.db.models import QuerySet

from exchange.operations.enums import AlarmState, Severity
from exchange.operations.models import Alarm

GRAVEST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


def unresolved() -> QuerySet[Alarm]:
    """Alarms that go on, whoever looks after them."""
    return Alarm.objects.filter(resolved_at__isnull=True)


def count_active() -> int:
    """How many alarms go on."""
    return unresolved().count()


def active(limit: int) -> list[Alarm]:
    """The gravest alarms that go on, unacknowledged ones first."""
    rows = list(unresolved().select_related("peer", "rule")[:500])
    rows.sort(key=_urgency)
    return rows[:limit]


def _urgency(alarm: Alarm) -> tuple[int, bool, float]:
    rank = GRAVEST_FIRST.index(Severity(alarm.severity))
    return rank, alarm.state != AlarmState.OPEN, -alarm.opened_at.timestamp()
