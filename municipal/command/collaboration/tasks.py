"""Work of the workers and the beat: safe to run twice."""

from celery import shared_task

from .services import automatic, callbacks, learning


@shared_task
def auto_dispatch(pk: int) -> bool:
    """Dispatch one case by the rules."""
    return automatic.dispatch(pk)


@shared_task
def sweep_auto_dispatch() -> int:
    """Dispatch what was left."""
    return automatic.sweep()


@shared_task
def deliver(pk: int) -> bool:
    """Tell another system about a case."""
    return callbacks.deliver(pk)


@shared_task
def sweep_callbacks() -> int:
    """Send what is due again."""
    return callbacks.sweep()


@shared_task
def forget_old_counts() -> int:
    """Drop counts that nobody asks for any more."""
    return learning.forget()
