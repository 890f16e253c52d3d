"""New own keys: announced, taken into use, and the old ones retired."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exchange.delivery import keys
from exchange.delivery.enums import (
    OVERLAP_HOURS,
    ParcelState,
    PeerState,
    ProblemState,
    Suite,
)
from exchange.delivery.models import NodeKey, Parcel, Peer, ProblemRecord
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import own_node

from . import nodes


def own() -> QuerySet[NodeKey]:
    """All keys this node ever had, the newest first."""
    return NodeKey.objects.filter(node=own_node()).order_by("-serial")


@transaction.atomic
def rotate(
    *,
    alg: str = Suite.ED25519,
    switch_at: datetime | None = None,
    overlap_hours: int = OVERLAP_HOURS,
    by: Actor = None,
) -> NodeKey:
    """Make a key and announce it; it signs once the peers know it, or at a time."""
    if own().filter(pending=True).exists():
        raise Conflict(_("A new key is being announced already."))
    if switch_at is not None and switch_at <= now():
        text = _("The time lies in the past.")
        raise DomainError(text, code="range", fields={"switch_at": text})
    keys.own_key()
    key = keys.make_next(alg)
    key.switch_at, key.overlap_hours = switch_at, overlap_hours
    key.save(update_fields=["switch_at", "overlap_hours"])
    nodes.own_row()
    nodes.announce(own_node())
    data = {"alg": alg, "overlap_hours": overlap_hours}
    audit.record("exchange.key_rotated", key, by=by, data=data)
    return key


def unaware(key: NodeKey) -> list[Peer]:
    """Peers that have not taken the announcement of an own key yet."""
    told = Parcel.objects.filter(
        group__interface=nodes.INTERFACE,
        group__origin=own_node(),
        group__records__contains=key.public_key,
        state=ParcelState.DELIVERED,
    )
    refused = ProblemRecord.objects.filter(
        interface=nodes.INTERFACE,
        uid=nodes.own_row().uid,
        state=ProblemState.OPEN,
    )
    aware = set(told.values_list("peer", flat=True))
    aware -= set(refused.values_list("peer", flat=True))
    speaking = Peer.objects.filter(state__in=(PeerState.TESTING, PeerState.ENABLED))
    return [peer for peer in speaking.exclude(url="") if peer.pk not in aware]


def advance() -> None:
    """Take an announced key into use when it is time, drop retired ones."""
    for key in own().filter(pending=True):
        due = key.switch_at <= now() if key.switch_at else not unaware(key)
        if due:
            _switch(key)
    for key in own().filter(pending=False, valid_to__lt=now()):
        if keys.destroy(key):
            audit.record("exchange.key_retired", key)


@transaction.atomic
def _switch(key: NodeKey) -> None:
    """Sign with this key from now on; the older ones end after the overlap."""
    if not NodeKey.objects.filter(pk=key.pk, pending=True).update(pending=False):
        return
    end = now() + timedelta(hours=key.overlap_hours)
    older = own().filter(serial__lt=key.serial, valid_to__isnull=True)
    older.update(valid_to=end)
    nodes.announce(own_node())
    audit.record("exchange.key_switched", key, data={"old_until": end.isoformat()})


@transaction.atomic
def retire(*, serial: int, by: Actor = None) -> NodeKey:
    """End an own key at once; what it signed from now on is refused everywhere."""
    key = own().filter(serial=serial).first()
    if key is None or not key.valid(now()):
        raise DomainError(_("There is no valid key with this serial."), code="invalid")
    others = own().filter(pending=False).exclude(pk=key.pk)
    if not key.pending and not any(other.valid(now()) for other in others):
        raise Conflict(_("It is the only key in use; make a new one first."))
    key.pending, key.valid_to = False, now() - timedelta(seconds=1)
    key.save(update_fields=["pending", "valid_to"])
    nodes.announce(own_node())
    audit.record("exchange.key_retired", key, by=by)
    transaction.on_commit(lambda: keys.destroy(key))
    return key
