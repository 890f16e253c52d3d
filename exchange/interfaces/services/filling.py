"""Filling tables from the systems of this platform, a part at a time."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from exchange.interfaces.enums import SourceKind
from exchange.interfaces.models import Cursor, Row, Table
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.datasets.filling import Filling, find

from .announcing import announce
from .landing import land, namer, uid_of
from .writing import storable

PART = 2_000
# What changed so shortly ago may have a neighbour that is not committed yet.
SETTLING = timedelta(seconds=20)


def fill(code: str) -> int:
    """The next part of one table; how many rows landed.

    Rows, cursor and announcement commit together.
    """
    filling = find(code)
    if filling is None:
        return 0
    with transaction.atomic():
        table = (
            Table.objects.select_for_update(of=("self",))
            .select_related("current")
            .filter(code=code, filled=True)
            .first()
        )
        return _part(table, filling) if table is not None else 0


def _part(table: Table, filling: Filling) -> int:
    cursor, _made = Cursor.objects.get_or_create(table=table)
    objects = _next(cursor, filling)
    records = [one for one in map(filling.record, objects) if one is not None]
    changed = list(_changed(table, [storable(dict(one)) for one in records]))
    if changed:
        moment = now()
        batch = land(
            table=table,
            rows=changed,
            source=filling.system,
            kind=SourceKind.SYSTEM,
            key=moment.isoformat(),
        )
        unfit = announce(table=table, rows=batch.rows.filter(current=True))
        cursor.landed += batch.count
        cursor.unfit += len(unfit)
        cursor.problem = unfit[-1].reason[:300] if unfit else cursor.problem
    _move(cursor, filling, objects)
    return len(changed)


def _next(cursor: Cursor, filling: Filling) -> list[Any]:
    found: list[Any] = []
    for rows in ranges(cursor, filling):
        found += rows[: PART - len(found)]
    return found


def ranges(cursor: Cursor, filling: Filling) -> "list[QuerySet[Any]]":
    """What comes after the cursor: ranges of an index, nothing before them is read."""
    rows, name = filling.rows(), filling.changed
    if not name:
        after = rows.filter(pk__gt=cursor.last) if cursor.last else rows
        return [after.order_by("pk")]
    rows = rows.filter(**{f"{name}__lt": now() - SETTLING}).order_by(name, "pk")
    if cursor.at is None:
        return [rows]
    return [
        rows.filter(**{name: cursor.at}, pk__gt=cursor.last),
        rows.filter(**{f"{name}__gt": cursor.at}),
    ]


def _move(cursor: Cursor, filling: Filling, objects: list[Any]) -> None:
    last = objects[-1] if objects else None
    if last is not None:
        cursor.last = str(last.pk)
        cursor.at = _moment(last, filling)
    if not filling.changed and len(objects) < PART:
        cursor.last = ""  # from the beginning again
    cursor.ran_at = now()
    cursor.save()


def _moment(last: Any, filling: Filling) -> datetime | None:
    return getattr(last, filling.changed) if filling.changed else None


def _changed(
    table: Table, records: list[dict[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Those whose current row has another content."""
    named = namer(table)
    uids: dict[UUID, dict[str, Any]] = {
        uid_of(table, own_node(), named(one)): one for one in records
    }
    present = Row.objects.filter(table=table, current=True, uid__in=list(uids))
    same = {
        row.uid
        for row in present.only("uid", "content").iterator()
        if row.content == uids[row.uid]
    }
    return (one for uid, one in uids.items() if uid not in same)
