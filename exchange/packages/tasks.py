"""What packages do in the background; every task may run twice."""

from celery import shared_task

from .services import keeping


@shared_task(name="packages.clean")
def clean() -> int:
    """Remove the files of old packages."""
    return keeping.clean()
