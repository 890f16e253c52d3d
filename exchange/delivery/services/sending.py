"""Delivering a peer's queue, one sender at a time."""

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery import keys, network, seals, texts
from exchange.delivery.enums import (
    MAX_BYTES,
    MAX_RECORDS,
    BatchState,
    CallKind,
    ParcelState,
)
from exchange.delivery.models import Batch, Call, Parcel, Peer
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

from . import answers, blobs, line, policies, reporting
from .pump import dump

LEASE = timedelta(seconds=90)
PARCELS = 200
# Batches that are on their way to a peer at once.
FLIGHTS = 2
# A queue of records that may not go there is looked at again after these seconds.
RULES_PAUSE = 5
# Room for the envelope of a group around its records.
ENVELOPE = 600
# The peer understood the request and says that its content is wrong.
CONTENT_REFUSED = frozenset({400, 413, 415, 422})


def send_to_peer(peer_id: int) -> int:
    """Send until the queue is empty or the line fails; returns batches done.

    The next batch is on its way while the answer to the one before it is awaited.
    """
    token = uuid4()
    if not _lease(peer_id, token):
        return 0
    flights: deque[Flight] = deque()
    done = 0
    try:
        while _renew(peer_id, token):
            _depart(peer_id, flights)
            if not flights or not _arrive(flights.popleft()):
                break
            done += 1
        while flights:
            done += _arrive(flights.popleft(), late=True)
    finally:
        Peer.objects.filter(pk=peer_id, lease_token=token).update(
            lease_until=now(), lease_token=None
        )
    return done


def _lease(peer_id: int, token: UUID) -> bool:
    """Become the peer's only sender; compare and set."""
    free = Peer.objects.filter(pk=peer_id, lease_until__lte=now())
    return bool(free.update(lease_until=now() + LEASE, lease_token=token))


def _renew(peer_id: int, token: UUID) -> bool:
    held = Peer.objects.filter(pk=peer_id, lease_token=token)
    return bool(held.update(lease_until=now() + LEASE))


@dataclass(frozen=True, slots=True)
class Flight:
    """A batch on its way."""

    peer: Peer
    batch: Batch
    parcels: list[Parcel]
    pending: network.Pending


def _depart(peer_id: int, flights: deque[Flight]) -> None:
    """Put batches on their way, as many as there may be at once."""
    while len(flights) < FLIGHTS:
        peer = Peer.objects.get(pk=peer_id)
        if not peer.speaks or not peer.url or peer.next_try_at > now():
            return
        away = [flight.batch for flight in flights]
        if _not_now(peer, away):
            return
        batch, more = _next_batch(peer, away)
        if batch is None or _too_fast(peer):
            return
        batch.attempts += 1
        batch.save(update_fields=["attempts"])
        parcels = list(batch.parcels.select_related("group").order_by("pk"))
        renew_seals(parcels)
        blobs.grant(peer, parcels)
        body = render(batch, peer, parcels)
        pending = network.begin(peer.url, "POST", "deliveries", body)
        flights.append(Flight(peer, batch, parcels, pending))
        if not more:
            return


def _arrive(flight: Flight, *, late: bool = False) -> bool:
    """Write down how a flight ended; True if the queue may go on.

    One that comes `late`, after another one failed, does not count as a further
    failure: its batch goes again as it is.
    """
    sent = _awaited(flight.pending)
    if late and _results(sent.response, len(flight.parcels)) is None:
        return False
    with transaction.atomic():
        return _settle(flight.peer, flight.batch, flight.parcels, sent)


def _not_now(peer: Peer, away: list[Batch]) -> bool:
    """Do the hours or the volume of the connection forbid sending now?"""
    seconds, reason = policies.hold(peer, sum(batch.records for batch in away))
    if seconds:
        line.held(peer, reason, seconds)
    return bool(seconds)


def _too_fast(peer: Peer) -> bool:
    """Are the requests of this minute used up? Else this is one more."""
    seconds = policies.hold_call(peer)
    if seconds:
        line.held(peer, _("Too many requests; please wait."), seconds)
    return bool(seconds)


@dataclass(frozen=True, slots=True)
class Sent:
    """How one call ended."""

    response: httpx.Response | None
    error: str
    milliseconds: int

    @property
    def status(self) -> int | None:
        return None if self.response is None else self.response.status_code


def _awaited(pending: network.Pending) -> Sent:
    begun = time.monotonic()
    response, error = None, ""
    try:
        response = pending.result()
        took = response.elapsed.total_seconds()
    except DomainError as problem:
        error = str(problem.message)
        took = time.monotonic() - begun
    return Sent(response, error, int(took * 1000))


@transaction.atomic
def _next_batch(peer: Peer, away: list[Batch]) -> tuple[Batch | None, bool]:
    """A batch that was under way before, or a new one from the head of the queue.

    And whether more waits behind it.
    """
    open_ones = Batch.objects.filter(peer=peer, state=BatchState.OPEN)
    batch = open_ones.exclude(pk__in=[one.pk for one in away]).order_by("pk").first()
    if batch is not None:
        return batch, True
    chosen, more = _head(peer, away)
    if not chosen:
        return None, False
    records = sum(parcel.group.count for parcel in chosen)
    batch = Batch.objects.create(peer=peer, records=records)
    pks = [parcel.pk for parcel in chosen]
    Parcel.objects.filter(pk__in=pks).update(batch=batch)
    return batch, more


