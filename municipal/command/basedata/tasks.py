"""Work of the clock: safe to run twice."""

from celery import shared_task

from .classes import services as classes


@shared_task
def apply_class_versions() -> int:
    """Bring into effect the versions of classes whose day has come."""
    return classes.apply_due()
