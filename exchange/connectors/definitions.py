"""What the definition of a flow must say, and whether it makes sense."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from exchange.interfaces.models import Table
from platform_core.common.errors import DomainError
from platform_core.datasets import schema as schemas

from . import notation, records, steps, timing
from .enums import (
    BATCH,
    MAX_BATCH,
    PLAIN_MODES,
    TOLERATED,
    Days,
    Direction,
    Mode,
    OnError,
    SourceKind,
)

TEXT = {"type": "string", "maxLength": 500}
NAMES = {"type": "array", "items": TEXT}
FIELD = {
    "type": "object",
    "properties": {
        "to": TEXT,
        "from": NAMES,
        "constant": TEXT,
        "steps": {"type": "array", "items": {"type": "object", "required": ["do"]}},
    },
    "required": ["to"],
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "properties": {"test": TEXT, "message": TEXT, "field": TEXT},
    "required": ["test"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {
        "pick": {"type": "object"},
        "fields": {"type": "array", "items": FIELD},
        "filter": TEXT,
        "rules": {"type": "array", "items": RULE},
        "mode": {"enum": [str(one) for one in Mode]},
        "key": TEXT,
        "schedule": TEXT,
        "days": {"enum": [str(one) for one in Days]},
        "batch_size": {"type": "integer", "minimum": 1, "maximum": MAX_BATCH},
        "on_error": {"enum": [str(one) for one in OnError]},
        "tolerated": {"type": "integer", "minimum": 0},
    },
    "required": ["pick", "mode"],
    "additionalProperties": False,
}
NEEDED = {
    SourceKind.DATABASE: "table",
    SourceKind.FILES: "pattern",
    SourceKind.MQTT: "topic",
}
TARGETS = {
    SourceKind.DATABASE: ("table", "keys"),
    SourceKind.FILES: ("name",),
    SourceKind.MQTT: ("topic",),
}
# No folders, nothing hidden or half written.
FILE_NAME = re.compile(r"[^\W_][\w\-（）()]*")
KEYED = (SourceKind.DATABASE, SourceKind.REST)


def check(
    kind: str,
    given: Mapping[str, Any],
    table: Table,
    direction: str = Direction.IN,
) -> dict[str, Any]:
    """The definition with its defaults; DomainError says what is wrong where."""
    made: dict[str, Any] = {
        "fields": [],
        "rules": [],
        "filter": "",
        "key": "",
        "schedule": "",
        "days": str(Days.EVERY),
    } | {
        "batch_size": BATCH,
        "on_error": str(OnError.SKIP),
        "tolerated": TOLERATED,
        **given,
    }
    problem = schemas.first_problem(schemas.validator(SCHEMA), made)
    if problem is not None:
        raise _wrong(problem.field, f"{problem.field}: {problem.message}")
    if direction == Direction.OUT:
        _check_target(kind, made)
    else:
        _check_pick(kind, made)
    plain = direction == Direction.OUT or kind == SourceKind.MQTT
    if plain and made["mode"] not in PLAIN_MODES:
        raise _wrong("mode", _("What is gone cannot be known here."))
    made["schedule"] = timing.check(made["schedule"])
    if made["filter"]:
        steps.compiled(made["filter"])
    for rule in made["rules"]:
        steps.compiled(rule["test"])
    if direction == Direction.OUT:
        _check_columns(made, table)
    else:
        _check_fields(made, table)
    return made


def _wrong(field: str, text: str) -> DomainError:
    return DomainError(text, code="format", fields={field: text})


def _check_pick(kind: str, made: Mapping[str, Any]) -> None:
    needed = NEEDED.get(SourceKind(kind))
    if needed and not made["pick"].get(needed):
        raise _wrong(needed, _("This field is required."))
    if made["mode"] == Mode.INCREMENTAL and kind in KEYED and not made["key"]:
        text = _("To read only what is new, a column must say what is new.")
        raise _wrong("key", text)


def _check_fields(made: Mapping[str, Any], table: Table) -> None:
    known = {one.code for one in table.fields}
    for one in made["fields"]:
        _check_known(one["to"], known)
    _check_once_and_steps(made)


def _check_known(code: str, known: set[str]) -> None:
    if code not in known:
        text = _("The table has no field “%(code)s”.") % {"code": code}
        raise _wrong("fields", text)


def _check_once_and_steps(made: Mapping[str, Any]) -> None:
    named = [one["to"] for one in made["fields"]]
    if len(set(named)) != len(named):
        raise _wrong("fields", _("Every field can be filled only once."))
    for one in made["fields"]:
        for step in one.get("steps", ()):
            notation.check(step)


def _check_target(kind: str, made: Mapping[str, Any]) -> None:
    """What an outgoing flow must say about the other end."""
    pick = made["pick"]
    for name in TARGETS.get(SourceKind(kind), ()):
        if not pick.get(name):
            raise _wrong(name, _("This field is required."))
    if kind == SourceKind.FILES and not FILE_NAME.fullmatch(pick["name"]):
        text = _("A file name without folders and without an ending is expected.")
        raise _wrong("name", text)
    if kind == SourceKind.MQTT and set("+#") & set(pick["topic"]):
        raise _wrong("topic", _("A topic that is written to has no + and no #."))


def _check_columns(made: Mapping[str, Any], table: Table) -> None:
    """Each column takes fields of the table; personal ones stay here."""
    known = set(records.fields_of(table))
    personal = {one.code for one in table.fields if one.personal}
    for one in made["fields"]:
        for name in map(_beginning, one.get("from", ())):
            if name in personal:
                text = _("“%(code)s” is personal data and stays here.")
                raise _wrong("fields", text % {"code": name})
            _check_known(name, known)
    _check_once_and_steps(made)
    _check_keys(made)


def _check_keys(made: Mapping[str, Any]) -> None:
    keys = [one.strip() for one in str(made["pick"].get("keys", "")).split(",")]
    filled = {one["to"] for one in made["fields"]}
    gone = [name for name in keys if name and name not in filled]
    if made["fields"] and gone:
        text = _("The key column “%(name)s” is not filled.") % {"name": gone[0]}
        raise _wrong("keys", text)


def _beginning(path: str) -> str:
    """The field that a path such as `place.coordinates[0]` begins with."""
    return path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]
