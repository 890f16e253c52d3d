"""Telling those above how a call went: time, records, refusals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from exchange.delivery import hooks
from exchange.delivery.hooks import Called, Load
from exchange.delivery.models import Parcel, Peer
from platform_core.common.clock import now, read_moment

HEARTBEATS = "heartbeats"


def tell(call: Called) -> None:
    """Pass a call on to whoever keeps figures."""
    for hook in hooks.called:
        hook(call)


def sent(
    peer: Peer, parcels: Sequence[Parcel], *, ok: bool, milliseconds: int | None
) -> None:
    """A delivery that was made; the parcels carry their answers."""
    loads = [_load(parcel) for parcel in parcels] if ok else _names(parcels)
    tell(Called(peer, True, ok, milliseconds, loads))


def _load(parcel: Parcel) -> Load:
    age = (now() - parcel.created_at).total_seconds()
    group = parcel.group
    return Load(
        group.interface,
        group.count,
        parcel.rejected,
        group.size,
        [(age, parcel.applied)] if parcel.applied else [],
    )


def _names(parcels: Sequence[Parcel]) -> list[Load]:
    """A failed call carried nothing, but it was about these."""
    return [Load(parcel.group.interface) for parcel in parcels]


def greeted(peer: Peer, *, ok: bool, milliseconds: int) -> None:
    """A heartbeat that was sent."""
    tell(Called(peer, True, ok, milliseconds, [Load(HEARTBEATS)]))


def taken(
    groups: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    size: int,
    since: datetime,
) -> list[Load]:
    """What came in groups, `size` bytes together.

    What changed before `since`, when the line was agreed on, could not come earlier:
    it has no age.

    A batch that comes again is answered without a look inside, so nothing is
    certain of its groups here.
    """
    pairs = [
        (group, result)
        for group, result in zip(groups, results, strict=False)
        if isinstance(group.get("records"), list)
    ]
    total = sum(len(group["records"]) for group, _result in pairs) or 1
    return [
        _taken(group, result, size * len(group["records"]) // total, since)
        for group, result in pairs
    ]


def _taken(
    group: Mapping[str, Any], result: Mapping[str, Any], size: int, since: datetime
) -> Load:
    """A group that is asked to come again is not refused yet."""
    records, rejected = group["records"], len(result["rejected"])
    again = bool(result.get("retry"))
    whole = not rejected and not again and not result["unchanged"]
    return Load(
        str(group.get("interface"))[:80],
        len(records),
        0 if again else rejected,
        size,
        _ages(records, since) if whole else [],
    )


def _ages(records: Sequence[Any], since: datetime) -> list[tuple[float, int]]:
    """Seconds since each change; only of groups that were taken as a whole."""
    present = now()
    try:
        moments = [read_moment(record["occurred_at"]) for record in records]
    except (KeyError, TypeError):
        return []
    return [
        (max((present - moment).total_seconds(), 0), 1)
        for moment in moments
        if moment is not None and moment >= since
    ]
