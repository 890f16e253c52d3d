"""Changes of the catalogue by an administrator."""

from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

from .models import CatalogueState
from .selectors import VERSION_KEY, VERSION_SECONDS


def mark_changed() -> None:
    """Give the catalogue a new version, so that every process reads it again."""
    version = uuid4().hex
    CatalogueState.objects.update_or_create(
        pk=CatalogueState.ROW, defaults={"version": version}
    )
    cache.delete(VERSION_KEY)
    transaction.on_commit(lambda: cache.set(VERSION_KEY, version, VERSION_SECONDS))
