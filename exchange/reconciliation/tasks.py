"""What reconciliation does in the background; every task may run twice."""

from celery import shared_task

from .services import certifying


@shared_task(name="reconciliation.nightly")
def nightly() -> None:
    """Compare with every peer; none waits for another."""
    for peer_id in certifying.peers_to_compare():
        compare_peer.delay(peer_id)


@shared_task(name="reconciliation.peer")
def compare_peer(peer_id: int) -> None:
    """Compare everything that one peer was offered."""
    for certificate_id in certifying.open_for(peer_id):
        certifying.work_on(certificate_id)


@shared_task(name="reconciliation.follow_up")
def follow_up() -> None:
    """Look again at what was healed, or could not be reached."""
    for certificate_id in certifying.due():
        work_on.delay(certificate_id)


@shared_task(name="reconciliation.one")
def work_on(certificate_id: int) -> None:
    """One round for one certificate."""
    certifying.work_on(certificate_id)
