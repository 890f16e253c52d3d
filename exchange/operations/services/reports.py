"""Writing the monthly report out of figures, outages, alarms and certificates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from exchange.delivery.models import Outage, Peer, ProblemRecord
from exchange.operations.models import Alarm, MonthlyReport
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


@dataclass(frozen=True, slots=True)
class Month:
    """A month as days and as moments."""

    first: date

    @property
    def following(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def span(self) -> tuple[datetime, datetime]:
        return figures.days(self.first, self.following - timedelta(days=1))


def write_due() -> MonthlyReport | None:
    """Last month's report, if it was not written yet.

    Asked each night, so that a platform that was down on the first of a month
    writes it on the second.
    """
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    if MonthlyReport.objects.filter(month=month).exists():
        return None
    return write(month=month)


@transaction.atomic
def write(*, month: date, by: Actor = None) -> MonthlyReport:
    """Write the report of a month that has begun; a second one replaces the first."""
    month = month.replace(day=1)
    if month > today():
        text = _("This month has not begun.")
        raise DomainError(text, code="range", fields={"month": text})
    report, _new = MonthlyReport.objects.update_or_create(
        month=month,
        defaults={
            "written_at": now(),
            "by_id": by.pk if by is not None else None,
            "data": compiled(Month(month)),
        },
    )
    audit.record("exchange.report_written", report, by=by)
    return report


def compiled(month: Month) -> dict[str, Any]:
    """The report's contents: rows by peer, subset and interface, and their totals."""
    sums = {one.label: one for one in figures.by_peer(*month.span)}
    peers = [_peer(peer, sums, month) for peer in Peer.objects.all()]
    interfaces = [_shown(one) for one in figures.by_interface(*month.span)]
    subsets = [_shown(one) for one in figures.by_subset(*month.span)]
    days = [
        {"label": one.label, "out": one.out, "come": one.come}
        for one in figures.by_day(*month.span)
    ]
    counted = ("calls", "out", "come", "rejected", "outages", "alarms", "problems")
    totals = {name: sum(row[name] for row in peers) for name in counted}
    return {
        "totals": totals,
        "peers": peers,
        "subsets": subsets,
        "interfaces": interfaces,
        "days": days,
    }


def _shown(one: Sums) -> dict[str, Any]:
    return {"label": one.label} | {name: getattr(one, name) for name in SHOWN}


def _peer(peer: Peer, sums: dict[str, Sums], month: Month) -> dict[str, Any]:
    row = _shown(sums.get(peer.code, Sums(peer.code)))
    return (
        row
        | {"name": peer.name}
        | _outages(peer, month)
        | _alarms(peer, month)
        | _certificates(peer, month)
        | _problems(peer, month)
    )


def _within(name: str, month: Month) -> Q:
    start, end = month.span
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _outages(peer: Peer, month: Month) -> dict[str, Any]:
    """Outages that touch the month, and the minutes of them that lie inside it."""
    start, end = month.span
    rows = Outage.objects.filter(peer=peer, started_at__lt=end)
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))
    seconds = 0.0
    latest = min(end, now())
    for row in rows:
        last = min(row.ended_at or latest, latest)
        seconds += max((last - max(row.started_at, start)).total_seconds(), 0)
    return {"outages": len(rows), "outage_minutes": round(seconds / 60)}


def _alarms(peer: Peer, month: Month) -> dict[str, Any]:
    rows = Alarm.objects.filter(_within("opened_at", month), peer=peer)
    counts = rows.aggregate(
        alarms=Count("pk"), critical=Count("pk", filter=Q(severity="critical"))
    )
    return dict(counts)


def _certificates(peer: Peer, month: Month) -> dict[str, Any]:
    rows: QuerySet[Certificate] = Certificate.objects.filter(
        Q(origin=peer.code) | Q(holder=peer.code),
        day__gte=month.first,
        day__lt=month.following,
    )
    equal = Q(state__in=(State.EQUAL, State.EXPLAINED))
    return dict(
        rows.aggregate(
            certificates=Count("pk"), certificates_equal=Count("pk", filter=equal)
        )
    )


def _problems(peer: Peer, month: Month) -> dict[str, Any]:
    """Problem records of the month, those that are cleared, and how long it took."""
    rows = ProblemRecord.objects.filter(_within("created_at", month), peer=peer)
    times = [
        (row.resolved_at - row.created_at).total_seconds()
        for row in rows
        if row.resolved_at is not None
    ]
    hours = round(sum(times) / len(times) / 3600, 1) if times else None
    return {"problems": rows.count(), "cleared": len(times), "clearing_hours": hours}
