"""Contracts are validated when a platform starts."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from jsonschema.exceptions import SchemaError

from . import registry

NEEDED = ("uid", "origin", "revision")


@register()
def check_datasets(**kwargs: Any) -> list[CheckMessage]:
    """Every contract has a valid schema and a model that can travel."""
    return [found for dataset in registry.registered() for found in _check(dataset)]


def _check(dataset: registry.Dataset) -> Iterator[CheckMessage]:
    present = {field.name for field in dataset.model._meta.get_fields()}
    for name in NEEDED:
        if name not in present:
            yield Error(
                f"{dataset.code}: {dataset.model.__name__} has no field {name}",
                id="datasets.E001",
            )
    if dataset.direction == "down" and dataset.recipients is None:
        yield Error(f"{dataset.code}: says nobody to send to", id="datasets.E003")
    try:
        dataset.problem({})
    except SchemaError as error:
        yield Error(f"{dataset.code}: {error.message}", id="datasets.E002")
