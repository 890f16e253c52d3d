"""What connectors do in the background; every task may run twice."""

from celery import shared_task

from .services import running


@shared_task(name="connectors.start_due")
def start_due() -> int:
    """Begin the runs whose time has come."""
    return running.start_due()
