"""Signs of life, once a minute, in both directions."""

import time

from django.db.models import Min
from django.utils.translation import gettext as _

from exchange.delivery import network
from exchange.delivery.enums import (
    MAX_INTEGER,
    CallKind,
    ParcelState,
    PeerState,
)
from exchange.delivery.models import Call, Parcel, Peer
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import DomainError
from platform_core.datasets import registry

from . import line, reporting

SOFTWARE = "urban-operation-platform 0.1"


def peers_to_greet() -> list[int]:
    """Peers that get a heartbeat from here."""
    speaking = Peer.objects.filter(state__in=(PeerState.TESTING, PeerState.ENABLED))
    return list(speaking.exclude(url="").values_list("pk", flat=True))


def send_heartbeat(peer_id: int) -> bool:
    """Tell a peer that we are here and how much waits for it."""
    peer = Peer.objects.get(pk=peer_id)
    begun = time.monotonic()
    status, error = None, ""
    try:
        answer = network.call(peer.url, "POST", "heartbeats", _payload(peer))
        status = answer.status_code
        error = "" if status in {200, 204} else f"{status} {answer.text[:200]}"
    except DomainError as problem:
        error = str(problem.message)
    took = int((time.monotonic() - begun) * 1000)
    reporting.greeted(peer, ok=not error, milliseconds=took)
    Call.objects.create(
        peer=peer,
        kind=CallKind.HEARTBEAT,
        milliseconds=took,
        status=status,
        ok=not error,
        error=error[:300],
    )
    if error:
        Peer.objects.filter(pk=peer.pk).update(last_error=error[:300])
    else:
        line.worked(peer)
    return not error


def _payload(peer: Peer) -> dict[str, object]:
    queue = Parcel.objects.filter(peer=peer, state=ParcelState.QUEUED)
    oldest = queue.aggregate(oldest=Min("created_at"))["oldest"]
    age = int((now() - oldest).total_seconds()) if oldest else 0
    return {
        "sent_at": now().isoformat(),
        "software": SOFTWARE,
        "outbox_pending": queue.count(),
        "oldest_pending_seconds": age,
        "interfaces": [f"{one.code}:{one.version}" for one in registry.all()],
    }


def receive_heartbeat(peer: Peer, payload: dict[str, object]) -> None:
    """Note a peer's sign of life."""
    problems = {}
    if read_moment(payload.get("sent_at")) is None:
        problems["sent_at"] = "RFC 3339"
    pending = payload.get("outbox_pending", 0)
    if not isinstance(pending, int) or isinstance(pending, bool) or pending < 0:
        problems["outbox_pending"] = "integer"
        pending = 0
    if problems:
        raise DomainError(
            _("The heartbeat has no valid form."), code="format", fields=problems
        )
    Peer.objects.filter(pk=peer.pk).update(
        software=str(payload.get("software", ""))[:120],
        remote_pending=min(pending, MAX_INTEGER),
    )
