"""The offered tables as contracts between platforms: `standard.<table>`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rest_framework import serializers

from platform_core.common.snapshots import Snapshot
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset

from .enums import OFFERED, Direction
from .models import Row, Table, TableVersion
from .services import receiving

snapshot = Snapshot("interfaces")
snapshot.watch(Table, TableVersion)
SHARED = (Direction.UP, Direction.DOWN, Direction.BOTH)


class RowSerializer(serializers.BaseSerializer):
    """A row as it travels: its content, exactly."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        content: dict[str, Any] = instance.content
        return content


def nobody(row: Any) -> list[str]:
    """Only those who subscribe get it."""
    return []


@dataclass(frozen=True)
class TableDataset(Dataset):
    """A version of a table; its schema is data, personal fields stay at home."""

    stored: Mapping[str, Any] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of `data`."""
        return dict(self.stored)

    def data(self, obj: Any) -> dict[str, Any]:
        """The content without personal data; empty optional values are left out."""
        return {
            name: value
            for name, value in super().data(obj).items()
            if name not in self.personal
        }


def of(version: TableVersion) -> TableDataset:
    """The contract of an offered version."""
    table = version.table
    shared = table.direction in SHARED
    return TableDataset(
        code=table.interface,
        version=version.number,
        name=table.name,
        direction="down" if table.direction == Direction.DOWN else "up",
        both_ways=table.direction == Direction.BOTH,
        model=Row,
        serializer=RowSerializer,
        apply=receiving.apply,
        apply_many=receiving.apply_many,
        recipients=None if table.reported and shared else nobody,
        share="unconditional" if shared else "none",
        frequency=table.frequency or "on_change",
        state=version.state,
        stored=version.schema,
        personal=frozenset(version.personal),
    )


def _load() -> dict[registry.Key, Dataset]:
    offered = TableVersion.objects.filter(state__in=OFFERED)
    found = offered.select_related("table").prefetch_related("fields")
    return {(one.table.interface, one.number): of(one) for one in found}


def offered() -> Mapping[registry.Key, Dataset]:
    """The contracts of all offered versions, from memory."""
    return snapshot.get("all", _load)


registry.add_source(offered)
