"""How the line to a peer is: failures, back-off, contact, outages."""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Least

from exchange.delivery.enums import (
    HEARTBEAT_SECONDS,
    MAX_BACKOFF_SECONDS,
    MISSED_HEARTBEATS,
    PeerState,
)
from exchange.delivery.models import Outage, Peer
from platform_core.audit import services as audit
from platform_core.common.clock import now


def pause_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row: 1, 2, 4 … 900."""
    return min(1 << min(max(failures - 1, 0), 12), MAX_BACKOFF_SECONDS)


def failed(peer: Peer, error: str, *, wait: int | None = None) -> None:
    """Note a failed call; the next try comes later each time, but it comes."""
    peer.failures += 1
    peer.last_error = error[:300]
    pause = max(wait or 0, pause_after(peer.failures))
    peer.next_try_at = now() + timedelta(seconds=min(pause, MAX_BACKOFF_SECONDS))
    peer.save(update_fields=["failures", "last_error", "next_try_at"])


def worked(peer: Peer) -> None:
    """Note a call that the peer answered."""
    moment = now()
    peer.failures, peer.last_error = 0, ""
    peer.next_try_at = peer.contact_at = peer.success_at = moment
    peer.save(
        update_fields=[
            "failures",
            "last_error",
            "next_try_at",
            "contact_at",
            "success_at",
        ]
    )
    end_outage(peer, moment)


def heard(peer: Peer) -> None:
    """A signed request came in: the peer is there, so do not wait any longer."""
    moment = now()
    recent = peer.contact_at and moment - peer.contact_at < timedelta(seconds=5)
    if recent and not peer.failures:
        return
    Peer.objects.filter(pk=peer.pk).update(
        contact_at=moment, next_try_at=Least(F("next_try_at"), moment)
    )
    end_outage(peer, moment)


def end_outage(peer: Peer, moment: datetime) -> None:
    """Close the peer's outage if one is open."""
    Outage.objects.filter(peer=peer, ended_at__isnull=True).update(ended_at=moment)


def find_outages() -> int:
    """Open an outage for each peer that missed three heartbeats."""
    moment = now()
    limit = moment - timedelta(seconds=HEARTBEAT_SECONDS * MISSED_HEARTBEATS)
    silent = Peer.objects.filter(
        state__in=(PeerState.TESTING, PeerState.ENABLED), contact_at__lt=limit
    ).exclude(outages__ended_at__isnull=True, outages__isnull=False)
    found = 0
    for peer in silent:
        _outage, new = Outage.objects.get_or_create(
            peer=peer, ended_at=None, defaults={"started_at": peer.contact_at or limit}
        )
        if new:
            found += 1
            audit.record("exchange.peer_interrupted", peer)
    return found
