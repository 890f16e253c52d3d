"""Sending again what differs; the origin raises the revision where it must.

What is missing or old goes again: own records under a new seal, those of others in
the sealed group that carried them. All else needs a higher revision, which only the
origin can give: we do for own records, for those of others it is asked.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from exchange.delivery import keys, seals
from exchange.delivery.enums import GROUP_BYTES, MAX_RECORDS
from exchange.delivery.models import Group, Parcel, Peer
from exchange.delivery.services import resending
from exchange.delivery.services.housekeeping import kick_after_commit
from exchange.delivery.services.pump import dump, wire
from exchange.feeds import scope
from exchange.feeds.models import Subscription
from exchange.reconciliation.enums import Kind, Repair
from exchange.reconciliation.models import Offered
from exchange.reconciliation.selectors import View, offered_to
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry

from . import raising, requesting
from .comparing import Difference

AGAIN = frozenset({Kind.MISSING, Kind.OLD})
CHUNK = 500


@transaction.atomic
def heal(
    peer: Peer, interface: str, origin: str, found: Sequence[Difference]
) -> dict[UUID, Repair]:
    """Put what differs on its way; what was done about each record."""
    view = offered_to(peer, interface, origin)
    wrong = [one for one in found if one.kind != Kind.REFUSED]
    done = (_own if origin == own_node() else _others)(peer, view, wrong)
    if done:
        kick_after_commit()
    return done


def _own(peer: Peer, view: View, found: Sequence[Difference]) -> dict[UUID, Repair]:
    """As they were offered; else the origin, which we are, goes on above both."""
    again = [one for one in found if one.kind in AGAIN]
    done = dict.fromkeys(_resend(peer, view, again), Repair.SENT)
    wanted = _floors(
        one for one in found if one.kind != Kind.EXTRA and one.uid not in done
    )
    raised = raising.above(view.interface, wanted)
    return done | dict.fromkeys(raised, Repair.RAISED)


def _others(peer: Peer, view: View, found: Sequence[Difference]) -> dict[UUID, Repair]:
    """In their sealed groups; else their origin has to go on above both."""
    again = [one for one in found if one.kind in AGAIN]
    done = dict.fromkeys(_requeue(peer, again), Repair.SENT)
    wanted = _floors(one for one in found if one.uid not in done)
    asked = requesting.ask(view.interface, view.origin, wanted)
    return done | dict.fromkeys(asked, Repair.ASKED)


def _floors(found: Iterable[Difference]) -> dict[UUID, int]:
    """The highest revision that either end has of each record."""
    return {one.uid: max(one.revision, one.theirs) for one in found}


def _parts(found: Sequence[Difference]) -> Iterator[dict[UUID, Difference]]:
    for start in range(0, len(found), CHUNK):
        yield {one.uid: one for one in found[start : start + CHUNK]}


def _resend(peer: Peer, view: View, found: Sequence[Difference]) -> set[UUID]:
    """Own records under a new seal, in the form in which they were offered."""
    done: set[UUID] = set()
    terms = list(Subscription.objects.filter(peer=peer, interface=view.interface))
    for part in _parts(found):
        wanted = _hashes(view, part)
        entries = OutboxEntry.objects.filter(
            interface=view.interface, uid__in=list(part), position__isnull=False
        )
        ready: dict[int, dict[UUID, dict[str, Any]]] = {}
        for entry in entries.order_by("position"):
            if entry.revision != part[entry.uid].revision:
                continue
            record = _as_offered(entry, wanted.get(entry.uid, ""), terms)
            if record is not None:
                ready.setdefault(entry.version, {}).setdefault(entry.uid, record)
        for version, records in ready.items():
            _queue(peer, view.interface, version, list(records.values()))
            done |= set(records)
    return done


def _hashes(view: View, part: dict[UUID, Difference]) -> dict[UUID, str]:
    """The hash under which each record was offered."""
    rows = Offered.objects.filter(
        scope__audience__in=view.audiences,
        scope__interface=view.interface,
        scope__origin=view.origin,
        uid__in=list(part),
    )
    return dict(rows.order_by("revision").values_list("uid", "hash"))


def _as_offered(
    entry: OutboxEntry, wanted: str, terms: Sequence[Subscription]
) -> dict[str, Any] | None:
    """The record whole, or as one of the subscriptions reduces it."""
    record, origin = wire(entry), own_node()
    if seals.record_hash(origin, record) == wanted:
        return record
    for row in terms:
        fields = None if row.fields is None else set(row.fields)
        reduced = record | {"data": scope.reduce(entry.data, fields, row.masks)}
        if seals.record_hash(origin, reduced) == wanted:
            return reduced
    return None


def _queue(
    peer: Peer, interface: str, version: int, records: list[dict[str, Any]]
) -> None:
    """Seal records into groups that fit, and queue them for one peer."""
    part: list[dict[str, Any]] = []
    size = 0
    for record in records:
        weight = len(dump(record).encode()) + 1
        if part and (len(part) >= MAX_RECORDS or size + weight > GROUP_BYTES):
            _seal(peer, interface, version, part)
            part, size = [], 0
        part.append(record)
        size += weight
    if part:
        _seal(peer, interface, version, part)


def _seal(
    peer: Peer, interface: str, version: int, records: list[dict[str, Any]]
) -> None:
    origin, text = own_node(), dump(records)
    group = Group.objects.create(
        interface=interface,
        version=version,
        origin=origin,
        route=[origin],
        records=text,
        count=len(records),
        size=len(text.encode()),
        seal=seals.seal(seals.content(interface, version, origin, records)),
    )
    Parcel.objects.create(peer=peer, group=group)


def _requeue(peer: Peer, found: Sequence[Difference]) -> set[UUID]:
    """Groups of others go again as they are, under their origin's seal."""
    numbers = {one.group for one in found if one.group is not None}
    groups = Group.objects.filter(pk__in=numbers)
    sound = {group.pk for group in groups.iterator(chunk_size=50) if _sound(group)}
    parcels = Parcel.objects.filter(peer=peer, group__in=sound)
    resending.requeue(parcels)
    known = set(parcels.values_list("group", flat=True))
    Parcel.objects.bulk_create(
        [Parcel(peer=peer, group_id=number) for number in sorted(sound - known)]
    )
    return {one.uid for one in found if one.group in sound}


def _sound(group: Group) -> bool:
    """Does the kept group still fit the seal of its origin?"""
    key = keys.known(str(group.seal.get("keyid", "")))
    try:
        records = json.loads(group.records)
        text = seals.content(group.interface, group.version, group.origin, records)
    except (ValueError, DomainError):
        return False
    value = str(group.seal.get("value", ""))
    return key is not None and keys.verifies(key, value, text)
