"""Following one record or batch over several platforms.

Each platform tells what it knows; who is asked may ask the next one, so the way of
a record is told from its change to its last receipt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery import network, selectors
from exchange.delivery.models import Batch, Call, LedgerRow, Parcel, Peer, ReceivedBatch
from exchange.delivery.services import resending
from exchange.operations.enums import TraceEvent
from platform_core.common.clock import read_moment
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

DEPTH = 2
MOST = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to it at a node; `peer` is the other end."""

    node: str
    code: str
    at: datetime
    peer: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        known = self.code in TraceEvent.values
        return str(TraceEvent(self.code).label) if known else self.code

    @property
    def failed(self) -> bool:
        return self.code in {TraceEvent.REFUSED, TraceEvent.SET_ASIDE}

    def as_data(self) -> dict[str, str]:
        """As it travels."""
        return {
            "node": self.node,
            "event": self.code,
            "at": self.at.isoformat(),
            "peer": self.peer,
            "note": self.note,
        }


@dataclass(slots=True)
class Trace:
    """What is known of something, and which platforms did not say more."""

    events: list[Event]
    silent: list[tuple[str, str]]

    def sorted(self) -> list[Event]:
        return sorted(self.events, key=lambda event: event.at)


def follow(uid: UUID, *, ask: bool = False) -> Trace:
    """Own knowledge, and that of the platforms beyond where they are to be asked."""
    found = Trace(list(own_events(uid)), [])
    if ask:
        for peer in _ends(uid):
            _ask(found, peer, uid, DEPTH)
    return found


def answer(asker: Peer, uid: UUID, depth: int) -> Trace | None:
    """What a peer may know, None if it has no part in it.

    Who gave us the record learns where it went from here; who got it from us
    learns where it came from and its own part.
    """
    events = list(own_events(uid))
    gave = LedgerRow.objects.filter(uid=uid, sender=asker.code).exists()
    gave = gave or ReceivedBatch.objects.filter(peer=asker, uid=uid).exists()
    got = resending.carrying(uid, asker).exists()
    if not gave and not got:
        return None
    if not gave:
        events = [event for event in events if _concerns(event, asker)]
    found = Trace(events, [])
    for peer in _ends(uid) if depth > 0 else ():
        if peer != asker and (gave or _sent_by(peer, uid)):
            _ask(found, peer, uid, depth - 1)
    return found


def _concerns(event: Event, asker: Peer) -> bool:
    inner = {TraceEvent.ANNOUNCED, TraceEvent.APPLIED}
    return event.peer == asker.code or event.code in inner


def _sent_by(peer: Peer, uid: UUID) -> bool:
    return LedgerRow.objects.filter(uid=uid, sender=peer.code).exists()


def _ends(uid: UUID) -> list[Peer]:
    """The platforms it went to from here and came from."""
    parcels = resending.carrying(uid).filter(finished_at__isnull=False)
    senders = LedgerRow.objects.filter(uid=uid).values_list("sender", flat=True)
    batch = Batch.objects.filter(uid=uid).values_list("peer", flat=True)
    keys = {*parcels.values_list("peer", flat=True), *batch}
    peers = Peer.objects.exclude(url="")
    return list(peers.filter(pk__in=keys) | peers.filter(code__in=list(senders)))


def _ask(found: Trace, peer: Peer, uid: UUID, depth: int) -> None:
    """Add what a peer tells; that it tells nothing is no error."""
    if not peer.speaks:
        found.silent.append((peer.code, peer.get_state_display()))
        return
    try:
        told = network.call(peer.url, "GET", f"traces/{uid}?depth={depth}")
        payload = told.json() if told.status_code == 200 else None
    except (DomainError, ValueError) as error:
        found.silent.append((peer.code, str(error)[:200]))
        return
    events = list(_read(payload, peer))
    if not events:
        found.silent.append((peer.code, _("It does not tell.")))
    found.events += events


def _read(payload: Any, peer: Peer) -> Iterator[Event]:
    """Events of an answer; what does not have their form is left out."""
    told = payload.get("events") if isinstance(payload, dict) else None
    for one in told[:MOST] if isinstance(told, list) else ():
        try:
            at = read_moment(one["at"])
            texts = [str(one.get(name) or "")[:300] for name in ("peer", "note")]
            node, code = str(one["node"])[:9], str(one["event"])[:30]
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if at is not None and node != own_node():
            yield Event(node, code, at, *texts)


# What this platform knows ---------------------------------------------------------


def own_events(uid: UUID) -> Iterator[Event]:
    """Everything that happened here, to a record or to a batch."""
    node = own_node()
    for entry in selectors.announced(uid):
        note = f"{entry.interface} r{entry.revision}"
        yield Event(node, TraceEvent.ANNOUNCED, entry.created_at, "", note)
    parcels = resending.carrying(uid).select_related("peer", "group", "batch")
    for parcel in parcels.defer("group__records").order_by("pk")[:MOST]:
        yield from _carried(parcel)
    for row in selectors.taken(uid):
        note = f"{row.interface} r{row.revision}"
        yield Event(node, TraceEvent.APPLIED, row.received_at, row.sender, note)
    there, here = selectors.refusals(uid)
    for one in there:
        note = f"{one.code} {one.field} {one.message}"
        yield Event(node, TraceEvent.REFUSED, one.created_at, one.peer.code, note)
    for bad in here:
        note = f"{bad.code} {bad.field} {bad.message}"
        yield Event(node, TraceEvent.REFUSED, bad.received_at, bad.peer.code, note)
    yield from _batch(uid)


def _carried(parcel: Parcel) -> Iterator[Event]:
    node, peer = own_node(), parcel.peer.code
    note = f"{parcel.group.interface} ×{parcel.group.count}"
    yield Event(node, TraceEvent.QUEUED, parcel.created_at, peer, note)
    if parcel.batch is not None:
        text = str(parcel.batch.uid)
        yield Event(node, TraceEvent.SENT, parcel.batch.created_at, peer, text)
    if parcel.finished_at is not None:
        told = f"+{parcel.applied} ={parcel.unchanged} −{parcel.rejected}"
        note = f"{told} {parcel.code} {parcel.message}".strip()
        yield Event(node, parcel.state, parcel.finished_at, peer, note)


def _batch(uid: UUID) -> Iterator[Event]:
    node = own_node()
    for batch in Batch.objects.filter(uid=uid).select_related("peer"):
        peer, note = batch.peer.code, f"×{batch.records}"
        yield Event(node, TraceEvent.QUEUED, batch.created_at, peer, note)
        for call in Call.objects.filter(batch=uid):
            code = TraceEvent.SENT if call.ok else TraceEvent.FAILED
            note = f"{call.status or ''} {call.milliseconds} ms {call.error}".strip()
            yield Event(node, code, call.at, peer, note)
        if batch.finished_at:
            yield Event(node, TraceEvent.DELIVERED, batch.finished_at, peer)
    for one in ReceivedBatch.objects.filter(uid=uid).select_related("peer"):
        code, note = TraceEvent.APPLIED, f"×{one.records}"
        yield Event(node, code, one.received_at, one.peer.code, note)
