"""Offering own rows to other platforms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from exchange.interfaces.enums import OFFERED, Direction
from exchange.interfaces.models import Row, Table
from platform_core.common.errors import ContractViolation
from platform_core.common.models import own_node
from platform_core.datasets.services import publish


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that does not fit the schema of its table, and why."""

    pk: int
    reason: str


def travels(table: Table) -> bool:
    """Do records of this table go to other platforms?"""
    shared = table.direction in (Direction.UP, Direction.DOWN, Direction.BOTH)
    return shared and table.state in OFFERED


@transaction.atomic
def announce(*, table: Table, rows: Iterable[Row]) -> list[Unfit]:
    """Announce own rows that fit the schema; those that do not, with the reason."""
    unfit: list[Unfit] = []
    if not travels(table):
        return unfit
    for row in rows:
        if row.origin != own_node():
            continue
        try:
            publish(table.interface, row, op="withdraw" if row.withdrawn else "upsert")
        except ContractViolation as error:
            unfit.append(Unfit(row.pk, str(error.message)))
    return unfit
