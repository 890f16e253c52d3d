"""Work of the workers and the beat: safe to run twice."""

from celery import shared_task

from .services import attendance, leading, tracks


@shared_task
def watch_duties() -> int:
    """Close forgotten duties and roll calls, note who is absent or silent."""
    return attendance.sweep() + leading.close_roll_calls()


@shared_task
def forget_tracks() -> int:
    """Delete positions older than the rules allow."""
    return tracks.forget()
