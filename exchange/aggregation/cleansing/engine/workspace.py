"""A DuckDB file to work in, with a bound on memory and no way to the network."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
from duckdb import DuckDBPyConnection

from .sql import Sql

MEMORY = "200MB"
THREADS = 2
READERS = {
    ".ndjson": "read_json(?, format='newline_delimited', "
    "columns={'row': 'BIGINT', 'group': 'INTEGER', 'content': 'JSON'})",
    ".parquet": "read_parquet(?)",
}


class Workspace(AbstractContextManager["Workspace"]):
    """The rows of one run and what was found in them."""

    def __init__(self, folder: Path, *, memory: str, again: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "work.duckdb"
        if not again:
            for old in (self.file, folder / "work.duckdb.wal"):
                old.unlink(missing_ok=True)
        self.base: DuckDBPyConnection = duckdb.connect(
            str(self.file),
            config={
                "memory_limit": memory,
                "threads": THREADS,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )
        self.base.execute("SET TimeZone = 'UTC'")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.base.close()

    def __enter__(self) -> Self:
        return self

    def run(self, sql: Sql) -> DuckDBPyConnection:
        """One statement with its parameters."""
        return self.base.execute(sql.text, list(sql.values))

    def number(self, text: str, *values: Any) -> int:
        """The one whole number that a question has for an answer."""
        found = self.base.execute(text, list(values)).fetchone()
        return int(found[0]) if found else 0

    def load(self, source: Path, fields: Sequence[str]) -> int:
        """Read the rows of a file into columns f0, f1, …; how many.

        Each has a number (`row`), a number of who sent it (`group`) and its values
        (`content`, an object; in Parquet its JSON text). A field is looked up by a
        JSON pointer, so that any name will do; what is no text comes as JSON.
        """
        reader = READERS[source.suffix]
        columns = "".join(f", v[{n + 1}] AS f{n}" for n in range(len(fields)))
        self.base.execute(
            f'CREATE TABLE "rows" AS SELECT "row", "group"{columns} FROM ('
            'SELECT "row", "group", '
            "json_extract_string(content, ?::VARCHAR[]) AS v "
            f"FROM {reader})",
            [[pointer(name) for name in fields], str(source)],
        )
        return self.number('SELECT count(*) FROM "rows"')


def pointer(name: str) -> str:
    """The JSON pointer of a member.  [RFC 6901]"""
    return "/" + name.replace("~", "~0").replace("/", "~1")
