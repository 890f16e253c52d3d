"""Background work of accounts."""

from celery import shared_task

from . import services


@shared_task
def tidy() -> int:
    """Drop sessions and tokens that have ended and old failed attempts."""
    return services.tidy()
