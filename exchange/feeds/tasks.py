"""What feeds do in the background; every task may run twice."""

import structlog
from celery import shared_task

from platform_core.common.errors import DomainError

from .services import applications, pulling, serving, subscriptions

log = structlog.get_logger(__name__)


@shared_task(name="feeds.push")
def push() -> None:
    """Queue what is new for those who want to be sent it."""
    serving.push_all()


@shared_task(name="feeds.pull")
def pull_all() -> None:
    """Fetch from every peer that is due, each by itself."""
    for application_id in pulling.due():
        pull.delay(application_id)


@shared_task(name="feeds.pull_one")
def pull(application_id: int) -> None:
    """Fetch what one own subscription brings."""
    pulling.pull(application_id)


@shared_task(name="feeds.refresh")
def refresh_all() -> None:
    """Ask how the own subscriptions stand."""
    for application_id in applications.waiting().values_list("pk", flat=True):
        refresh.delay(application_id)


@shared_task(name="feeds.refresh_one")
def refresh(application_id: int) -> None:
    """Ask how one own subscription stands."""
    try:
        applications.refresh(application_id)
    except DomainError as error:
        log.info("feeds.refresh_failed", id=application_id, error=str(error.message))


@shared_task(name="feeds.expire")
def expire() -> None:
    """End what ran out."""
    subscriptions.expire()
