"""Scores, titles and values in words for people."""

from collections.abc import Mapping
from typing import Any

from exchange.aggregation.fusion.engine.plans import Member, Pair
from exchange.aggregation.fusion.models import TaskVersion

MASK = "***"


def parts(version: TaskVersion, pair: Pair) -> list[dict[str, Any]]:
    """What each rule gave to a score; `gave` adds up to it."""
    rules = version.part("rules")
    found = list(zip(rules, pair.parts, strict=False))
    whole = sum(rule["weight"] for rule, alike in found if alike is not None)
    return [
        {
            "rule": rule["code"],
            "kind": rule["kind"],
            "field": rule["field"],
            "weight": rule["weight"],
            "alike": alike,
            "gave": None if alike is None else round(alike * rule["weight"] / whole, 4),
        }
        for rule, alike in found
    ]


def facts(member: Member, hidden: set[str]) -> dict[str, Any]:
    """The values of a row as it was compared, personal ones masked."""
    shown: dict[str, Any] = {
        name: MASK if name in hidden else value for name, value in member.values.items()
    }
    if member.point is not None:
        shown["point"] = list(member.point)
    return {"source": member.source, "row": member.row, "values": shown}


def title(version: TaskVersion, values: Mapping[str, Any], hidden: set[str]) -> str:
    """What a master record is called."""
    name = version.definition["title"]
    wanted = [name, *(one["code"] for one in version.part("fields"))]
    found = (values[code] for code in wanted if code in values and code not in hidden)
    return str(next((one for one in found if isinstance(one, str)), "—"))[:200]


def masked(values: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    """Values as people may see them."""
    return {name: MASK if name in hidden else one for name, one in values.items()}
