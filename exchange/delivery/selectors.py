"""How the exchange is doing, and where one message is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum

from platform_core.common.clock import now
from platform_core.datasets.models import OutboxEntry

from .enums import ParcelState, PeerState, ProblemState
from .models import (
    Call,
    Group,
    LedgerRow,
    Parcel,
    Peer,
    ProblemRecord,
    ReceivedBatch,
    RefusedGroup,
    RejectedRecord,
)

PERIOD = timedelta(hours=24)
SAMPLE = 5000
LATE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Health:
    """One peer as the operator sees it."""

    peer: Peer
    light: str
    pending: int
    lag: float | None
    calls: int
    success_rate: float | None
    p50: int | None
    p95: int | None
    problems: int
    rejected: int


def peer_health() -> list[Health]:
    """All peers with their figures; the number of queries does not grow."""
    peers = list(Peer.objects.all())
    queues = _queues()
    calls = _calls(peer.pk for peer in peers)
    problems = _open_problems()
    rejected = _open_rejected()
    return [
        _health(
            peer,
            queues.get(peer.pk, (0, None)),
            calls[peer.pk],
            problems.get(peer.pk, 0),
            rejected.get(peer.pk, 0),
        )
        for peer in peers
    ]


def _queues() -> dict[int, tuple[int, datetime | None]]:
    rows = (
        Parcel.objects.filter(state=ParcelState.QUEUED)
        .values("peer")
        .annotate(records=Sum("group__count"), oldest=Min("created_at"))
    )
    return {row["peer"]: (row["records"], row["oldest"]) for row in rows}


def _calls(peers: Iterable[int]) -> dict[int, list[tuple[bool, int]]]:
    found: dict[int, list[tuple[bool, int]]] = defaultdict(list)
    recent = Call.objects.filter(peer__in=list(peers), at__gte=now() - PERIOD)
    rows = recent.order_by("-at").values_list("peer", "ok", "milliseconds")[:SAMPLE]
    for peer, ok, took in rows:
        found[peer].append((ok, took))
    return found


def _open_problems() -> dict[int, int]:
    rows = ProblemRecord.objects.filter(state=ProblemState.OPEN).values("peer")
    return {row["peer"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _open_rejected() -> dict[int, int]:
    rows = RejectedRecord.objects.filter(resolved_at__isnull=True).values("peer")
    return {row["peer"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _health(
    peer: Peer,
    queue: tuple[int, datetime | None],
    calls: list[tuple[bool, int]],
    problems: int,
    rejected: int,
) -> Health:
    pending, oldest = queue
    lag = (now() - oldest).total_seconds() if oldest else None
    took = sorted(milliseconds for ok, milliseconds in calls if ok)
    good = sum(1 for ok, _took in calls if ok)
    return Health(
        peer=peer,
        light=light(peer, lag, problems + rejected),
        pending=pending,
        lag=lag,
        calls=len(calls),
        success_rate=100 * good / len(calls) if calls else None,
        p50=percentile(took, 50),
        p95=percentile(took, 95),
        problems=problems,
        rejected=rejected,
    )


def percentile(values: list[int], share: int) -> int | None:
    """The value below which this share lies, of sorted values."""
    if not values:
        return None
    return values[min(len(values) - 1, len(values) * share // 100)]


def light(peer: Peer, lag: float | None, problems: int) -> str:
    """Green, yellow, red, or none where nobody expects an exchange."""
    if peer.state in {PeerState.DRAFT, PeerState.DISABLED} or not peer.contact_at:
        return "none"
    if peer.interrupted(now()) or peer.failures >= 3:
        return "red"
    late = lag is not None and lag > LATE.total_seconds()
    if late or problems or peer.failures or peer.state == PeerState.SUSPENDED:
        return "yellow"
    return "green"


def health(peer: Peer) -> Health:
    """The figures of one peer."""
    return next(one for one in peer_health() if one.peer.pk == peer.pk)


def by_interface(peer: Peer) -> list[dict[str, Any]]:
    """What was sent to a peer, interface by interface."""
    queued = Q(state=ParcelState.QUEUED)
    rows = (
        Parcel.objects.filter(peer=peer)
        .values("group__interface", "group__version")
        .annotate(
            records=Sum("group__count"),
            pending=Sum("group__count", filter=queued),
            rejected=Sum("rejected"),
            success_at=Max("finished_at", filter=Q(state=ParcelState.DELIVERED)),
            oldest=Min("created_at", filter=queued),
        )
        .order_by("group__interface", "group__version")
    )
    return [{**row, "lag": _age(row["oldest"])} for row in rows]


def _age(moment: datetime | None) -> float | None:
    return (now() - moment).total_seconds() if moment else None


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One station of a message on its way."""

    title: str
    at: datetime
    note: str
    overdue: bool = False
    by_name: str = ""


def announced(uid: UUID) -> list[OutboxEntry]:
    """The changes of a record that were announced here."""
    return list(OutboxEntry.objects.filter(uid=uid).order_by("revision", "pk")[:100])


def parcels_of(carriers: Iterable[int]) -> list[Parcel]:
    """The parcels of some groups."""
    return list(
        Parcel.objects.filter(group__in=list(carriers))
        .select_related("peer", "group", "batch")
        .order_by("pk")
    )


def taken(uid: UUID) -> list[LedgerRow]:
    """What was applied here of a record of others."""
    return list(LedgerRow.objects.filter(uid=uid))


def relayed(row: LedgerRow) -> list[int]:
    """Groups in which a record of others was passed on."""
    groups = Group.objects.filter(
        interface=row.interface, origin=row.origin, records__contains=str(row.uid)
    )
    return list(groups.order_by("-pk").values_list("pk", flat=True)[:20])


def refusals(uid: UUID) -> tuple[list[ProblemRecord], list[RejectedRecord]]:
    """Where a record was refused: by others, and here."""
    there = ProblemRecord.objects.filter(uid=uid).select_related("peer")
    here = RejectedRecord.objects.filter(uid=str(uid)).select_related("peer")
    return list(there), list(here)


def recent_arrivals(peer: Peer, limit: int = 10) -> list[ReceivedBatch]:
    """The last deliveries that a peer made here."""
    return list(ReceivedBatch.objects.filter(peer=peer).defer("answer")[:limit])


def refused_groups(peer: Peer, limit: int = 10) -> list[RefusedGroup]:
    """The last groups of a peer that were refused as a whole."""
    return list(RefusedGroup.objects.filter(peer=peer).defer("body")[:limit])