def _head(peer: Peer, away: list[Batch]) -> tuple[list[Parcel], bool]:
    """As many parcels as fit into one delivery and are allowed; are there more?"""
    interfaces, most = policies.sendable(peer)
    due = Parcel.objects.filter(peer=peer, state=ParcelState.QUEUED, due_at__lte=now())
    due = due.exclude(batch__in=away)
    if interfaces is not None:
        due = due.filter(group__interface__in=interfaces)
    queue = due.select_related("group").defer("group__records").order_by("pk")[:PARCELS]
    if interfaces is not None and not queue:
        line.held(peer, _("Records wait because of the rules."), RULES_PAUSE)
    chosen = next(bundles(queue, most), [])
    return chosen, len(chosen) < len(queue) or len(queue) == PARCELS


def bundles(parcels: Iterable[Parcel], most: int) -> Iterator[list[Parcel]]:
    """Parcels in order, as many together as fit into one delivery."""
    chosen: list[Parcel] = []
    records = size = 0
    for parcel in parcels:
        count, weight = parcel.group.count, parcel.group.size + ENVELOPE
        full = records + count > min(most, MAX_RECORDS) or size + weight > MAX_BYTES
        if chosen and (full or parcel.alone or chosen[-1].alone):
            yield chosen
            chosen, records, size = [], 0, 0
        chosen.append(parcel)
        records, size = records + count, size + weight
    if chosen:
        yield chosen


def renew_seals(parcels: list[Parcel]) -> None:
    """Seal own groups anew whose key was retired while they waited."""
    own = {key.keyid for key in keys.own_keys()}
    for parcel in parcels:
        group = parcel.group
        if group.origin != own_node() or group.seal.get("keyid") in own:
            continue
        records = json.loads(group.records)
        text = seals.content(group.interface, group.version, group.origin, records)
        group.seal = seals.seal(text)
        group.save(update_fields=["seal"])


def render(batch: Batch, peer: Peer, parcels: list[Parcel]) -> bytes:
    """The body of a delivery; always the same for the same batch."""
    head = f'{{"batch":"{batch.uid}","receiver":"{peer.code}","groups":['
    return (head + ",".join(as_sent(parcel) for parcel in parcels) + "]}").encode()


def as_sent(parcel: Parcel) -> str:
    """A sealed group as it travels."""
    group = parcel.group
    head = dump(
        {
            "interface": group.interface,
            "version": group.version,
            "origin": group.origin,
            "route": group.route,
            "seal": group.seal,
        }
    )
    return f'{head[:-1]},"records":{group.records}}}'


def _settle(peer: Peer, batch: Batch, parcels: list[Parcel], sent: Sent) -> bool:
    """Write down how the call ended; True if the queue may go on."""
    results = _results(sent.response, len(parcels))
    error = "" if results is not None else sent.error or _reason(sent.response)
    Call.objects.create(
        peer=peer,
        kind=CallKind.DELIVERY,
        milliseconds=sent.milliseconds,
        status=sent.status,
        ok=results is not None,
        records=batch.records,
        error=error[:300],
        batch=batch.uid,
    )
    if results is not None:
        line.worked(peer)
        answers.settle(peer, batch, parcels, results)
    reporting.sent(
        peer, parcels, ok=results is not None, milliseconds=sent.milliseconds
    )
    return results is not None or _unanswered(peer, batch, parcels, sent, error)


def _unanswered(
    peer: Peer, batch: Batch, parcels: list[Parcel], sent: Sent, error: str
) -> bool:
    """No results came; True if the queue may go on all the same."""
    if sent.status in CONTENT_REFUSED:
        line.worked(peer)
        answers.refuse(peer, batch, parcels, f"{sent.status}", error)
        return True
    if sent.status == 429:
        line.held(peer, error, _wait(sent.response) or 5)
    else:
        line.failed(peer, error, wait=_wait(sent.response))
    return False


def _results(
    response: httpx.Response | None, wanted: int
) -> list[dict[str, Any]] | None:
    """The results of an answer of the protocol, one for each group."""
    if response is None or response.status_code != 200:
        return None
    try:
        results = texts.parse_answer(response.content)["results"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fits = isinstance(results, list) and len(results) == wanted
    return results if fits and all(isinstance(r, dict) for r in results) else None


def _reason(response: httpx.Response | None) -> str:
    if response is None:
        return ""
    try:
        answer = texts.parse_answer(response.content)
        text = f"{answer['code']}: {answer['message']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        text = _("The answer is none of the protocol.")
    return f"{response.status_code} {text}"


def _wait(response: httpx.Response | None) -> int | None:
    given = response.headers.get("Retry-After", "") if response is not None else ""
    return int(given) if given.isdecimal() and len(given) < 10 else None
