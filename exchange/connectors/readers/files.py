"""All files of a place that are new, one after the other."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from exchange.connectors.enums import Mode
from exchange.connectors.models import Source

from . import tables
from .base import Began, Ended, Event, Item, Position
from .drops import FolderDrop, digest
from .sftp import SftpDrop


def drop_of(source: Source, *, make: bool = False) -> Any:
    """The place where the files of a source lie; `make` a folder that is missing."""
    if source.settings["place"] == "sftp":
        return SftpDrop(source)
    return FolderDrop(source.settings["folder"], make=make)


class FileReader:
    """Rows of files; a file whose content was read before is left out."""

    def __init__(
        self, source: Source, definition: Mapping[str, Any], seen: frozenset[str]
    ) -> None:
        self.pick = dict(definition["pick"])
        self.incremental = definition.get("mode") == Mode.INCREMENTAL
        self.moves = self.pick.get("after") == "move"
        self.seen = seen
        self.drop = drop_of(source)

    def _names(self) -> list[str]:
        names: list[str] = self.drop.names(self.pick.get("pattern") or "*")
        return names

    def columns(self) -> list[str] | None:
        """The columns of the first file; None where there is no file now."""
        for name in self._names():
            with self.drop.fetch(name) as path:
                if not (self.incremental and digest(path) in self.seen):
                    return tables.open_table(path, name, self.pick).columns()
        return None

    def items(self, position: Position) -> Iterator[Event]:
        done: list[str] = list(position.get("done", []))
        for name in self._names():
            with self.drop.fetch(name) as path:
                mark = digest(path)
                if mark in done or (self.incremental and mark in self.seen):
                    self._clear(name)
                    continue
                here = position.get("row", 0) if position.get("file") == mark else 0
                yield from self._file(path, name, mark, skip=here, done=done)
                done.append(mark)

    def _file(
        self, path: Path, name: str, mark: str, *, skip: int, done: list[str]
    ) -> Iterator[Event]:
        opened = tables.open_table(path, name, self.pick)
        yield Began(opened.columns(), name)
        count = 0
        for count, (row, line, fault) in enumerate(opened.lines(), 1):
            if count > skip:
                where = {"done": list(done), "file": mark, "row": count}
                yield Item(row, line, where, name, fault)
        behind = {"done": [*done, mark]}
        yield Ended(name, mark, path.stat().st_size, count, behind)

    def _clear(self, name: str) -> None:
        if self.moves:
            self.drop.put_aside(name)

    def settle(self, ended: Ended) -> None:
        self._clear(ended.name)

    def close(self) -> None:
        self.drop.close()
