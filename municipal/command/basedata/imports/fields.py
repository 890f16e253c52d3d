"""Which fields a file may fill, and how their columns are usually called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.classification import selectors as classification
from platform_core.common.errors import DomainError

EXTRA = "extra"
X, Y = "x", "y"
Label = str | Promise


@dataclass(frozen=True)
class Field:
    """A field, its usual column names, and whether it must be filled."""

    code: str
    label: Label
    names: tuple[str, ...] = ()
    required: bool = False


def _standard(seq_2013: int, seq_2026: int) -> tuple[str, ...]:
    """Name and abbreviation of an item in the attribute tables of both editions."""
    found = []
    for standard, seq in (("30428.2-2013", seq_2013), ("47678.5-2026", seq_2026)):
        for row in classification.attributes("component", standard):
            if row.seq == seq:
                found += [row.abbreviation, row.name]
    return tuple(found)


def position_fields() -> tuple[Field, ...]:
    """East and north, or longitude and latitude, for files without geometries."""
    return (
        Field(X, gettext_lazy("X (east) or longitude"), ("lon", "经度", "东坐标", "X")),
        Field(Y, gettext_lazy("Y (north) or latitude"), ("lat", "纬度", "北坐标", "Y")),
    )


def component_fields() -> tuple[Field, ...]:
    """The fields of a component.  [GB/T 30428.2, GB/T 47678.5]"""
    return (
        Field("code", gettext_lazy("Code"), ("code", *_standard(1, 1)), required=True),
        *position_fields(),
        Field("managing_unit", gettext_lazy("Managing unit"), _standard(3, 3)),
        Field("owning_unit", gettext_lazy("Owning unit"), _standard(5, 5)),
        Field("maintaining_unit", gettext_lazy("Maintaining unit"), _standard(7, 7)),
        Field("status", gettext_lazy("Component condition"), _standard(10, 10)),
        Field("surveyed_on", gettext_lazy("Surveyed on"), _standard(11, 11)),
        Field("changed_on", gettext_lazy("Changed on"), _standard(12, 12)),
        Field("data_source", gettext_lazy("Data source"), _standard(13, 13)),
        Field("address", gettext_lazy("Address"), ("address", "地址", "位置")),
        Field("note", gettext_lazy("Note"), _standard(14, 14)),
    )


def guess(fields: Iterable[Field], columns: Iterable[str]) -> dict[str, str]:
    """A column for every field whose usual name the file has."""
    known = {column.casefold(): column for column in columns}
    found = {}
    for field in fields:
        names = (field.code, *field.names)
        match = next((n.casefold() for n in names if n.casefold() in known), None)
        if match:
            found[field.code] = known[match]
    return found


def check(
    fields: Iterable[Field],
    mapping: Mapping[str, Any],
    columns: list[str],
    *,
    has_geometry: bool,
) -> None:
    """DomainError by field where the mapping does not fit the file."""
    wrong: dict[str, str] = {}
    for field in fields:
        column = mapping.get(field.code, "")
        needed = field.required or (field.code in {X, Y} and not has_geometry)
        if needed and not column:
            wrong[field.code] = _("Choose the column of this field.")
        elif column and column not in columns:
            wrong[field.code] = _("The file has no such column.")
    if wrong:
        raise DomainError(_("Some columns are not chosen rightly."), fields=wrong)
