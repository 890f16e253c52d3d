"""Sending again what differs; the origin raises the revision where it must."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from exchange.delivery import seals
from exchange.delivery.enums import GROUP_BYTES, MAX_RECORDS, ParcelState
from exchange.delivery.models import Group, Parcel, Peer
from exchange.delivery.services.housekeeping import kick_after_commit
from exchange.delivery.services.pump import dump, wire
from exchange.feeds import scope
from exchange.feeds.models import Subscription
from exchange.reconciliation.enums import Kind
from exchange.reconciliation.models import Offered
from exchange.reconciliation.selectors import View, offered_to
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.datasets import registry
from platform_core.datasets.models import OutboxEntry

from .comparing import Difference

AGAIN = frozenset({Kind.MISSING, Kind.OLD})
RAISE = frozenset({Kind.CHANGED, Kind.AHEAD})
CHUNK = 500


@transaction.atomic
def heal(
    peer: Peer, interface: str, origin: str, found: Sequence[Difference]
) -> set[UUID]:
    """Put what differs on its way; which records that was possible for."""
    view = offered_to(peer, interface, origin)
    again = [one for one in found if one.kind in AGAIN]
    if origin == own_node():
        done = _resend(peer, view, again)
        done |= _raise(interface, [one for one in found if one.kind in RAISE])
    else:
        done = _requeue(peer, again)
    if done:
        kick_after_commit()
    return done


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


def _raise(interface: str, found: Sequence[Difference]) -> set[UUID]:
    """Announce a record once more under a revision above both ends'."""
    done = set()
    for one in found:
        entries = OutboxEntry.objects.filter(interface=interface, uid=one.uid)
        latest = entries.order_by("-revision", "-pk").first()
        if latest is None:
            continue
        highest = entries.aggregate(highest=Max("revision"))["highest"]
        revision = max(highest, one.theirs) + 1
        if registry.known(interface):
            rows = registry.get(interface).model._default_manager.filter(
                uid=one.uid, origin=own_node(), revision__lt=revision
            )
            rows.update(revision=revision)
        latest.pk = None
        latest.position = None
        latest.revision, latest.created_at = revision, now()
        latest.carrier = None if latest.to_parent or latest.recipients else 0
        latest.save(force_insert=True)
        done.add(one.uid)
    return done


def _requeue(peer: Peer, found: Sequence[Difference]) -> set[UUID]:
    """Groups of others go again as they are, under their origin's seal."""
    done: set[UUID] = set()
    for one in found:
        if one.group is None or not Group.objects.filter(pk=one.group).exists():
            continue
        Parcel.objects.update_or_create(
            peer=peer,
            group_id=one.group,
            defaults={
                "state": ParcelState.QUEUED,
                "batch": None,
                "retries": 0,
                "due_at": now(),
                "finished_at": None,
            },
        )
        done.add(one.uid)
    return done
