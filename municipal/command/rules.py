"""The rules of case handling that are in force, as plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from jsonschema import Draft202012Validator

from platform_core.calendars.enums import Unit
from platform_core.common.snapshots import Snapshot

from .enums import RulesStatus
from .models import CaseRules

ANEW, CONTINUED = "anew", "continued"
FREE, WITH_REASON, ALWAYS = "free", "reason", "always"
SHARE = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
CLOCK = {"enum": [ANEW, CONTINUED]}
snapshot = Snapshot("command.rules")


def _count(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": most}


def _days(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most}


PROPERTIES: Mapping[str, dict[str, Any]] = {
    "yellow_from": SHARE,
    "red_from": SHARE,
    "return_most": _count(20),
    "return_value": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000},
    "return_unit": {"enum": [str(unit) for unit in Unit]},
    "extension_most": _count(20),
    "extension_share": {"type": "number", "exclusiveMinimum": 0, "maximum": 5},
    "suspend_days": _days(3650),
    "defer_days": _days(365),
    "rework_clock": CLOCK,
    "redispatch_clock": CLOCK,
    "graded": {"type": "boolean"},
    "reopen_days": _days(365),
    "reopen_most": _count(20),
    "reopen_role": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 40},
    "duplicate_metres": {"type": "number", "minimum": 1, "maximum": 1000},
    "skip_check": {"type": "boolean"},
    "verification": {"enum": [FREE, WITH_REASON, ALWAYS]},
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": dict(PROPERTIES),
    "required": sorted(PROPERTIES),
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Rules:
    """What a city decides; the defaults are those of codes.md 13 and 16.

    `yellow_from` and `red_from` are shares of a limit that is used up. A unit may
    return a case `return_most` times within `return_value` `return_unit`s, and
    have its deadline extended `extension_most` times by at most
    `extension_share` of the limit. `verification` says what a public report needs
    before acceptance: nothing, a visit on site or a stated reason, or the visit.
    """

    yellow_from: float = 0.5
    red_from: float = 1.0
    return_most: int = 2
    return_value: float = 2
    return_unit: str = Unit.WORK_HOUR.value
    extension_most: int = 2
    extension_share: float = 1.0
    suspend_days: int = 365
    defer_days: int = 30
    rework_clock: str = ANEW
    redispatch_clock: str = ANEW
    graded: bool = False
    reopen_days: int = 30
    reopen_most: int = 2
    reopen_role: str = "duty_leader"
    duplicate_metres: float = 50
    skip_check: bool = True
    verification: str = WITH_REASON
    version: int = 0

    @classmethod
    def from_body(cls, body: Mapping[str, Any], version: int = 0) -> Self:
        """Read stored rules; a rule that an older version lacks has its default."""
        known = {field.name for field in fields(cls)} - {"version"}
        given = {name: value for name, value in body.items() if name in known}
        return cls(**given, version=version)

    def to_body(self) -> dict[str, Any]:
        """The stored form of these rules."""
        body = asdict(self)
        del body["version"]
        return body


def problems_of(body: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a set of rules, by rule; empty where nothing is."""
    validator = Draft202012Validator(SCHEMA)
    found = {
        str(error.path[0]) if error.path else "body": error.message
        for error in validator.iter_errors(dict(body))
    }
    if not found and body["yellow_from"] > body["red_from"]:
        found["red_from"] = "red_from < yellow_from"
    return found


def current() -> Rules:
    """The rules in force, remembered; the defaults before any were published."""

    def load() -> Rules:
        row = CaseRules.objects.filter(status=RulesStatus.PUBLISHED).first()
        return Rules.from_body(row.body, row.version) if row else Rules()

    return snapshot.get("current", load)
