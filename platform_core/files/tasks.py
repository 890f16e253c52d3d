"""Work of the beat: safe to run twice."""

from celery import shared_task

from . import uploads


@shared_task
def prune_uploads() -> int:
    """Forget uploads that were given up."""
    return uploads.prune()
