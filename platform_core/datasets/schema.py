"""JSON Schema 2020-12 of a serializer, and its errors in the protocol's words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.validators import RegexValidator
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from rest_framework import fields, relations, serializers
from rest_framework.utils.encoders import JSONEncoder

from platform_core.common.clock import read_moment

from . import quick

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CODES = {
    "required": "required",
    "type": "type",
    "enum": "code_list",
    "const": "code_list",
    "minimum": "range",
    "maximum": "range",
    "minLength": "range",
    "maxLength": "range",
    "minItems": "range",
    "maxItems": "range",
}
# The order counts: the first class that fits wins.
TYPES: tuple[tuple[type, dict[str, Any]], ...] = (
    (fields.BooleanField, {"type": "boolean"}),
    (fields.IntegerField, {"type": "integer"}),
    (fields.FloatField, {"type": "number"}),
    (fields.DecimalField, {"type": "number"}),
    (fields.DateTimeField, {"type": "string", "format": "date-time"}),
    (fields.DateField, {"type": "string", "format": "date"}),
    (fields.TimeField, {"type": "string", "format": "time"}),
    (fields.UUIDField, {"type": "string", "format": "uuid"}),
    (fields.EmailField, {"type": "string", "format": "email"}),
    (fields.URLField, {"type": "string", "format": "uri"}),
    (fields.CharField, {"type": "string"}),
    (relations.SlugRelatedField, {"type": "string"}),
    (relations.StringRelatedField, {"type": "string"}),
    (fields.DictField, {"type": "object"}),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record: code of the protocol, field, words."""

    code: str
    field: str
    message: str


class WireEncoder(JSONEncoder):
    """Decimal numbers travel as numbers."""

    def default(self, obj: Any) -> Any:
        return float(obj) if isinstance(obj, Decimal) else super().default(obj)


def of(
    serializer: serializers.BaseSerializer, *, title: str, identity: str
) -> dict[str, Any]:
    """The schema of a serializer's representation; unknown fields are tolerated."""
    head = {"$schema": DIALECT, "$id": f"urn:interface:{identity}", "title": title}
    return head | _field(serializer)


def _field(field: fields.Field) -> dict[str, Any]:
    found = _plain(field)
    if field.allow_null or not (field.required or isinstance(field, _ALWAYS)):
        found = _nullable(found)
    if field.help_text:
        found["description"] = str(field.help_text)
    return found


_ALWAYS = (serializers.SerializerMethodField, serializers.ReadOnlyField)


def _plain(field: fields.Field) -> dict[str, Any]:
    if isinstance(field, serializers.ListSerializer | fields.ListField):
        return _list(field)
    if isinstance(field, serializers.Serializer):
        return _object(field)
    if isinstance(field, fields.MultipleChoiceField):
        return {"type": "array", "items": {"enum": list(field.choices)}}
    if isinstance(field, fields.ChoiceField):
        blank = [""] if field.allow_blank and "" not in field.choices else []
        return {"enum": [*field.choices, *blank]}
    for kind, schema in TYPES:
        if isinstance(field, kind):
            return schema | _limits(field)
    return {}


def _list(field: Any) -> dict[str, Any]:
    child: Any = field.child
    items = {} if child is None else _field(child)
    return {"type": "array", "items": items} | _lengths(field, "Items")


def _object(serializer: serializers.Serializer) -> dict[str, Any]:
    inner = {
        name: field
        for name, field in serializer.fields.items()
        if not getattr(field, "write_only", False)
    }
    required = [name for name, field in inner.items() if field.required]
    return {
        "type": "object",
        "properties": {name: _field(field) for name, field in inner.items()},
        "required": required,
        "additionalProperties": True,
    }


def _lengths(field: fields.Field, what: str) -> dict[str, Any]:
    limits = {
        f"min{what}": getattr(field, "min_length", None),
        f"max{what}": getattr(field, "max_length", None),
    }
    return {name: value for name, value in limits.items() if value is not None}


def _limits(field: fields.Field) -> dict[str, Any]:
    found = _lengths(field, "Length") if isinstance(field, fields.CharField) else {}
    if isinstance(field, fields.CharField) and not field.allow_blank:
        found.setdefault("minLength", 1)
    for name, attribute in (("minimum", "min_value"), ("maximum", "max_value")):
        value = getattr(field, attribute, None)
        if value is not None:
            found[name] = float(value) if isinstance(value, Decimal) else value
    if isinstance(field, fields.RegexField):
        patterns = [v for v in field.validators if isinstance(v, RegexValidator)]
        found["pattern"] = re.compile(patterns[-1].regex).pattern
    return found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    return schema


def wire(serializer: serializers.BaseSerializer, data: Any) -> dict[str, Any]:
    """Plain JSON values; what may be absent and is empty is left out."""
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=WireEncoder))
    inner = getattr(serializer, "fields", {})
    for name in [name for name, value in plain.items() if value is None]:
        field = inner.get(name)
        if field is not None and not field.required and not field.allow_null:
            del plain[name]
    return plain


_formats = FormatChecker(formats=("uuid", "email"))


@_formats.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or read_moment(value) is not None


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_formats.checks("time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or time.fromisoformat(value) is not None


class Validator:
    """A schema ready to judge many records."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        Draft202012Validator.check_schema(schema)
        self.schema = schema
        self.exact = Draft202012Validator(schema, format_checker=_formats)

    @cached_property
    def quick(self) -> quick.Check | None:
        """Made when the first record comes."""
        return quick.compiled(self.schema, _formats)


def validator(schema: Mapping[str, Any]) -> Validator:
    """A reusable validator; a schema that is none raises SchemaError."""
    return Validator(schema)


def first_problem(checker: Validator, data: Any) -> Problem | None:
    """The first error in the order of the fields, or None."""
    if checker.quick is not None and checker.quick(data):
        return None
    found = checker.exact.iter_errors(data)
    errors = sorted(found, key=lambda error: [str(part) for part in error.path])
    return _problem(errors[0]) if errors else None


def problems(checker: Validator, data: Any) -> list[Problem]:
    """Every error, in the order of the fields."""
    found = checker.exact.iter_errors(data)
    errors = sorted(found, key=lambda error: [str(part) for part in error.path])
    return [_problem(error) for error in errors]


def _problem(error: ValidationError) -> Problem:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required" and isinstance(error.instance, Mapping):
        wanted: Any = error.validator_value
        path += [name for name in wanted if name not in error.instance][:1]
    code = CODES.get(str(error.validator), "format")
    return Problem(code, ".".join(path), error.message[:300])
