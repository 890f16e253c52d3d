"""Life of a connection: which state may follow which."""

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Invitation, NodeKey, Peer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from .housekeeping import kick_after_commit

NEXT: dict[str, tuple[PeerState, ...]] = {
    PeerState.DRAFT: (PeerState.TESTING, PeerState.ENABLED, PeerState.DISABLED),
    PeerState.TESTING: (PeerState.ENABLED, PeerState.SUSPENDED, PeerState.DISABLED),
    PeerState.ENABLED: (PeerState.TESTING, PeerState.SUSPENDED, PeerState.DISABLED),
    PeerState.SUSPENDED: (PeerState.TESTING, PeerState.ENABLED, PeerState.DISABLED),
    PeerState.DISABLED: (PeerState.DRAFT,),
}
EVENTS = {
    PeerState.SUSPENDED: "exchange.peer_suspended",
    PeerState.ENABLED: "exchange.peer_resumed",
}
SPEAKING = (PeerState.TESTING, PeerState.ENABLED)


def get_peer(code: str) -> Peer:
    """The connected platform with this code; DomainError for an unknown one."""
    peer = Peer.objects.filter(code=code).first()
    if peer is None:
        raise DomainError(
            _("There is no connected platform %(code)s.") % {"code": code},
            code="unknown_peer",
        )
    return peer


def allowed(peer: Peer) -> list[PeerState]:
    """The states that may come next."""
    has_key = NodeKey.objects.filter(node=peer.code).exists()
    following = NEXT[peer.state]
    return [state for state in following if has_key or state not in SPEAKING]


@transaction.atomic
def move(*, code: str, state: str, reason: str = "", by: Actor = None) -> Peer:
    """Take a connection to its next state; the same one again changes nothing."""
    peer = get_peer(code)
    before = peer.state
    if before == state:
        return peer
    if state not in NEXT[before]:
        text = _("This state does not follow the present one.")
        raise DomainError(text, code="invalid", fields={"state": text})
    if state not in allowed(peer):
        raise DomainError(
            _("The platform has not enrolled yet; invite it first."), code="invalid"
        )
    peer.state, peer.state_reason = state, reason[:200]
    if state in SPEAKING:
        peer.failures, peer.next_try_at = 0, now()
    else:
        # Who holds a token of before may not come back with it.
        unused = Invitation.objects.filter(peer=peer, used_at__isnull=True)
        unused.filter(expires_at__gt=now()).update(expires_at=now())
    peer.touch()
    peer.save()
    event = EVENTS.get(PeerState(state), "exchange.peer_state")
    data = {"from": before, "to": state, "reason": reason}
    audit.record(event, peer, by=by, data=data)
    kick_after_commit()
    return peer
