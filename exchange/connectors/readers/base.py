"""What a reader gives: rows with their place, and the ends of files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

Position = dict[str, Any]


@dataclass(slots=True)
class Item:
    """One row; `position` is where reading goes on behind it.

    A row that could not be taken apart has a `fault` and what there is of it.
    """

    row: dict[str, Any]
    line: int
    position: Position
    place: str = ""
    fault: str = ""


@dataclass(slots=True)
class Began:
    """From here on rows have these columns; None where they need not be alike."""

    columns: list[str] | None
    name: str = ""


@dataclass(slots=True)
class Ended:
    """A file was read to its end."""

    name: str
    digest: str
    size: int
    rows: int
    position: Position = field(default_factory=dict)


Event = Item | Began | Ended


class Reader(Protocol):
    """The rows of a source from a position on, in constant memory."""

    def columns(self) -> list[str] | None:
        """The columns there are now; None where rows need not be alike."""

    def items(self, position: Position) -> Iterator[Event]:
        """What comes behind a position; {} begins anew."""

    def settle(self, ended: Ended) -> None:
        """Called when the rows of a file are kept for good."""

    def close(self) -> None:
        """Let go of connections."""
