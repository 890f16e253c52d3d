"""Traffic summed up: over time for charts, by peer, interface or day for leaders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from exchange.interfaces import subsets
from exchange.operations import latency
from exchange.operations.enums import EACH, TOTAL, Direction
from exchange.operations.models import Flow, Traffic
from exchange.reconciliation.enums import State
from exchange.reconciliation.models import Certificate
from platform_core.common.clock import now

SUMMED = (
    "calls",
    "successes",
    "records",
    "rejected",
    "size",
    "timed",
    "timely",
    *latency.FIELDS,
)
HOURLY = timedelta(days=3)
# Completeness and consistency, per cent; None where nothing was compared.
Shares = tuple[float | None, float | None]


@dataclass(slots=True)
class Sums:
    """Traffic added up; `label` says over what."""

    label: str
    calls: int = 0
    successes: int = 0
    out: int = 0
    come: int = 0
    rejected: int = 0
    size: int = 0
    timed: int = 0
    timely: int = 0
    counts: tuple[int, ...] = (0,) * len(latency.FIELDS)
    completeness: float | None = None
    consistency: float | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Add a row of sums of one direction."""
        for name in ("calls", "successes", "rejected", "size", "timed", "timely"):
            setattr(self, name, getattr(self, name) + row[name])
        if row["direction"] == Direction.OUT:
            self.out += row["records"]
        else:
            self.come += row["records"]
        took = [row[name] for name in latency.FIELDS]
        self.counts = tuple(a + b for a, b in zip(self.counts, took, strict=True))

    @property
    def records(self) -> int:
        return self.out + self.come

    @property
    def success_rate(self) -> float | None:
        return _share(self.successes, self.calls)

    @property
    def validity(self) -> float | None:
        """Records that were not refused, per cent."""
        return _share(self.records - self.rejected, self.records)

    @property
    def timeliness(self) -> float | None:
        """Records that arrived within the grace of their interface, per cent."""
        return _share(self.timely, self.timed)

    @property
    def p50(self) -> int | None:
        return latency.percentile(self.counts, 0.5)

    @property
    def p95(self) -> int | None:
        return latency.percentile(self.counts, 0.95)

    @property
    def score(self) -> float | None:
        """Quality of 100: completeness, validity, timeliness, consistency.

        Weighted 3 : 3 : 2 : 2; a part that is not known leaves its weight to the
        others.  [exchange reference 6]
        """
        parts = (
            (self.completeness, 3),
            (self.validity, 3),
            (self.timeliness, 2),
            (self.consistency, 2),
        )
        known = [(value, weight) for value, weight in parts if value is not None]
        total = sum(weight for _value, weight in known)
        if not total:
            return None
        return round(sum(value * weight for value, weight in known) / total, 1)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def recent(hours: int = 24) -> QuerySet[Traffic]:
    """All calls of the last hours, each once."""
    since = now() - timedelta(hours=hours)
    return Traffic.objects.filter(interface=TOTAL, hour__gte=since)


def over_time(rows: QuerySet[Traffic]) -> list[Sums]:
    """Traffic by hour, by day where it is longer than three days; gaps filled."""
    groups: Any = rows.order_by().values("hour", "direction")
    found = list(groups.annotate(**{name: Sum(name) for name in SUMMED}))
    if not found:
        return []
    first = min(row["hour"] for row in found)
    last = max(row["hour"] for row in found)
    daily = last - first > HOURLY
    sums = {label: Sums(label) for label in _labels(first, last, daily)}
    for row in found:
        sums[_label(row["hour"], daily)].add(row)
    return list(sums.values())


def _labels(first: datetime, last: datetime, daily: bool) -> Iterable[str]:
    moment = first
    labels: dict[str, None] = {}
    while moment <= last:
        labels[_label(moment, daily)] = None
        moment += timedelta(hours=1)
    return labels


def _label(moment: datetime, daily: bool) -> str:
    return timezone.localtime(moment).strftime("%m-%d" if daily else "%m-%d %H:00")


def by_peer(start: datetime, end: datetime, peer: str = "") -> list[Sums]:
    """What went over each connection in a stretch of time."""
    return _Stretch(start, end, peer).by("peer__code", "peer")


def by_interface(start: datetime, end: datetime, peer: str = "") -> list[Sums]:
    """What was exchanged of each interface, with one platform or with all."""
    return _Stretch(start, end, peer).by("interface", "interface")


def by_subset(start: datetime, end: datetime, peer: str = "") -> list[Sums]:
    """What was exchanged of each part of the database."""
    named = partial(subsets.subset_label, known=subsets.subsets())
    return _Stretch(start, end, peer).by("interface", "interface", named)


