"""The records of a table as outgoing flows take them: the newest of each."""

from collections.abc import Iterator
from typing import Any

from exchange.interfaces.models import Row, Table
from platform_core.common.clock import now

from .enums import SETTLING
from .readers.base import Item

UID, REVISION, ORIGIN = "_uid", "_revision", "_origin"
LANDED, WITHDRAWN = "_landed_at", "_withdrawn"
# What is known of a record beside its content; fields of a mapping may name it.
FACTS = (UID, REVISION, ORIGIN, LANDED, WITHDRAWN)
PAGE = 2_000


def fields_of(table: Table) -> list[str]:
    """What a mapping may take: all but personal data, which stays here."""
    return [*(one.code for one in table.fields if not one.personal), *FACTS]


def items(table: Table, after: int, *, settled: bool) -> Iterator[Item]:
    """Current records behind a row, as they landed.

    With `settled` those of the last seconds wait for the next time: a neighbour
    with a lower number may not be committed yet.
    """
    rows = Row.objects.filter(table=table, current=True, pk__gt=after)
    if settled:
        rows = rows.filter(landed_at__lt=now() - SETTLING)
    personal = {one.code for one in table.fields if one.personal}
    for row in rows.order_by("pk").iterator(chunk_size=PAGE):
        yield Item(_content(row, personal), row.pk, {"last": row.pk}, row.key)


def _content(row: Row, personal: set[str]) -> dict[str, Any]:
    given = {name: one for name, one in row.content.items() if name not in personal}
    return {
        **given,
        UID: str(row.uid),
        REVISION: row.revision,
        ORIGIN: row.origin,
        LANDED: row.landed_at.isoformat(),
        WITHDRAWN: row.withdrawn,
    }


def overtaken(table: Table, raw: dict[str, Any], line: int) -> bool:
    """Has a record got a newer revision than the one that was taken?"""
    newer = Row.objects.filter(table=table, current=True, pk__gt=line)
    return newer.filter(uid=str(raw[UID])).exists()
