"""Divisions, fields and masks of a subscription; pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from platform_core.regions.codes import node_division, within


def division_of(data: Mapping[str, Any], origin: str) -> str:
    """The division a record is about; without one, that of its origin."""
    named = data.get("division")
    return named if isinstance(named, str) and named else node_division(origin)


def covers(divisions: Sequence[str], division: str) -> bool:
    """Whether the division is wanted; an empty list wants all."""
    return not divisions or any(within(division, one) for one in divisions)


def travelling(
    chosen: Sequence[str] | None, schema: Mapping[str, Any]
) -> set[str] | None:
    """The chosen fields and those the contract requires; None for all."""
    if chosen is None:
        return None
    return {*chosen, *schema.get("required", [])}


def reduce(
    data: Mapping[str, Any], fields: set[str] | None, masks: Sequence[str]
) -> dict[str, Any]:
    """The record as the subscriber may see it."""
    kept = {name: data[name] for name in data if fields is None or name in fields}
    for path in masks:
        kept = _masked(kept, path.split("."))
    return kept


def _masked(data: dict[str, Any], path: list[str]) -> dict[str, Any]:
    name, *rest = path
    value = data.get(name)
    if rest:
        return data | {name: _masked(value, rest)} if isinstance(value, dict) else data
    return data | {name: mask(value)} if isinstance(value, str) else data


def mask(text: str) -> str:
    """Enough to recognise, too little to use: 13812345678 → 138****5678."""
    if len(text) <= 2:
        return text[:1] + "*" * (len(text) - 1)
    if len(text) < 8:
        return text[0] + "*" * (len(text) - 1)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]
