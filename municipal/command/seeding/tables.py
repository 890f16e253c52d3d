"""Fill big tables quickly: their indexes and keys are put back at the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Values = Sequence[Any] | Mapping[str, Any] | None
CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
ORDER BY contype DESC, conname
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
ORDER BY indexrelid
"""
QUICK = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET LOCAL maintenance_work_mem = '512MB'",
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL synchronous_commit = off",
)


@contextmanager
def bare(*tables: str) -> Iterator[None]:
    """Tables without foreign keys, unique keys and indexes, inside a transaction."""
    names = list(tables)
    run(*QUICK)
    constraints = rows(CONSTRAINTS, [names])
    for table, name, _definition in constraints:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = rows(INDEXES, [names])
    for name, _definition in indexes:
        run(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        run(definition)
    for table, name, definition in constraints:
        run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def run(*statements: str, values: Values = None) -> None:
    """Execute statements one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def rows(statement: str, values: Values = None) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fill(table: str, columns: Sequence[str], given: Sequence[Sequence[Any]]) -> None:
    """Insert a few thousand rows of plain values."""
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            given,
        )
