"""Pieces of SQL that carry their parameters; values never become SQL text."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Sql(NamedTuple):
    """SQL text with the values of its question marks, in order."""

    text: str
    values: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return self.text


def join(template: str, *parts: Sql | Any) -> Sql:
    """Put parts into the braces of a template; what is not SQL becomes a parameter.

    `join("{} > {}", column, 5)` is `f1 > ?` with the value 5.
    """
    texts: list[str] = []
    values: list[Any] = []
    for part in parts:
        given = part if isinstance(part, Sql) else Sql("?", (part,))
        texts.append(given.text)
        values.extend(given.values)
    return Sql(template.format(*texts), tuple(values))


def chain(separator: str, parts: Iterable[Sql]) -> Sql:
    """Parts one after the other."""
    given = list(parts)
    return Sql(
        separator.join(part.text for part in given),
        tuple(value for part in given for value in part.values),
    )


def column(number: int, table: str = "") -> Sql:
    """The column of a field; fields are numbered, so names never reach the SQL."""
    return Sql(f"{table}.f{number}" if table else f"f{number}")


NULL = Sql("NULL")
# What people leave around a value: blanks, ideographic and no-break spaces.
BLANK = " \t\r\n\u3000\u00a0"
FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
HALF = "".join(chr(code) for code in range(0x21, 0x7F))


def trimmed(value: Sql) -> Sql:
    """Without blanks at both ends."""
    return join("trim({}, {})", value, BLANK)


def folded(value: Sql) -> Sql:
    """Trimmed, and full-width signs as ordinary ones."""
    # Translating costs ten times as much as asking whether there is a reason to.
    return join(
        "CASE WHEN regexp_matches({}, {}) THEN translate({}, {}, {}) ELSE {} END",
        value,
        f"[{FULL[0]}-{FULL[-1]}]",
        trimmed(value),
        FULL,
        HALF,
        trimmed(value),
    )


def filled(value: Sql) -> Sql:
    """Is there anything in it?"""
    return join("coalesce(regexp_matches({}, {}), false)", value, f"[^{BLANK}]")


def matches(value: Sql, pattern: str) -> Sql:
    """Does the whole value match the RE2 pattern?"""
    return join("regexp_full_match({}, {})", value, pattern)
