"""The version of this node's figures: one number in the cache, no query."""

from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

from platform_core.common.clock import now

KEY = "monitoring.version"
REFRESH_SECONDS = 30


def version() -> str:
    """Changes with every figure or digest, and at least twice a minute."""
    token = cache.get(KEY)
    if token is None:
        token = uuid4().hex
        cache.add(KEY, token, timeout=None)
    return f"{token}-{int(now().timestamp()) // REFRESH_SECONDS}"


def changed() -> None:
    """Note a change once it is committed."""
    transaction.on_commit(_renew)


def _renew() -> None:
    cache.set(KEY, uuid4().hex, timeout=None)
