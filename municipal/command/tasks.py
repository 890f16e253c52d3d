"""Work of the beat: safe to run twice."""

from celery import shared_task

from .services import alerts, upkeep


@shared_task
def mark_overdue() -> int:
    """Mark late cases."""
    return upkeep.mark_overdue()


@shared_task
def resume_paused() -> int:
    """Resume paused cases."""
    return upkeep.resume_paused()


@shared_task
def send_alerts() -> int:
    """Warn before deadlines, escalate after them."""
    return alerts.send_due()
