"""Writing reports out of figures, outages, alarms and certificates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from exchange.delivery.models import Outage, Peer, ProblemRecord
from exchange.operations.enums import KEEP_DAILY_REPORTS, KEEP_FIGURES, ReportSpan
from exchange.operations.models import Alarm, ExchangeReport
from exchange.operations.selectors import figures
from exchange.operations.selectors.figures import Sums
from exchange.reconciliation.enums import State
from exchange.reconciliation.models import Certificate
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError

SHOWN = (
    "calls",
    "success_rate",
    "out",
    "come",
    "rejected",
    "size",
    "p95",
    "timeliness",
    "validity",
    "score",
)
COUNTED = ("calls", "out", "come", "rejected", "outages", "alarms", "problems")


@dataclass(frozen=True, slots=True)
class Span:
    """A month or a day, as days and as moments."""

    kind: str
    first: date

    @classmethod
    def around(cls, kind: str, day: date) -> Self:
        """The month or day that a day lies in."""
        return cls(kind, day if kind == ReportSpan.DAY else day.replace(day=1))

    @classmethod
    def last(cls, kind: str) -> Self:
        """The month or day that ended last."""
        present = cls.around(kind, today())
        return cls.around(kind, present.first - timedelta(days=1))

    @property
    def following(self) -> date:
        if self.kind == ReportSpan.DAY:
            return self.first + timedelta(days=1)
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return figures.days(self.first, self.following - timedelta(days=1))


def write_due() -> list[ExchangeReport]:
    """Last month's and yesterday's report, where they were not written yet.

    Asked each night, so that a platform that was down on the first of a month
    writes it on the second; of days for which it was down only the last is written.
    """
    due = [last for kind in ReportSpan.values if not _stands(last := Span.last(kind))]
    return [write(kind=last.kind, day=last.first) for last in due]


def _stands(span: Span) -> bool:
    """Whether there is a report; one of before the end of its time is not whole."""
    rows = ExchangeReport.objects.filter(span=span.kind, first=span.first)
    return rows.filter(written_at__gte=span.moments[1]).exists()


@transaction.atomic
def write(*, kind: str, day: date, by: Actor = None) -> ExchangeReport:
    """Write the report of a day or its month; a second one replaces the first."""
    span = Span.around(kind, day)
    _check(span)
    report, _new = ExchangeReport.objects.update_or_create(
        span=span.kind,
        first=span.first,
        defaults={
            "written_at": now(),
            "by_id": by.pk if by is not None else None,
            "data": compiled(span),
        },
    )
    audit.record("exchange.report_written", report, by=by)
    return report


def _check(span: Span) -> None:
    """It has begun, and the figures of all its hours are still there."""
    text = ""
    if span.first > today():
        text = _("This time has not begun.")
    elif span.first <= today() - KEEP_FIGURES:
        text = _("The figures of this time are kept no longer.")
    if text:
        raise DomainError(text, code="range", fields={"day": text})


def compiled(span: Span) -> dict[str, Any]:
    """The report's contents: rows by peer, subset and interface, and their totals."""
    sums = {one.label: one for one in figures.by_peer(*span.moments)}
    peers = [_peer(peer, sums, span) for peer in Peer.objects.all()]
    return {
        "totals": {name: sum(row[name] for row in peers) for name in COUNTED},
        "peers": peers,
        "subsets": [_shown(one) for one in figures.by_subset(*span.moments)],
        "interfaces": [_shown(one) for one in figures.by_interface(*span.moments)],
    } | _course(span)


def _course(span: Span) -> dict[str, Any]:
    """Records by hour of a day, by day of a month."""
    name, way = "days", figures.by_day
    if span.kind == ReportSpan.DAY:
        name, way = "hours", figures.by_hour
    rows = way(*span.moments)
    return {name: [{"label": o.label, "out": o.out, "come": o.come} for o in rows]}


def clean() -> int:
    """Drop reports of days that are too old; those of months stay."""
    rows = ExchangeReport.objects.filter(span=ReportSpan.DAY)
    return rows.filter(first__lt=today() - KEEP_DAILY_REPORTS).delete()[0]


def _shown(one: Sums) -> dict[str, Any]:
    return {"label": one.label} | {name: getattr(one, name) for name in SHOWN}


def _peer(peer: Peer, sums: dict[str, Sums], span: Span) -> dict[str, Any]:
    row = _shown(sums.get(peer.code, Sums(peer.code)))
    return (
        row
        | {"name": peer.name}
        | _outages(peer, span)
        | _alarms(peer, span)
        | _certificates(peer, span)
        | _problems(peer, span)
    )


def _within(name: str, span: Span) -> Q:
    start, end = span.moments
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _outages(peer: Peer, span: Span) -> dict[str, Any]:
    """Outages that touch the time, and the minutes of them that lie inside it."""
    start, end = span.moments
    rows = Outage.objects.filter(peer=peer, started_at__lt=end)
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))
    seconds = 0.0
    latest = min(end, now())
    for row in rows:
        last = min(row.ended_at or latest, latest)
        seconds += max((last - max(row.started_at, start)).total_seconds(), 0)
    return {"outages": len(rows), "outage_minutes": round(seconds / 60)}


def _alarms(peer: Peer, span: Span) -> dict[str, Any]:
    rows = Alarm.objects.filter(_within("opened_at", span), peer=peer)
    counts = rows.aggregate(
        alarms=Count("pk"), critical=Count("pk", filter=Q(severity="critical"))
    )
    return dict(counts)


def _certificates(peer: Peer, span: Span) -> dict[str, Any]:
    rows: QuerySet[Certificate] = Certificate.objects.filter(
        Q(origin=peer.code) | Q(holder=peer.code),
        day__gte=span.first,
        day__lt=span.following,
    )
    equal = Q(state__in=(State.EQUAL, State.EXPLAINED))
    return dict(
        rows.aggregate(
            certificates=Count("pk"), certificates_equal=Count("pk", filter=equal)
        )
    )


def _problems(peer: Peer, span: Span) -> dict[str, Any]:
    """Problem records of the time, those that are cleared, and how long it took."""
    rows = ProblemRecord.objects.filter(_within("created_at", span), peer=peer)
    times = [
        (row.resolved_at - row.created_at).total_seconds()
        for row in rows
        if row.resolved_at is not None
    ]
    hours = round(sum(times) / len(times) / 3600, 1) if times else None
    return {"problems": rows.count(), "cleared": len(times), "clearing_hours": hours}
