"""Work of the workers: safe to run twice."""

from celery import shared_task

from . import services


@shared_task
def run(pk: int) -> None:
    """Do one job."""
    services.run(pk)


@shared_task
def sweep() -> int:
    """Send out forgotten jobs."""
    return services.sweep()
