"""Work of the beat: safe to run twice."""

from celery import shared_task

from . import texts


@shared_task
def send_texts() -> int:
    """Send the text messages that are due."""
    return texts.send_due()
