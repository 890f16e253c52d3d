"""Values as the fields of a table want them; what cannot be so is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from django.utils.translation import gettext as _

from exchange.interfaces.enums import Kind, Need
from exchange.interfaces.models import CodeList, Field, Table

from . import steps
from .errors import BadValue

GEOMETRIES = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True)
class Slot:
    """A field of a table with what its values must be."""

    field: Field
    codes: frozenset[str] = made_of(default_factory=frozenset)

    def cast(self, value: Any) -> Any:
        """The value in the field's type; BadValue in words for people."""
        if value in steps.EMPTY:
            if self.field.need == Need.MANDATORY:
                raise BadValue(_("The value is missing."), code="required")
            return None
        return CASTS[Kind(self.field.kind)](value, self)


def slots(table: Table) -> dict[str, Slot]:
    """The fields of the table as it is now, by code."""
    wanted = {one.code_list for one in table.fields if one.code_list}
    lists = {
        one.code: frozenset(one.codes)
        for one in CodeList.objects.filter(code__in=wanted)
    }
    return {
        one.code: Slot(one, lists.get(one.code_list, frozenset()))
        for one in table.fields
    }


def _string(value: Any, slot: Slot) -> Any:
    if isinstance(value, Mapping | list):
        raise BadValue(_("A text is expected."), code="type")
    text = steps.text(value)
    limit = slot.field.length
    if limit and len(text) > limit:
        raise BadValue(
            _("The text has %(found)d characters; %(limit)d are allowed.")
            % {"found": len(text), "limit": limit},
            code="range",
        )
    return text


def _integer(value: Any, slot: Slot) -> Any:
    found = steps.number(value)
    if found != found.to_integral_value():
        raise BadValue(_("A whole number is expected."), code="type")
    return int(found)


def _decimal(value: Any, slot: Slot) -> Any:
    found = steps.number(value)
    length, places = slot.field.length, slot.field.decimals or 0
    if length and abs(found) >= 10 ** (length - places):
        raise BadValue(_("The number is too large."), code="range")
    return steps.plain(found)


def _date(value: Any, slot: Slot) -> Any:
    return steps.moment(value).date().isoformat()


def _moment(value: Any, slot: Slot) -> Any:
    return steps.moment(value).isoformat()


def _boolean(value: Any, slot: Slot) -> Any:
    return value if isinstance(value, bool) else steps.STEPS["boolean"](value, {}, {})


def _code(value: Any, slot: Slot) -> Any:
    text = steps.text(value).strip()
    if slot.codes and text not in slot.codes:
        facts = {"value": text, "list": slot.field.code_list}
        raise BadValue(
            _("“%(value)s” is not in the code list %(list)s.") % facts,
            code="code_list",
        )
    return text


def _json(value: Any, slot: Slot) -> Any:
    if not isinstance(value, Mapping | list):
        raise BadValue(_("A structure is expected."), code="type")
    return value


def _geometry(value: Any, slot: Slot) -> Any:
    known = isinstance(value, Mapping) and "coordinates" in value
    wanted = GEOMETRIES.get(slot.field.shape)
    if not known or (wanted and value.get("type") not in wanted):
        raise BadValue(_("The geometry is not of the kind that is expected."))
    return value


CASTS: dict[Kind, Callable[[Any, Slot], Any]] = {
    Kind.STRING: _string,
    Kind.TEXT: _string,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.DATETIME: _moment,
    Kind.BOOLEAN: _boolean,
    Kind.CODE: _code,
    Kind.JSON: _json,
    Kind.GEOMETRY: _geometry,
    Kind.FILES: _json,
}
