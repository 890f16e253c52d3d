"""What files can hold: components, or features of a thematic layer."""

from typing import Any, Protocol

from django.db import connection

from municipal.command.basedata.components import counts, records
from municipal.command.basedata.models import Delivery
from platform_core.accounts.models import User
from platform_core.common import live

from . import merging, merging_postgres
from .batches import Outcome
from .components import Reader
from .fields import Field, component_fields
from .layers import LayerTarget, layer_fields
from .sources import Chunk

COMPONENTS = "components"
LAYER = "layer:"


class Target(Protocol):
    """What the rows of a file become."""

    def skip(self, chunk: Chunk) -> None:
        """Go past a chunk that was taken before a crash."""

    def take(self, chunk: Chunk, *, trial: bool) -> Outcome:
        """Check the rows and, unless it is a trial, store them."""

    def finish(self) -> None:
        """What remains to be done once all rows are stored."""


class ComponentTarget:
    """Rows that become components."""

    def __init__(self, delivery: Delivery, move: Any, by: User | None) -> None:
        self.reader = Reader(delivery.mapping, move)
        self.by, self.note = by, delivery.name
        self.postgres = connection.vendor == "postgresql"
        self.merge = merging_postgres.merge if self.postgres else merging.merge

    def skip(self, chunk: Chunk) -> None:
        """Only the codes count: none may come twice."""
        self.reader.skip(chunk)

    def take(self, chunk: Chunk, *, trial: bool) -> Outcome:
        """Check the rows and, unless it is a trial, store them."""
        batch = self.reader.read(chunk)
        outcome = self.merge(batch, by=self.by, note=self.note, trial=trial)
        outcome.problems = sorted(
            [*batch.problems, *outcome.problems], key=lambda one: one.row
        )
        return outcome

    def finish(self) -> None:
        """Count anew and have the maps drawn anew."""
        if self.postgres:
            merging_postgres.analyse()
        counts.rebuild()
        live.bump(records.TOPIC)


def fields_of(target: str) -> tuple[Field, ...]:
    """The fields that a file of a kind may fill."""
    if target.startswith(LAYER):
        return layer_fields(target.removeprefix(LAYER))
    return component_fields()


def target_of(delivery: Delivery, move: Any, by: User | None) -> Target:
    """Where the rows of a delivery go."""
    if delivery.target.startswith(LAYER):
        return LayerTarget(delivery, move, by, delivery.target.removeprefix(LAYER))
    return ComponentTarget(delivery, move, by)
