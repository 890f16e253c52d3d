"""What the catalogue does in the background; every task may run twice."""

from celery import shared_task

from .services import measuring, uses


@shared_task(name="catalogue.measure")
def measure() -> None:
    """Write down how big the tables are."""
    measuring.measure()


@shared_task(name="catalogue.end_uses")
def end_uses() -> None:
    """End the uses whose period is over."""
    uses.end_over()
