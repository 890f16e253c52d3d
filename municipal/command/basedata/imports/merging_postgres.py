"""Bring checked rows of a census into the table in sets: COPY, then a merge."""

import csv
from io import StringIO
from typing import Any

from django.db import connection

from municipal.command.basedata.enums import Change
from municipal.command.basedata.models import PastRevision
from municipal.command.models import Component
from platform_core.accounts.models import User
from platform_core.common import clock

from .batches import CHANGED, UNCHANGED, Outcome
from .components import TEXTS, UNITS, Batch
from .merging import removed_problem

STAGE = "census_stage"
TABLE = Component._meta.db_table
PAST = PastRevision._meta.db_table
COLUMNS = {
    "code": "varchar",
    "class_code": "varchar",
    "class_name": "varchar",
    "edition": "varchar",
    "lon": "double precision",
    "lat": "double precision",
    "cell": "bigint",
    "grid_code": "varchar",
    "geometry": "jsonb",
    **dict.fromkeys(UNITS, "bigint"),
    "status": "varchar",
    "surveyed_on": "date",
    "changed_on": "date",
    "valid_to": "date",
    **dict.fromkeys(TEXTS, "varchar"),
    "attributes": "jsonb",
}
STORED = {name: f"{name}_id" if name in UNITS else name for name in COLUMNS}
CREATE = f"""
CREATE TEMP TABLE IF NOT EXISTS {STAGE} (
    "row" bigint, {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())}
)"""
COPY = f'COPY {STAGE} ("row", {", ".join(COLUMNS)}) FROM STDIN WITH (FORMAT csv)'
SNAPSHOT = ("class_code", "edition", "lon", "lat", "geometry", *UNITS, "status")
SNAPSHOT_REST = (
    "address",
    "data_source",
    "note",
    "surveyed_on",
    "valid_to",
    "attributes",
)
VALUES = ", ".join(
    f"'{name}', c.{STORED[name]}" for name in (*SNAPSHOT, *SNAPSHOT_REST)
)
JOIN = f"{STAGE} s JOIN {TABLE} c ON c.code = s.code"


def merge(batch: Batch, *, by: User | None, note: str, trial: bool) -> Outcome:
    """Add what is new, change what differs; nothing at all on trial."""
    outcome = Outcome()
    if not len(batch):
        return outcome
    differs = f"({_pairs(batch, 'c')}) IS DISTINCT FROM ({_pairs(batch, 's')})"
    with connection.cursor() as cursor:
        _fill(cursor, batch)
        _sort_out(cursor, outcome, differs)
        if not trial:
            if outcome.changed:
                _keep_past(cursor, differs, by, note)
                _update(cursor, batch, differs)
            _insert(cursor)
    known = outcome.changed + outcome.unchanged + len(outcome.problems)
    outcome.new = len(batch) - known
    return outcome


def analyse() -> None:
    """Tell the planner what the table is like now."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")


def _pairs(batch: Batch, side: str) -> str:
    """The columns that the file speaks of, as they are or as they would be."""
    if side == "c":
        return ", ".join(f"c.{STORED[name]}" for name in batch.given)
    return ", ".join(_new_value(name) for name in batch.given)


def _new_value(name: str) -> str:
    if name == "attributes":
        return "c.attributes || s.attributes"
    return f"COALESCE(s.{name}, '')" if name in TEXTS else f"s.{name}"


def _fill(cursor: Any, batch: Batch) -> None:
    # A chunk is small beside the table: look each code up, never read all of it.
    cursor.execute("SET LOCAL enable_hashjoin = off")
    cursor.execute("SET LOCAL enable_mergejoin = off")
    cursor.execute(CREATE)
    cursor.execute(f"TRUNCATE {STAGE}")
    stream = StringIO()
    columns = (batch.columns[name] for name in COLUMNS)
    csv.writer(stream).writerows(zip(batch.rows, *columns, strict=True))
    stream.seek(0)
    cursor.copy_expert(COPY, stream)


def _sort_out(cursor: Any, outcome: Outcome, differs: str) -> None:
    """Lock what is known already and tell what the file does to it."""
    cursor.execute(
        f'SELECT s."row", s.code, {differs}, c.valid_to IS NOT NULL, '  # noqa: S608
        f"s.valid_to IS NULL FROM {JOIN} ORDER BY c.id FOR UPDATE OF c"
    )
    given_up = []
    for row, code, changed, removed, in_place in cursor.fetchall():
        if removed and in_place:
            outcome.problems.append(removed_problem(row, code))
        elif changed and not removed:
            outcome.changed += 1
            outcome.told.append((row, code, CHANGED))
        else:
            outcome.unchanged += 1
            outcome.told.append((row, code, UNCHANGED))
        if removed:
            given_up.append(row)
    if given_up:
        sql = f'DELETE FROM {STAGE} WHERE "row" = ANY(%s)'  # noqa: S608
        cursor.execute(sql, [given_up])


def _keep_past(cursor: Any, differs: str, by: User | None, note: str) -> None:
    cursor.execute(
        f'INSERT INTO {PAST} (component_id, number, "values", until, change, '  # noqa: S608
        f"by_id, note) SELECT c.id, c.revision, jsonb_build_object({VALUES}), "
        f"%s, %s, %s, %s FROM {JOIN} WHERE {differs}",
        [clock.now(), Change.IMPORT.value, by.pk if by else None, note],
    )


def _update(cursor: Any, batch: Batch, differs: str) -> None:
    named = [name for name in batch.given if name != "changed_on"]
    sets = ", ".join(f"{STORED[name]} = {_new_value(name)}" for name in named)
    cursor.execute(
        f"UPDATE {TABLE} c SET {sets}, "  # noqa: S608
        "changed_on = COALESCE(s.changed_on, %s), revision = c.revision + 1, "
        f"updated_at = %s FROM {STAGE} s WHERE c.code = s.code AND {differs}",
        [clock.today(), clock.now()],
    )


def _insert(cursor: Any) -> None:
    """By place, so that neighbours meet the same pages of the indexes."""
    named = [
        f"COALESCE(s.{name}, '')" if name in TEXTS else f"s.{name}" for name in COLUMNS
    ]
    cursor.execute(
        f"INSERT INTO {TABLE} ({', '.join(STORED.values())}, "  # noqa: S608
        "revision, is_sample, created_at, updated_at) "
        f"SELECT {', '.join(named)}, 1, FALSE, %s, %s FROM {STAGE} s "
        "ORDER BY s.cell ON CONFLICT (code) DO NOTHING",
        [clock.now(), clock.now()],
    )
