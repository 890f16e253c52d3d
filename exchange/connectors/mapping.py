"""A row of a source as a record of a table: fields, filter, rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exchange.interfaces.models import Table

from . import casting, steps
from .errors import BadValue, Drifted
from .models import CodeMap

Row = Mapping[str, Any]
PATH_MARKS = (".", "[")


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken."""

    field: str
    code: str
    reason: str


@dataclass
class Mapped:
    """A row after the mapping; with faults it is not to be landed."""

    record: dict[str, Any]
    faults: list[Fault]

    @property
    def good(self) -> bool:
        return not self.faults


class Transform:
    """Filter, fields and rules of a flow's definition, made ready."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.fields: Sequence[Mapping[str, Any]] = definition.get("fields", [])
        self.filter: str = definition.get("filter", "")
        self.rules: Sequence[Mapping[str, Any]] = definition.get("rules", [])
        self.maps = _maps(self.fields)

    def wants(self, row: Row) -> bool:
        """Does the filter let the row through?"""
        return not self.filter or bool(steps.search(self.filter, row))

    def map(self, row: Row) -> Mapped:
        """The record, or all that is wrong with the row."""
        raise NotImplementedError

    def _value(self, one: Mapping[str, Any] | None, row: Row) -> Any:
        if one is None:
            return None
        value = one["constant"] if one.get("constant") else _picked(one, row)
        return steps.run(value, one.get("steps", ()), self.maps)

    def _broken(self, record: Row) -> list[Fault]:
        """Rules that the record breaks; one that cannot be worked out is broken."""
        faults = []
        for rule in self.rules:
            try:
                kept = steps.search(rule["test"], record)
            except BadValue as error:
                faults.append(Fault("", "rule", str(error.message)))
                continue
            if not kept:
                reason = rule.get("message") or rule["test"]
                faults.append(Fault(rule.get("field", ""), "rule", str(reason)))
        return faults


class Mapper(Transform):
    """The mapping of an incoming flow: into the fields of a table."""

    def __init__(self, definition: Mapping[str, Any], table: Table) -> None:
        super().__init__(definition)
        self.slots = casting.slots(table)

    def map(self, row: Row) -> Mapped:
        made: dict[str, Any] = {}
        faults: list[Fault] = []
        given = {one["to"]: one for one in self.fields}
        for code, slot in self.slots.items():
            try:
                value = slot.cast(self._value(given.get(code), row))
            except BadValue as error:
                faults.append(Fault(code, error.code, str(error.message)))
                continue
            if value is not None:
                made[code] = value
        return Mapped(made, faults or self._broken(made))

    def check_columns(self, columns: Sequence[str]) -> None:
        """Refuse to run where a column that is named is no longer there."""
        known = set(columns)
        named = [name for one in self.fields for name in one.get("from", [])]
        gone = [name for name in named if _root(name, known) not in known]
        if gone:
            names = ", ".join(dict.fromkeys(gone))
            text = _("The source no longer has the column: %(names)s")
            raise Drifted(text % {"names": names})


class Outward(Transform):
    """The mapping of an outgoing flow: into whatever columns the other end has."""

    @property
    def columns(self) -> list[str]:
        """Columns that are written."""
        return [one["to"] for one in self.fields]

    def map(self, row: Row) -> Mapped:
        made: dict[str, Any] = {}
        faults: list[Fault] = []
        for one in self.fields:
            try:
                made[one["to"]] = self._value(one, row)
            except BadValue as error:
                faults.append(Fault(one["to"], error.code, str(error.message)))
        return Mapped(made, faults or self._broken(made))


def _maps(fields: Sequence[Mapping[str, Any]]) -> steps.Maps:
    wanted = {
        step["table"]
        for one in fields
        for step in one.get("steps", ())
        if step["do"] == "map"
    }
    found = CodeMap.objects.filter(code__in=wanted)
    return {one.code: one.entries for one in found}


def _picked(one: Mapping[str, Any], row: Row) -> Any:
    names = one.get("from", [])
    values = [pick(name, row) for name in names]
    if len(values) == 1:
        return values[0]
    return values or None


def pick(name: str, row: Row) -> Any:
    """A column, or a place inside nested data such as `address.city`."""
    if name in row or not any(mark in name for mark in PATH_MARKS):
        return row.get(name)
    return steps.search(name, row)


def _root(name: str, known: set[str]) -> str:
    """The column that a path begins with."""
    if name in known:
        return name
    return name.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]


def suggest_outward(columns: Sequence[str], table: Table) -> list[dict[str, Any]]:
    """What each column of the target may be; without known ones, a column a field."""
    given = [one for one in table.fields if not one.personal]
    if not columns:
        return [{"to": one.code, "from": [one.code], "steps": []} for one in given]
    known = {
        name.strip().lower(): one.code
        for one in given
        for name in (one.abbreviation, one.name, one.code)
        if name
    }
    return [
        {"to": name, "from": [known[name.lower()]], "steps": []}
        for name in columns
        if name.lower() in known
    ]


def suggest(columns: Sequence[str], table: Table) -> list[dict[str, Any]]:
    """Fields whose code, name or abbreviation a column of the source has."""
    by_name = {name.strip().lower(): name for name in columns}
    found = []
    for one in table.fields:
        names = (one.code, one.name, one.abbreviation)
        hits = [by_name[n.lower()] for n in names if n and n.lower() in by_name]
        if hits:
            found.append({"to": one.code, "from": hits[:1], "steps": [{"do": "trim"}]})
    return found
