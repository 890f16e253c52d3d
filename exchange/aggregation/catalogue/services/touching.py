"""Counting how resources are used, by day."""

from typing import Any

from django.db import transaction
from django.db.models import F

from exchange.aggregation.catalogue.enums import Touch
from exchange.aggregation.catalogue.models import Resource, TouchCount
from platform_core.common.clock import today


@transaction.atomic
def touch(resource: Resource, way: Touch) -> None:
    """Count one use."""
    key: dict[str, Any] = {"resource": resource, "day": today(), "touch": way}
    TouchCount.objects.get_or_create(**key)
    TouchCount.objects.filter(**key).update(count=F("count") + 1)
