"""What the exchange itself knows for the data standard: how the lines are."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer
from platform_core.common.clock import now
from platform_core.datasets.filling import Filling, fill


def link(peer: Peer) -> Mapping[str, Any]:
    """A line of si_link_state: one for each moment at which the state was another."""
    moment = now()
    state = "interrupted" if peer.interrupted(moment) else "connected"
    if peer.state == PeerState.SUSPENDED:
        state = "maintenance"
    elif peer.state != PeerState.ENABLED:
        state = "not_connected"
    since = peer.contact_at if state == "interrupted" else peer.updated_at
    return {
        "platform_code": peer.code,
        "at": (since or peer.updated_at).isoformat(),
        "state": state,
        "down_from": since.isoformat() if state == "interrupted" and since else None,
        "reason": (peer.last_error or peer.state_reason)[:200],
    }


fill(
    Filling(
        table="si_link_state",
        system=gettext_noop("Data exchange"),
        rows=Peer.objects.all,
        record=link,
        changed="",
    )
)
