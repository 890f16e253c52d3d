"""Beats of performance evaluation: safe to run twice."""

from celery import shared_task

from . import closing, rewriting, summing
from .services import running


@shared_task
def add_up() -> int:
    """Write anew what is stale, then add what is new to the sums."""
    return rewriting.rewrite_stale() + summing.add_all()


@shared_task
def close_days() -> int:
    """Write the waiting cases of the days that are over."""
    return closing.close_days()


@shared_task
def evaluate_due() -> int:
    """Evaluate the periods that are over, as the timetable asks."""
    return running.run_due()
