"""What fusion does in the background; every task may run twice."""

from celery import shared_task

from .services import scheduling


@shared_task(name="fusion.start_due")
def start_due() -> int:
    """Start the runs that the clock or new rows ask for."""
    return scheduling.start_due()
