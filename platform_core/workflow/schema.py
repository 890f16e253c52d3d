"""JSON Schema of a process definition.  [JSON Schema 2020-12]"""

from typing import Any

CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 40}
TEXT = {"type": "string", "maxLength": 200}
NAME = {"type": "string", "minLength": 1, "maxLength": 100}
UNITS = ["urgent_hour", "urgent_day", "work_hour", "work_day", "hour", "day"]


def _thing(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


STATE = _thing(
    ("code", "name"),
    code=CODE,
    name=NAME,
    name_en=TEXT,
    stage={"type": "integer", "minimum": 0},
    stage_name=TEXT,
    terminal={"type": "boolean"},
    clock={"anyOf": [CODE, {"const": ""}]},
    also={"anyOf": [CODE, {"const": ""}]},
)
TRANSITION = _thing(
    ("source", "action", "name", "role", "target"),
    source=CODE,
    action=CODE,
    name=NAME,
    role=CODE,
    target=CODE,
    name_en=TEXT,
    condition=TEXT,
    reason_required={"type": "boolean"},
    guard={"type": "string", "maxLength": 80},
    form={"type": "string", "maxLength": 80},
    automatic={"type": "boolean"},
)
LIMIT = _thing(
    ("value", "unit"),
    value={"type": "number", "exclusiveMinimum": 0},
    unit={"enum": UNITS},
)
ESCALATION = _thing(
    ("clock", "share", "role"),
    clock=CODE,
    share={"type": "number", "exclusiveMinimum": 0},
    role=CODE,
    level={"enum": ["info", "warning", "urgent"]},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_thing(
        ("initial", "states", "transitions", "roles"),
        initial=CODE,
        states={"type": "array", "items": STATE, "minItems": 1},
        transitions={"type": "array", "items": TRANSITION},
        roles={"type": "object", "propertyNames": CODE, "additionalProperties": NAME},
        clocks={
            "type": "object",
            "propertyNames": CODE,
            "additionalProperties": LIMIT,
        },
        escalations={"type": "array", "items": ESCALATION},
    ),
}
