"""A DuckDB file to work in, with a bound on memory and no way to the network."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from . import texts
from .sql import pointer

MEMORY = "400MB"
THREADS = 2
BATCH = 5_000
LINES = (
    "read_json(?, format='newline_delimited', columns={'landed': 'BIGINT', "
    "'uid': 'VARCHAR', 'moment': 'VARCHAR', 'content': 'JSON'})"
)
FUNCTIONS = {"alike": texts.alike, "address_alike": texts.address_alike}


class Workspace:
    """The rows of one run and what was found in them.

    `again` opens the file of a run that ended, to go on reading.
    """

    def __init__(self, folder: Path, *, again: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "work.duckdb"
        if not again:
            for old in (file, folder / "work.duckdb.wal"):
                old.unlink(missing_ok=True)
        self.base: DuckDBPyConnection = duckdb.connect(
            str(file),
            config={
                "memory_limit": MEMORY,
                "threads": THREADS,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )
        self.base.execute("SET TimeZone = 'UTC'")
        for name, function in FUNCTIONS.items():
            self.base.create_function(name, function, ["VARCHAR", "VARCHAR"], "DOUBLE")

    def close(self) -> None:
        """Give the functions back before the connection, which holds on to them."""
        for name in FUNCTIONS:
            self.base.remove_function(name)
        self.base.close()

    def run(self, text: str, *values: Any) -> DuckDBPyConnection:
        """One statement with its parameters."""
        return self.base.execute(text, list(values))

    def number(self, text: str, *values: Any) -> int:
        """The one whole number that a question has for an answer."""
        found = self.base.execute(text, list(values)).fetchone()
        return int(found[0] or 0) if found else 0

    def stream(self, text: str, *values: Any) -> Iterator[tuple]:
        """Rows of an answer, a batch at a time."""
        reader = self.base.cursor()
        reader.execute(text, list(values))
        while batch := reader.fetchmany(BATCH):
            yield from batch
        reader.close()

    def raw(self, source: Path, names: Sequence[str]) -> None:
        """Read a file of rows into `raw`: landed, uid, moment, v1, v2, … as texts."""
        columns = "".join(f", v[{n + 1}] AS v{n}" for n in range(len(names)))
        self.run(
            f"CREATE OR REPLACE TABLE raw AS SELECT landed, uid, moment{columns} FROM ("
            "SELECT landed, uid, moment, "
            f"json_extract_string(content, ?::VARCHAR[]) AS v FROM {LINES})",
            [pointer(name) for name in names] or ["/"],
            str(source),
        )
