"""Work of the beat for the wall: safe to run twice."""

from celery import shared_task

from .board import spots, summing


@shared_task
def sum_up() -> int:
    """Add up the steps that were made."""
    return summing.sum_all()


@shared_task
def tidy() -> int:
    """Drop old changes, find recurring problems anew."""
    summing.forget()
    return spots.rebuild()
