"""What the exchange does in the background; every task may run twice."""

from celery import shared_task

from .services import heartbeats, housekeeping, line, pump, sending


@shared_task(name="delivery.pump")
def pump_outbox() -> None:
    """Seal what was announced and set the senders of due peers to work."""
    housekeeping.kicked()
    pump.collect()
    for peer_id in pump.due_peers():
        send_to_peer.delay(peer_id)


@shared_task(name="delivery.send")
def send_to_peer(peer_id: int) -> None:
    """Drain the queue of one peer."""
    sending.send_to_peer(peer_id)


@shared_task(name="delivery.heartbeats")
def beat() -> None:
    """A sign of life to all peers; who was silent too long is interrupted."""
    line.find_outages()
    for peer_id in heartbeats.peers_to_greet():
        send_heartbeat.delay(peer_id)


@shared_task(name="delivery.heartbeat")
def send_heartbeat(peer_id: int) -> None:
    """A sign of life to one peer."""
    heartbeats.send_heartbeat(peer_id)


@shared_task(name="delivery.clean")
def clean() -> None:
    """Drop what is no longer needed."""
    housekeeping.clean()
