"""A compiled check of a JSON Schema: its yes is that of `jsonschema`, its no is none.

Only schemas are compiled whose keywords both read alike; a record that is refused
here is judged anew by `jsonschema`, whose words everybody is told.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs
from jsonschema import FormatChecker

Check = Callable[[Any], bool]
LIMITS = {
    f"{end}{what}"
    for end in ("min", "max")
    for what in ("imum", "Length", "Items", "Properties")
}
READ_ALIKE = LIMITS | {
    *("$schema", "$id", "title", "description", "type", "enum", "const", "required"),
    *("exclusiveMinimum", "exclusiveMaximum", "format", "pattern"),
    *("properties", "items", "additionalProperties"),
}
# Escapes and groups with extensions are where dialects of patterns differ.
DIALECT = re.compile(r"\\|\(\?|\[\[|&&|--|~~")


def compiled(schema: Mapping[str, Any], formats: FormatChecker) -> Check | None:
    """The check; None where only `jsonschema` can tell."""
    if not _read_alike(schema):
        return None
    kept = {name: _keeps(name, formats) for name in formats.checkers}
    try:
        made = jsonschema_rs.Draft202012Validator(
            dict(schema), formats=kept, validate_formats=True, offline=True
        )
    except ValueError:
        return None

    def check(data: Any) -> bool:
        try:
            return made.is_valid(data)
        except ValueError:  # something that is no JSON
            return False

    return check


def _keeps(name: str, formats: FormatChecker) -> Check:
    return lambda value: formats.conforms(value, name)


def _read_alike(schema: Any) -> bool:
    """Does the schema say nothing that the two may read in different ways?"""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, Mapping) or not READ_ALIKE.issuperset(schema):
        return False
    if DIALECT.search(schema.get("pattern", "")):
        return False
    inner = [schema.get(name, True) for name in ("items", "additionalProperties")]
    return all(map(_read_alike, [*schema.get("properties", {}).values(), *inner]))
