"""What two versions of a table differ in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .models import Field, TableVersion

COMPARED = (
    "name",
    "abbreviation",
    "type_text",
    "need",
    "description",
    "is_key",
    "personal",
)
# A receiver of the older version can still read what changed only in these.
HARMLESS = {"name", "abbreviation", "description"}
Details = tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is new, gone or different."""

    kind: str
    code: str
    name: str
    details: Details = ()

    @property
    def breaks(self) -> bool:
        """May whoever relies on the older version stumble over this?"""
        if self.kind == "removed":
            return True
        return any(name not in HARMLESS for name, _old, _new in self.details)


def compare(old: TableVersion, new: TableVersion) -> list[Change]:
    """Fields removed, changed and added, in the order of the fields."""
    before, after = _by_code(old.fields.all()), _by_code(new.fields.all())
    removed = [
        Change("removed", code, one.name)
        for code, one in before.items()
        if code not in after
    ]
    rest = [_change(before.get(code), one) for code, one in after.items()]
    return removed + [one for one in rest if one is not None]


def _by_code(fields: Iterable[Field]) -> dict[str, Field]:
    return {one.code: one for one in fields}


def _change(old: Field | None, new: Field) -> Change | None:
    if old is None:
        added: Details = (("need", "", "M"),) if new.need == "M" else ()
        return Change("added", new.code, new.name, added)
    details: Details = tuple(
        (name, getattr(old, name), getattr(new, name))
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    )
    return Change("changed", new.code, new.name, details) if details else None
