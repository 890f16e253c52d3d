"""The origin announces records again above a revision that somebody has."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import Max

from exchange.reconciliation.enums import MAX_REVISION
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.datasets import registry
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import NOBODY

CHUNK = 500


def parts(wanted: Mapping[UUID, int], size: int) -> Iterator[dict[UUID, int]]:
    """The same in parts of so many, in an order that everybody keeps."""
    uids = sorted(wanted)
    for start in range(0, len(uids), size):
        yield {uid: wanted[uid] for uid in uids[start : start + size]}


def above(interface: str, wanted: Mapping[UUID, int]) -> set[UUID]:
    """Have own records announced above these revisions; which of them now are.

    A record whose announced revision is higher already needs nothing more.
    """
    done: set[UUID] = set()
    for part in parts(wanted, CHUNK):
        latest = _latest(interface, part)
        lower = [uid for uid, entry in latest.items() if entry.revision <= part[uid]]
        last = {uid for uid in lower if part[uid] >= MAX_REVISION}
        OutboxEntry.objects.bulk_create(
            _again(latest[uid], part[uid] + 1) for uid in lower if uid not in last
        )
        done |= set(latest) - last
    return done


def _latest(interface: str, uids: Iterable[UUID]) -> dict[UUID, OutboxEntry]:
    """What was announced last of each record."""
    entries = OutboxEntry.objects.filter(interface=interface, uid__in=list(uids))
    return {entry.uid: entry for entry in entries.order_by("revision", "pk")}


def _again(entry: OutboxEntry, revision: int) -> OutboxEntry:
    """The same once more under a higher revision, which stays with the record."""
    if registry.known(entry.interface):
        rows = registry.get(entry.interface).model._default_manager.filter(
            uid=entry.uid, origin=own_node()
        )
        # Older revisions of a record may be kept beside the newest one.
        newest = rows.aggregate(newest=Max("revision"))["newest"]
        if newest is not None and newest < revision:
            rows.filter(revision=newest).update(revision=revision)
    return OutboxEntry(
        interface=entry.interface,
        version=entry.version,
        uid=entry.uid,
        revision=revision,
        op=entry.op,
        occurred_at=entry.occurred_at,
        data=entry.data,
        to_parent=entry.to_parent,
        recipients=entry.recipients,
        created_at=now(),
        carrier=None if entry.to_parent or entry.recipients else NOBODY,
    )
