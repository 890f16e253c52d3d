"""Starting the pump at once after a change, and dropping what is old."""

from datetime import timedelta

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from exchange.delivery.enums import NONCE_HOURS
from exchange.delivery.models import BlobTransfer, Call, RefusedGroup
from exchange.delivery.signatures import forget_nonces
from platform_core.common.clock import now
from platform_core.common.models import own_node

from . import early

log = structlog.get_logger(__name__)
KEEP_CALLS = timedelta(days=30)


def _mark() -> str:
    return f"exchange.kick:{own_node()}"


def kick_after_commit() -> None:
    """Ask for the pump as soon as the change is committed."""
    transaction.on_commit(kick)


def kick() -> None:
    """Start the pump unless it was asked for already; beat does it anyway."""
    try:
        if cache.add(_mark(), 1, 2):
            current_app.send_task("delivery.pump", retry=False)
    except (OperationalError, RedisError) as error:
        log.warning("exchange.kick_failed", error=str(error))


def kicked() -> None:
    """The pump begins; the next change asks for it anew."""
    cache.delete(_mark())


def clean() -> int:
    """Drop old nonces, calls, refused groups and notes of files that arrived."""
    old = now() - KEEP_CALLS
    return (
        forget_nonces(NONCE_HOURS)
        + Call.objects.filter(at__lt=old).delete()[0]
        + early.forget()
        + BlobTransfer.objects.filter(finished_at__lt=old).delete()[0]
        + RefusedGroup.objects.filter(received_at__lt=old).delete()[0]
    )