def by_day(start: datetime, end: datetime, peer: str = "") -> list[Sums]:
    """What was exchanged day by day."""
    return _Stretch(start, end, peer).by("hour", "day", _day)


def by_hour(start: datetime, end: datetime, peer: str = "") -> list[Sums]:
    """What was exchanged hour by hour of a day, hours without anything too."""
    rows = _Stretch(start, end, peer).by("hour", "day", _hour)
    found = {one.label: one for one in rows}
    labels = [f"{hour:02}:00" for hour in range(24)]
    return [found.get(label) or Sums(label) for label in labels]


def _hour(value: Any) -> str:
    """The hour of a moment; a day, as that of a certificate, is of no hour."""
    moment = isinstance(value, datetime)
    return timezone.localtime(value).strftime("%H:00") if moment else str(value)


def _day(value: Any) -> str:
    """The day of an hour; a day is its own."""
    moment = isinstance(value, datetime)
    return str(timezone.localtime(value).date() if moment else value)


def by_flow(start: datetime, end: datetime) -> dict[tuple[str, str], Sums]:
    """What was exchanged of each interface with each platform, by their codes."""
    stretch = _Stretch(start, end, "")
    rows: Any = stretch.rows().values("peer__code", "interface", "direction")
    sums: dict[tuple[str, str], Sums] = {}
    for row in rows.annotate(**{one: Sum(one) for one in SUMMED}):
        key = row["peer__code"], row["interface"]
        sums.setdefault(key, Sums(row["interface"])).add(row)
    known = _shares(stretch.certificates(), lambda row: (row.peer, row.interface))
    for key, one in sums.items():
        one.completeness, one.consistency = known.get(key, (None, None))
    return sums


Labelling = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Traffic of a stretch of time, of one connection or of all."""

    start: datetime
    end: datetime
    peer: str

    def by(self, name: str, other: str, label: Labelling = str) -> list[Sums]:
        """Sums by a column of the traffic, `other` one of the certificates."""
        known = _shares(self.certificates(), lambda row: label(getattr(row, other)))
        rows: Any = self.rows().values(name, "direction")
        sums: dict[str, Sums] = {}
        for row in rows.annotate(**{one: Sum(one) for one in SUMMED}).order_by(name):
            group = label(row[name])
            sums.setdefault(group, Sums(group)).add(row)
        for one in sums.values():
            one.completeness, one.consistency = known.get(one.label, (None, None))
        return list(sums.values())

    def rows(self) -> QuerySet[Traffic]:
        """Rows of single interfaces with records, without signs of life."""
        rows = Traffic.objects.filter(hour__gte=self.start, hour__lt=self.end)
        if self.peer:
            rows = rows.filter(peer__code=self.peer)
        return rows.filter(interface__contains=".").order_by()

    def certificates(self) -> QuerySet[Certificate]:
        """The nightly comparisons of its days; its end does not belong to it."""
        ends = self.start, self.end - timedelta(microseconds=1)
        days = [timezone.localtime(one).date() for one in ends]
        rows = Certificate.objects.filter(
            day__gte=days[0], day__lte=days[1], finished_at__isnull=False
        )
        if self.peer:
            rows = rows.filter(Q(origin=self.peer) | Q(holder=self.peer))
        return rows


def _shares(
    rows: QuerySet[Certificate], label: Callable[[Certificate], Any]
) -> dict[Any, Shares]:
    """Completeness and consistency by what the label says."""
    found: dict[Any, list[int]] = {}
    for row in rows.only(
        "day", "origin", "holder", "interface", "state", "count", "holder_count"
    ):
        sums = found.setdefault(label(row), [0, 0, 0, 0])
        sums[0] += min(row.holder_count, row.count)
        sums[1] += row.count
        sums[2] += row.state in {State.EQUAL, State.EXPLAINED}
        sums[3] += 1
    return {
        name: (_share(there, here), _share(equal, total))
        for name, (there, here, equal, total) in found.items()
    }


def interfaces() -> list[str]:
    """Interfaces that were ever exchanged here."""
    rows = Flow.objects.order_by("interface").values_list("interface", flat=True)
    return list(rows.distinct())


def chosen(rows: QuerySet[Traffic], interface: str) -> QuerySet[Traffic]:
    """Rows of one interface, of each, or of all together."""
    if interface == EACH:
        return rows.exclude(interface=TOTAL)
    return rows.filter(interface=interface)


def days(start: date, end: date) -> tuple[datetime, datetime]:
    """The stretch from the beginning of one day to the end of another."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(start, datetime.min.time(), zone)
    last = datetime.combine(end + timedelta(days=1), datetime.min.time(), zone)
    return first, last
