"""From the outbox into the peers' queues: positions, seals, parcels."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from exchange.delivery import seals
from exchange.delivery.enums import (
    GROUP_BYTES,
    MAX_RECORDS,
    ParcelState,
    PeerState,
    Relation,
)
from exchange.delivery.models import Group, Parcel, Peer
from platform_core.common.clock import now
from platform_core.common.models import Sequence as Counter
from platform_core.common.models import own_node
from platform_core.datasets.federation import parent_code
from platform_core.datasets.models import OutboxEntry

from .enrolment import tier_of

POSITIONS = "outbox.position"


def collect() -> int:
    """Give positions to committed changes and seal them into groups."""
    total = 0
    while _waiting(parent_code()).exists():
        done = _collect_some()
        total += done
        if not done:
            break
    return total


def _waiting(parent: str | None) -> QuerySet[OutboxEntry]:
    """Changes without a group that somebody is there to receive."""
    found = OutboxEntry.objects.filter(carrier__isnull=True)
    if parent is None:
        found = found.filter(Q(to_parent=False) | Q(position__isnull=True))
    return found


@transaction.atomic
def _collect_some() -> int:
    """One round under the lock of the position counter.

    The lock comes first: whoever waits for it sees all that was committed
    meanwhile, so that no position is ever given behind one that was read.
    """
    Counter.take(POSITIONS, 0)
    _give_positions()
    parent = parent_code()
    entries = list(
        _waiting(parent)
        .filter(position__isnull=False)
        .order_by("position")[:MAX_RECORDS]
    )
    for recipients, version, interface, chosen in _bundles(entries, parent):
        _post(interface, version, recipients, chosen)
    return len(entries)


def _give_positions() -> None:
    entries = list(
        OutboxEntry.objects.filter(position__isnull=True)
        .only("id")
        .order_by("id")[: 2 * MAX_RECORDS]
    )
    if not entries:
        return
    first = Counter.take(POSITIONS, len(entries))
    for number, entry in enumerate(entries, first):
        entry.position = number
    OutboxEntry.objects.bulk_update(entries, ["position"], batch_size=200)


Bundle = tuple[tuple[str, ...], int, str, list[OutboxEntry]]


def _bundles(entries: Sequence[OutboxEntry], parent: str | None) -> Iterator[Bundle]:
    """Entries with the same interface and receivers, in order of their first."""
    found: dict[tuple[tuple[str, ...], int, str], list[OutboxEntry]] = {}
    for entry in entries:
        codes = (parent or "",) if entry.to_parent else tuple(entry.recipients)
        key = (codes, entry.version, entry.interface)
        found.setdefault(key, []).append(entry)
    for (codes, version, interface), chosen in found.items():
        yield codes, version, interface, chosen


def wire(entry: OutboxEntry) -> dict[str, Any]:
    """A change as it travels."""
    return {
        "uid": str(entry.uid),
        "revision": entry.revision,
        "op": entry.op,
        "occurred_at": entry.occurred_at.isoformat(),
        "data": entry.data,
    }


def _post(
    interface: str, version: int, codes: tuple[str, ...], entries: list[OutboxEntry]
) -> None:
    """Seal the entries, in parts that fit into a delivery, and queue them."""
    peers = [_peer(code) for code in dict.fromkeys(codes) if code != own_node()]
    part: list[tuple[OutboxEntry, dict[str, Any]]] = []
    size = 0
    for entry in entries:
        record = wire(entry)
        weight = len(dump(record).encode()) + 1
        if part and size + weight > GROUP_BYTES:
            _seal(interface, version, part, peers)
            part, size = [], 0
        part.append((entry, record))
        size += weight
    _seal(interface, version, part, peers)


def dump(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _seal(
    interface: str,
    version: int,
    part: list[tuple[OutboxEntry, dict[str, Any]]],
    peers: list[Peer],
) -> None:
    records = [record for _entry, record in part]
    text = dump(records)
    positions = [entry.position for entry, _record in part]
    origin = own_node()
    group = Group.objects.create(
        interface=interface,
        version=version,
        origin=origin,
        route=[origin],
        records=text,
        count=len(records),
        size=len(text.encode()),
        seal=seals.seal(seals.content(interface, version, origin, records)),
        first_position=positions[0],
        last_position=positions[-1],
    )
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry, _record in part]).update(
        carrier=group.pk
    )
    Parcel.objects.bulk_create([Parcel(peer=peer, group=group) for peer in peers])


def _peer(code: str) -> Peer:
    """The connection to a receiver; a draft keeps the queue of one yet to join."""
    peer, _new = Peer.objects.get_or_create(
        code=code,
        defaults={"tier": tier_of(code), "relation": Relation.CHILD},
    )
    return peer


def due_peers() -> list[int]:
    """Peers with something to send now and nobody at it."""
    moment = now()
    queued = Parcel.objects.filter(
        peer=OuterRef("pk"), state=ParcelState.QUEUED, due_at__lte=moment
    )
    found = (
        Peer.objects.filter(
            Exists(queued),
            state__in=(PeerState.TESTING, PeerState.ENABLED),
            next_try_at__lte=moment,
            lease_until__lte=moment,
        )
        .exclude(url="")
        .order_by("next_try_at")
    )
    return list(found.values_list("pk", flat=True))
