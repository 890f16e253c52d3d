"""Work of the beat: safe to run twice."""

from celery import shared_task

from .services import upkeep


@shared_task
def mark_overdue() -> int:
    """Mark late cases."""
    return upkeep.mark_overdue()


@shared_task
def resume_paused() -> int:
    """Resume paused cases."""
    return upkeep.resume_paused()
