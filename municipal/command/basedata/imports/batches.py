"""Rows of a chunk that passed all checks, and why the others did not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

Value = TypeVar("Value")
KEPT = 10_000  # texts that differ in every row must not fill the memory
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True)
class Problem:
    """Why a row was not taken."""

    row: int
    reason: str
    field: str = ""
    value: str = ""


@dataclass
class Outcome:
    """What became of a chunk; `told` are row, code and result for the report."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    told: list[tuple[int, str, str]] = field(default_factory=list)


class Refused(Exception):
    """A value that cannot be what it should be."""


class Memo(dict[str, Any], Generic[Value]):
    """What a text stands for, worked out once; a Refused is kept as it is."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        try:
            found: Any = self._read(text.strip())
        except Refused as error:
            found = error
        if len(self) >= KEPT:
            self.clear()
        self[text] = found
        return found


def read_day(text: str) -> date | None:
    """A day as 20260701, 2026-07-01 or 2026/07/01; None for nothing."""
    if not text:
        return None
    plain = text.replace("-", "").replace("/", "")
    try:
        if len(plain) != 8 or not plain.isascii():
            raise ValueError(text)
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError as error:
        raise Refused(_("This is not a day (YYYYMMDD).")) from error


def limited(most: int) -> Callable[[str], str]:
    """A text that may not be longer than the standard allows."""

    def read(text: str) -> str:
        if len(text) > most:
            raise Refused(_("The text is longer than %(most)d.") % {"most": most})
        if "\x00" in text:
            raise Refused(_("The text holds unreadable characters."))
        return text

    return read


class Sieve:
    """Marks the rows of a chunk that are not to be taken; the first reason counts."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        self.bad: dict[int, Problem] = {}

    def refuse(self, place: int, reason: str, name: str, value: object) -> None:
        """Leave a row out."""
        if place not in self.bad:
            self.bad[place] = Problem(self.rows[place], reason, name, str(value))

    def read(self, name: str, texts: list[str], memo: Memo[Any]) -> list[Any]:
        """The values of a column; rows whose value is refused are marked."""
        found = [memo[text] for text in texts]
        for place, value in enumerate(found):
            if isinstance(value, Refused):
                self.refuse(place, str(value), name, texts[place])
        return found

    def good(self) -> list[int]:
        """Places of the rows that are left."""
        return [place for place in range(len(self.rows)) if place not in self.bad]
