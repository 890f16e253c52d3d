"""Background work of the audit log."""

from celery import shared_task

from . import services


@shared_task
def seal() -> int:
    """Chain the rows committed since the last run."""
    return services.seal()
