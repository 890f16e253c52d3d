"""From the outbox into the peers' queues: positions, seals, parcels."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from exchange.delivery import hooks, seals
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

from . import policies
from .nodes import tier_of

POSITIONS = "outbox.position"


def collect() -> int:
    """Give positions to committed changes and seal them into groups."""
    total = 0
    while _anything():
        placed, sealed = collect_some()
        total += sealed
        if not placed and not sealed:
            break
    return total


def _anything() -> bool:
    unplaced = OutboxEntry.objects.filter(position__isnull=True)
    return _waiting(parent_code()).exists() or unplaced.exists()


def _waiting(parent: str | None) -> QuerySet[OutboxEntry]:
    """Changes without a group that somebody is there to receive."""
    found = OutboxEntry.objects.filter(carrier__isnull=True)
    if parent is None:
        found = found.filter(Q(to_parent=False) | Q(position__isnull=True))
    return found


@transaction.atomic
def collect_some() -> tuple[int, int]:
    """One round under the lock of the position counter: changes placed and sealed.

    The lock comes first: whoever waits for it sees all that was committed
    meanwhile, so that no position is ever given behind one that was read.
    """
    Counter.take(POSITIONS, 0)
    placed = _give_positions()
    parent = parent_code()
    entries = [one for one in placed if _waits(one, parent)]
    room = MAX_RECORDS - len(entries)
    if room:
        older = _waiting(parent).filter(position__isnull=False).order_by("position")
        entries = [*older[:room], *entries]
    for recipients, version, interface, chosen in _bundles(entries, parent):
        _post(interface, version, recipients, chosen)
    sealed = {entry.pk for entry in entries}
    _write([entry for entry in placed if entry.pk not in sealed])
    return len(placed), len(entries)


def _waits(entry: OutboxEntry, parent: str | None) -> bool:
    """The same as `_waiting`, of a change that has its position."""
    return entry.carrier is None and not (entry.to_parent and parent is None)


def _give_positions() -> list[OutboxEntry]:
    """Positions of committed changes; they are written with what becomes of each."""
    entries = list(
        OutboxEntry.objects.filter(position__isnull=True).order_by("id")[:MAX_RECORDS]
    )
    if not entries:
        return []
    first = Counter.take(POSITIONS, len(entries))
    for number, entry in enumerate(entries, first):
        entry.position = number
    for hook in hooks.positioned:
        hook(entries)
    return entries


def _write(entries: Iterable[OutboxEntry], **changes: Any) -> None:
    """Write positions, and what else is the same for all of these changes."""
    for ahead, keys in _runs(entries).items():
        rows = OutboxEntry.objects.filter(pk__in=keys)
        if len(keys) == keys[-1] - keys[0] + 1:
            rows = OutboxEntry.objects.filter(pk__range=(keys[0], keys[-1]))
        rows.update(position=F("pk") + ahead, **changes)


def _runs(entries: Iterable[OutboxEntry]) -> dict[int, list[int]]:
    """Keys by how much their positions are ahead of them: one run without a gap."""
    found: dict[int, list[int]] = {}
    for entry in entries:
        found.setdefault((entry.position or 0) - entry.pk, []).append(entry.pk)
    return found


Bundle = tuple[tuple[str, ...], int, str, list[OutboxEntry]]


def _bundles(entries: Sequence[OutboxEntry], parent: str | None) -> Iterator[Bundle]:
    """Entries with the same interface and receivers, in order of their first."""
    found: dict[tuple[tuple[str, ...], int, str], list[OutboxEntry]] = {}
    above = (parent or "", *_direct(parent))
    for entry in entries:
        codes = above if entry.to_parent else tuple(entry.recipients)
        key = (codes, entry.version, entry.interface)
        found.setdefault(key, []).append(entry)
    for (codes, version, interface), chosen in found.items():
        yield codes, version, interface, chosen


def _direct(parent: str | None) -> list[str]:
    """Platforms further up that this one has a line of its own to."""
    found = Peer.objects.filter(relation=Relation.PARENT).exclude(code=parent)
    found = found.exclude(state__in=(PeerState.DRAFT, PeerState.DISABLED))
    return list(found.order_by("code").values_list("code", flat=True))


def named(entry: OutboxEntry) -> dict[str, Any]:
    """Which change of which record, as it travels."""
    return {"uid": str(entry.uid), "revision": entry.revision, "op": entry.op}


def wire(entry: OutboxEntry) -> dict[str, Any]:
    """A change as it travels."""
    moment = entry.occurred_at.isoformat()
    return {**named(entry), "occurred_at": moment, "data": entry.data}


def _post(
    interface: str, version: int, codes: tuple[str, ...], entries: list[OutboxEntry]
) -> None:
    """Seal the entries, in parts that fit into a delivery, and queue them."""
    peers = [_peer(code) for code in dict.fromkeys(codes) if code != own_node()]
    limit = policies.batch_limit(peers)
    part: list[tuple[OutboxEntry, bytes]] = []
    size = 0
    for entry in entries:
        text = seals.Form.of(wire(entry), entry.canonical).text
        weight = len(text) + 1
        if part and (size + weight > GROUP_BYTES or len(part) >= limit):
            _seal(interface, version, part, peers)
            part, size = [], 0
        part.append((entry, text))
        size += weight
    _seal(interface, version, part, peers)


def dump(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _seal(
    interface: str,
    version: int,
    part: list[tuple[OutboxEntry, bytes]],
    peers: list[Peer],
) -> None:
    texts = [text for _entry, text in part]
    records = seals.listed(texts)
    positions = [entry.position for entry, _text in part]
    origin = own_node()
    group = Group.objects.create(
        interface=interface,
        version=version,
        origin=origin,
        route=[origin],
        records=records.decode(),
        count=len(texts),
        size=len(records),
        seal=seals.seal(seals.content_of(interface, version, origin, texts)),
        first_position=positions[0],
        last_position=positions[-1],
    )
    _write((entry for entry, _text in part), carrier=group.pk)
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
