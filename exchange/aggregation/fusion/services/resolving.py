"""A version of a task as the engine takes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exchange.aggregation.fusion.engine import plans
from exchange.aggregation.fusion.enums import FieldKind
from exchange.aggregation.fusion.models import CodeMap, TaskVersion
from exchange.interfaces.models import Table

from . import codes

Maps = dict[tuple[str, str], CodeMap]


def maps_of(version: TaskVersion) -> Maps:
    """The code map of each source and field, by their codes."""
    found: Maps = {}
    coded = [one for one in version.part("fields") if one["kind"] == FieldKind.CODE]
    for source in version.part("sources"):
        for one in coded:
            pick = source["picks"].get(one["code"])
            known = pick and codes.find(
                source["table"], pick, source.get("source") or ""
            )
            if known and known.codes.code == one["codes"]:
                found[source["code"], one["code"]] = known
    return found


def plan(version: TaskVersion, files: Mapping[str, Path], maps: Maps) -> plans.Plan:
    """The plan of a version, with the files of its sources by code."""
    made = version.definition
    return plans.Plan(
        fields=[_field(one) for one in version.part("fields")],
        sources=[
            _source(one, files[one["code"]], maps) for one in version.part("sources")
        ],
        rules=[plans.Rule(**one) for one in version.part("rules")],
        blocks=[
            plans.Block(**{name: one[name] for name in one if name != "code"})
            for one in version.part("blocks")
        ],
        same=made["same"],
        review=made["review"],
        evidence=made["evidence"],
    )


def _field(one: Mapping[str, Any]) -> plans.Field:
    return plans.Field(
        one["code"],
        one["kind"],
        one.get("survive") or "priority",
        tuple(one.get("order") or ()),
    )


def _source(one: Mapping[str, Any], file: Path, maps: Maps) -> plans.Source:
    placed = one.get("geometry") or one.get("x")
    return plans.Source(
        one["code"],
        file,
        {field: pick for field, pick in one["picks"].items() if pick},
        {
            field: codes.entries(known)
            for (source, field), known in maps.items()
            if source == one["code"]
        },
        plans.Place(
            one.get("x") or "",
            one.get("y") or "",
            one.get("geometry") or "",
            one.get("system") or "cgcs2000",
        )
        if placed
        else None,
        one.get("updated") or "",
        (one.get("only_field") or "", tuple(one.get("only_values") or ())),
        one.get("distinct", True),
    )


def personal(version: TaskVersion) -> set[str]:
    """Fields of the subject that hold personal data of some source."""
    wanted = {one["table"] for one in version.part("sources")}
    tables = Table.objects.filter(code__in=wanted).select_related("current")
    marked = {
        (table.code, field.code)
        for table in tables
        for field in table.fields
        if field.personal
    }
    return {
        name
        for source in version.part("sources")
        for name, pick in source["picks"].items()
        if (source["table"], pick) in marked
    }
