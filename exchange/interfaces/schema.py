"""JSON Schema 2020-12 of a table's fields; pure functions."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from platform_core.datasets.schema import DIALECT

from .enums import Kind, Need

if TYPE_CHECKING:
    from .models import Field, Table

SHAPES = {
    "point": ["Point", "MultiPoint"],
    "line": ["LineString", "MultiLineString"],
    "polygon": ["Polygon", "MultiPolygon"],
}
FILE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer", "minimum": 0},
        "media_type": {"type": "string"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "required": ["name", "size", "sha256"],
}
PLAIN: dict[str, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.JSON: {"type": ["object", "array"]},
    Kind.FILES: {"type": "array", "items": FILE},
}


def of(
    table: "Table",
    number: int,
    fields: "Sequence[Field]",
    lists: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """The schema of a record; personal fields need not travel, others may come too."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:interface:{table.interface}:{number}",
        "title": table.name,
        "type": "object",
        "properties": {one.code: of_field(one, lists) for one in fields},
        "required": [
            one.code
            for one in fields
            if one.need == Need.MANDATORY and not one.personal
        ],
        "additionalProperties": True,
    }


def of_field(field: "Field", lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema of one field; what need not be filled may be null."""
    found = _value(field, lists)
    if field.need != Need.MANDATORY or field.personal:
        found = _nullable(found)
    words = {"title": field.name, "description": field.description}
    return found | {name: text for name, text in words.items() if text}


def _value(field: "Field", lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if field.kind == Kind.STRING:
        return _string(field)
    if field.kind == Kind.CODE:
        return _code(field, lists)
    if field.kind == Kind.DECIMAL:
        return _decimal(field)
    if field.kind == Kind.GEOMETRY:
        return _geometry(field.shape)
    return dict(PLAIN[field.kind])


def _string(field: "Field") -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string"}
    if field.need == Need.MANDATORY:
        found["minLength"] = 1
    return found | ({"maxLength": field.length} if field.length else {})


def _code(field: "Field", lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    codes = lists.get(field.code_list)
    return {"enum": list(codes)} if codes else {"type": "string", "minLength": 1}


def _decimal(field: "Field") -> dict[str, Any]:
    if not field.length:
        return {"type": "number"}
    limit = 10 ** (field.length - (field.decimals or 0))
    return {"type": "number", "exclusiveMinimum": -limit, "exclusiveMaximum": limit}


def _geometry(shape: str) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "string"}
    if shape in SHAPES:
        kind = {"enum": SHAPES[shape]}
    return {
        "type": "object",
        "properties": {"type": kind, "coordinates": {"type": "array"}},
        "required": ["type"],
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    kinds = schema["type"]
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    return schema | {"type": [*kinds, "null"]}
