"""Background work of the monitoring system."""

from celery import shared_task

from .services import fold_all


@shared_task(ignore_result=True)
def fold_figures() -> int:
    """Add up what was counted since the last run."""
    return fold_all()
