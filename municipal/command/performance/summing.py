"""Add flags up by day, object and class; the beat does it for what is new.

A new row says that it is not in the sums yet. It is added and marked in one
transaction, so a crash neither loses nor doubles it; one that commits late is simply
found by the next round. Whoever changes sums passes a turnstile, one at a time.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction

from platform_core.common.models import Sequence as Counter

from . import measures, scopes
from .enums import ObjectKind
from .models import RollUp, StepFlags

BATCH = 2000
TURNSTILE = "performance.sums"
KEYS = ("kind", "day", "key", "edition", "class_kind", "class_major")
SQL = """
INSERT INTO {sums} (kind, day, key, edition, class_kind, class_major, {columns})
SELECT '{kind}', day, CAST({field} AS varchar(20)), edition, class_kind,
    substr(class_code, 1, 2), {counts}
FROM {flags}
WHERE {where} AND {present} AND (exempt & {bit}) = 0
GROUP BY day, {field}, edition, class_kind, substr(class_code, 1, 2)
HAVING {any}
ON CONFLICT ({keys}) DO UPDATE SET {added}
"""


def enter() -> None:
    """Wait for one's turn; the next one comes when this transaction ends."""
    Counter.take(TURNSTILE)


@cache
def _statement(kind: ObjectKind, sign: int) -> str:
    """The statement that adds rows to the sums of a kind, or takes them out."""
    names = measures.stored(kind)
    name, table = scopes.FIELDS[kind], RollUp._meta.db_table
    text = name.endswith("_code")
    field = name if text else f"{name}_id"
    return SQL.format(
        sums=table,
        flags=StepFlags._meta.db_table,
        kind=kind.value,
        field=field,
        columns=", ".join(names),
        counts=", ".join(f"NULLIF({sign} * count({name}), 0)" for name in names),
        present=f"{field} <> ''" if text else f"{field} IS NOT NULL",
        bit=1 << list(ObjectKind).index(kind),
        any=" OR ".join(f"count({name}) > 0" for name in names),
        keys=", ".join(KEYS),
        added=", ".join(
            f"{name} = NULLIF(COALESCE({table}.{name}, 0)"
            f" + COALESCE(excluded.{name}, 0), 0)"
            for name in names
        ),
        where="{where}",
    )


def add(where: str, values: Sequence[Any], *, sign: int = 1) -> None:
    """Add the rows of a condition to all sums, or take them out."""
    with connection.cursor() as cursor:
        for kind in ObjectKind:
            statement = _statement(kind, sign).replace("{where}", where)
            cursor.execute(statement, values)


def add_rows(keys: Collection[int], *, sign: int = 1) -> None:
    """Add single rows, or take them out."""
    if keys:
        marks = ", ".join(["%s"] * len(keys))
        add(f"id IN ({marks})", list(keys), sign=sign)


@transaction.atomic
def add_new(*, limit: int = BATCH) -> int:
    """Add rows that are not in the sums yet; how many. Safe to run twice."""
    if not StepFlags.objects.filter(summed=False).exists():
        return 0
    enter()
    new = StepFlags.objects.filter(summed=False, stale=False).order_by("pk")
    locked = new.select_for_update(skip_locked=True, of=("self",))
    keys = list(locked.values_list("pk", flat=True)[:limit])
    add_rows(keys)
    StepFlags.objects.filter(pk__in=keys).update(summed=True)
    return len(keys)


def add_all() -> int:
    """Add until nothing is new; how many rows."""
    total = 0
    while done := add_new():
        total += done
    return total
