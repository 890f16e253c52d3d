"""How the line to a peer is: failures, back-off, contact, outages."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from exchange.delivery.enums import (
    HEARTBEAT_SECONDS,
    MAX_BACKOFF_SECONDS,
    MISSED_HEARTBEATS,
    OutageKind,
    PeerState,
)
from exchange.delivery.models import Outage, Peer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now

# Calls that fail in a row until a peer counts as out of reach.
FAILED_CALLS = 3


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


def held(peer: Peer, reason: str, seconds: int) -> None:
    """The line is fine, but nothing may be sent for a while."""
    peer.last_error = reason[:300]
    wait = min(seconds, MAX_BACKOFF_SECONDS)
    peer.next_try_at = now() + timedelta(seconds=wait)
    peer.save(update_fields=["last_error", "next_try_at"])


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
    end_outage(peer, moment, kinds=(OutageKind.SILENT,))


def end_outage(peer: Peer, moment: datetime, *, kinds: Sequence[str] = ()) -> None:
    """Close the peer's outage if one is open, of these kinds where they are given."""
    open_one = Outage.objects.filter(peer=peer, ended_at__isnull=True)
    if kinds:
        open_one = open_one.filter(kind__in=kinds)
    open_one.update(ended_at=moment)


def find_outages() -> int:
    """Open an outage for each peer that is silent or cannot be reached.

    Silent is who missed three heartbeats, out of reach who failed three calls in a
    row. What was paused on purpose is not out: its outage ends.
    """
    moment = now()
    limit = moment - timedelta(seconds=HEARTBEAT_SECONDS * MISSED_HEARTBEATS)
    speaking = Peer.objects.filter(state__in=(PeerState.TESTING, PeerState.ENABLED))
    Outage.objects.filter(ended_at__isnull=True).exclude(peer__in=speaking).update(
        ended_at=moment
    )
    well = speaking.exclude(outages__ended_at__isnull=True, outages__isnull=False)
    silent = [
        _open(peer, OutageKind.SILENT, peer.contact_at or limit)
        for peer in well.filter(contact_at__lt=limit)
    ]
    unreached = [
        _open(peer, OutageKind.UNREACHABLE, peer.success_at or moment)
        for peer in well.filter(contact_at__gte=limit, failures__gte=FAILED_CALLS)
    ]
    return sum(silent) + sum(unreached)


def _open(peer: Peer, kind: OutageKind, since: datetime) -> bool:
    """Open an outage unless one is open; whether it is new."""
    facts = {"kind": kind, "started_at": since, "error": peer.last_error}
    _outage, new = Outage.objects.get_or_create(
        peer=peer, ended_at=None, defaults=facts
    )
    if new:
        audit.record("exchange.peer_interrupted", peer, data={"kind": kind})
    return new


@transaction.atomic
def explain_outage(
    *, outage: Outage, cause: str, note: str, by: Actor = None
) -> Outage:
    """Write down why a connection was out."""
    outage.cause, outage.note = cause, note[:300]
    outage.save(update_fields=["cause", "note"])
    data = {"cause": cause, "note": note}
    audit.record("exchange.outage_explained", outage, by=by, data=data)
    return outage
