"""What the scheduler runs."""

from celery import shared_task

from .services import reminders


@shared_task
def mark_overdue() -> int:
    """Mark assignments whose deadline has passed."""
    return reminders.mark_overdue()


@shared_task
def remind() -> int:
    """Give the reminders that are due."""
    return reminders.remind()
