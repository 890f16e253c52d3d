"""Passing records of others on, with the seal of their origin."""

from typing import Any

from django.db.models import Q

from exchange.delivery import hooks
from exchange.delivery.enums import PeerState, Relation
from exchange.delivery.models import Group, Parcel, Peer
from platform_core.common.models import own_node

from .housekeeping import kick_after_commit
from .nodes import INTERFACE, keeps_for_parent
from .pump import dump


def relay(
    *,
    peer: Peer,
    interface: str,
    version: int,
    origin: str,
    route: list[str],
    records: list[dict[str, Any]],
    seal: Any,
) -> Group | None:
    """Queue a received group onward in the direction it travels."""
    upward = peer.relation == Relation.CHILD
    onward = Relation.PARENT if upward else Relation.CHILD
    targets = [
        target
        for target in Peer.objects.filter(~Q(state=PeerState.DISABLED), relation=onward)
        if target.code not in route
    ]
    keep = interface == INTERFACE or (upward and keeps_for_parent())
    if not targets and not keep and not hooks.wanted(interface, version):
        return None
    text = dump(records)
    group = Group.objects.create(
        interface=interface,
        version=version,
        origin=origin,
        route=[*route, own_node()],
        records=text,
        count=len(records),
        size=len(text.encode()),
        seal=seal,
    )
    Parcel.objects.bulk_create([Parcel(peer=target, group=group) for target in targets])
    for hook in hooks.relayed:
        hook(group, upward)
    if targets:
        kick_after_commit()
    return group
