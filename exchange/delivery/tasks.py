"""What the exchange does in the background; every task may run twice."""

from celery import shared_task

from .services import blobs, heartbeats, housekeeping, line, pump, rotation, sending


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


@shared_task(name="delivery.keys")
def advance_keys() -> None:
    """Take announced keys into use and drop retired ones."""
    rotation.advance()


@shared_task(name="delivery.files")
def bring_files() -> None:
    """Set the bearers of due files to work."""
    for pk in blobs.due():
        bring_file.delay(pk)


@shared_task(name="delivery.file")
def bring_file(pk: int) -> None:
    """Bring one file over."""
    blobs.run(pk)
