"""What the parts that administrators maintain give to the data standard."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit
from platform_core.classification.models import FilingCondition
from platform_core.datasets.filling import Filling, fill
from platform_core.regions.enums import Level
from platform_core.regions.models import Division
from platform_core.regions.selectors import own_division

SYSTEM = gettext_noop("Platform maintenance")
LEVELS = {
    Level.PROVINCE: "province",
    Level.PREFECTURE: "city",
    Level.COUNTY: "county",
    Level.STREET: "street",
    Level.COMMUNITY: "community",
}
KINDS = {
    UnitKind.BUREAU: "bureau",
    UnitKind.CENTRE: "centre",
    UnitKind.DEPARTMENT: "bureau",
    UnitKind.DISTRICT: "government",
    UnitKind.STREET: "street",
    UnitKind.COMMUNITY: "community",
    UnitKind.ENTERPRISE: "enterprise",
}


def own_divisions() -> "QuerySet[Division]":
    """The own division and what lies inside it."""
    return Division.objects.filter(code__startswith=own_division().prefix)


def division(row: Division) -> Mapping[str, Any] | None:
    """A row of cb_division; the nation itself is none."""
    if row.level not in LEVELS:
        return None
    return {
        "division_code": row.code,
        "name": row.name,
        "parent_code": row.parent_id or "0",
        "level": LEVELS[Level(row.level)],
        "boundary": row.boundary,
    }


def organisation(row: OrgUnit) -> Mapping[str, Any]:
    """A row of cb_org."""
    return {
        "org_code": row.code,
        "name": row.name,
        "kind": KINDS[UnitKind(row.kind)],
        "parent_code": row.parent.code if row.parent else None,
        "division_code": row.division_id,
        "credit_code": row.credit_code or None,
    }


def classes(row: FilingCondition) -> Mapping[str, Any]:
    """A row of cb_class: one condition for filing of a class."""
    one = row.problem_class
    return {
        "class_code": one.code,
        "class_edition": one.edition,
        "kind": one.kind,
        "major": one.major_name,
        "minor": one.name,
        "extended": one.origin != "",
        "condition_no": int(row.number) if row.number.isdigit() else row.number,
        "filing_condition": row.filing_condition,
        "closing_condition": row.closing_condition,
        "limit_value": row.limit_value,
        "limit_unit": row.limit_unit,
        "season": row.grade or None,
        "default_dept": row.department_type,
    }


fill(
    Filling(
        table="cb_division",
        system=SYSTEM,
        rows=own_divisions,
        record=division,
        changed="",
    )
)
fill(
    Filling(
        table="cb_org",
        system=SYSTEM,
        rows=lambda: OrgUnit.objects.select_related("parent"),
        record=organisation,
    )
)
fill(
    Filling(
        table="cb_class",
        system=SYSTEM,
        rows=lambda: FilingCondition.objects.select_related("problem_class"),
        record=classes,
    )
)
