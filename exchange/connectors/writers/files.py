"""Into a CSV, Excel or GeoJSON file: seen under its name only when it is whole."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exchange.connectors.enums import Mode
from exchange.connectors.models import Source
from exchange.connectors.readers.files import drop_of

from .base import Letter, Refused
from .sheets import SHEETS, BadCell, Sheet

DIGITS = 12


class FileWriter:
    """One file for each run.

    A full run replaces the file of its name. An incremental one makes a file named
    by the row that it begins behind: repeated, it makes the same one again.
    """

    whole = True
    removes = False

    def __init__(self, source: Source, definition: Mapping[str, Any]) -> None:
        self.pick: Mapping[str, Any] = definition["pick"]
        self.incremental = definition["mode"] == Mode.INCREMENTAL
        self.form = self.pick.get("form") or "csv"
        self.name = self._named(definition)
        self.columns = list(definition["columns"])
        self.sheet: Sheet | None = None
        self.drop = drop_of(source, make=True)
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "rows"

    def _named(self, definition: Mapping[str, Any]) -> str:
        base = str(self.pick["name"])
        if definition.get("name"):
            base = f"{base}-{definition['name']}"
        elif self.incremental:
            base = f"{base}-{definition.get('first', 0):0{DIGITS}}"
        return f"{base}.{self.form}"

    def check(self, columns: Sequence[str]) -> None:
        """A file takes any columns."""

    def write(self, letters: Sequence[Letter]) -> list[Refused]:
        refused = []
        for letter in letters:
            try:
                self._open().add([letter.record.get(name) for name in self.columns])
            except BadCell as error:
                refused.append(Refused(letter, str(error)))
        return refused

    def _open(self) -> Sheet:
        if self.sheet is None:
            self.sheet = SHEETS[self.form](self.path, self.columns, self.pick)
        return self.sheet

    def finish(self) -> None:
        """Put the file into its place; nothing new makes no file."""
        if self.sheet is None and self.incremental:
            return
        self._open().end()
        self.drop.put(self.path, self.name)

    def close(self) -> None:
        if self.sheet is not None:
            self.sheet.close()
        self.drop.close()
        self.folder.cleanup()
