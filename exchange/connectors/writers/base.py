"""What a writer is given, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from exchange.connectors import records
from exchange.connectors.readers.base import Item


@dataclass(slots=True)
class Letter:
    """A record as the other end is to have it."""

    item: Item
    record: dict[str, Any]

    @property
    def withdrawn(self) -> bool:
        """Is the record gone at its origin?"""
        return bool(self.item.row.get(records.WITHDRAWN))

    @property
    def mark(self) -> str:
        """The same for the same revision of the same record."""
        row = self.item.row
        return f"{row.get(records.UID)}:{row.get(records.REVISION)}"


@dataclass(slots=True)
class Refused:
    """A record that the other end does not take, and why."""

    letter: Letter
    reason: str
    field: str = ""
    code: str = "refused"


class Writer(Protocol):
    """Puts records where a flow sends them; writing the same twice does no harm.

    With `whole` nothing is to be seen at the other end before `finish`.
    """

    whole: bool
    # Does it take withdrawn records away at the other end?
    removes: bool

    def check(self, columns: Sequence[str]) -> None:
        """Refuse where the other end cannot take these columns."""

    def write(self, letters: Sequence[Letter]) -> list[Refused]:
        """Deliver one batch; what the other end refuses."""

    def finish(self) -> None:
        """Everything was written."""

    def close(self) -> None:
        """Let go of connections and of what is half done."""
