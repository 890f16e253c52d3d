"""Cases, components and grids of the city for the data standard."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop

from platform_core.datasets.filling import Filling, fill

from .models import Case, Component, DutyGrid, UnitGrid

SYSTEM = gettext_noop("Command and coordination")
CHECKED = {"passed": "pass", "failed": "fail", "skipped": "cannot_judge"}


def plain(value: date | datetime | None) -> str | None:
    """A day or moment as it travels."""
    return value.isoformat() if value else None


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def paused_minutes(case: Case) -> int:
    """Minutes for which the clock stood; an open pause does not count yet."""
    ended = [one for one in case.pauses if len(one) == 2 and all(one)]
    seconds = sum(
        (datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds()
        for a, b in ended
    )
    return round(seconds / 60)


def case(row: Case) -> Mapping[str, Any]:
    """A row of cm_case; who reported it stays here."""
    component = row.class_kind == "component"
    return {
        "case_no": row.number,
        "task_no": row.task_number or None,
        "source": row.source_id,
        "reported_at": plain(row.reported_at),
        "kind": row.class_kind,
        "class_edition": row.edition,
        "class_code": row.class_code,
        "condition_no": int(row.condition) if row.condition.isdigit() else None,
        "component_code": row.component_code or None if component else None,
        "description": row.description,
        "place": row.address[:200],
        "location": point(row.lon, row.lat),
        "grid_code": row.grid_code,
        "duty_grid_code": row.duty_grid.code if row.duty_grid else None,
        "community_code": row.community_code,
        "street_code": row.street_code,
        "district_code": row.division_code,
        "division_code": row.division_code,
        "level": "major" if row.is_important else "normal",
        "urgent": row.is_urgent,
        "filed_at": plain(row.filed_at),
        "dispatched_at": plain(row.dispatched_at),
        "dept_code": row.handling_unit.code[:30] if row.handling_unit else None,
        "handle_deadline": plain(row.handling_deadline),
        "handled_at": plain(row.handled_at),
        "check_result": CHECKED.get(row.check_finding),
        "closed_at": plain(row.closed_at),
        "close_kind": _close_kind(row),
        "rework_count": row.rework_count,
        "extend_count": row.extend_count,
        "suspended_min": paused_minutes(row),
        "state": row.state,
    }


def _close_kind(row: Case) -> str | None:
    if row.closed_at is None:
        return None
    if row.duplicate_of_id:
        return "duplicate"
    return "forced" if row.state == "forced_closed" else "normal"


def component(row: Component) -> Mapping[str, Any]:
    """A row of cb_component.  [GB/T 47678.5]"""
    competent, owner = row.managing_unit, row.owning_unit
    maintainer = row.maintaining_unit
    return {
        "component_code": row.code,
        "name": row.class_name[:30],
        "competent_code": competent.credit_code if competent else "",
        "competent_name": competent.name if competent else "",
        "owner_code": owner.credit_code or None if owner else None,
        "owner_name": owner.name if owner else None,
        "maintainer_code": maintainer.credit_code or None if maintainer else None,
        "maintainer_name": maintainer.name if maintainer else None,
        "grid_code": row.grid_code,
        "state": row.status,
        "surveyed_on": plain(row.surveyed_on),
        "changed_on": plain(row.changed_on),
        "remark": row.note or None,
        "class_edition": row.edition,
        "class_code": row.class_code,
        "location": row.geometry or point(row.lon, row.lat),
        "place": row.address or None,
    }


def unit_grid(row: UnitGrid) -> Mapping[str, Any]:
    """A row of cb_unit_grid."""
    return {
        "grid_code": row.code,
        "community_code": row.community_id,
        "boundary": row.geometry,
        "area_m2": round(row.area, 2),
        "created_on": plain(row.valid_from),
        "state": "closed" if row.valid_to else "valid",
    }


def duty_grid(row: DutyGrid) -> Mapping[str, Any]:
    """A row of cb_duty_grid; inspectors by their number, not by name."""
    grids = list(row.unit_grids.all())
    rings = [one.geometry["coordinates"] for one in grids if one.geometry]
    return {
        "duty_grid_code": row.code,
        "name": row.name,
        "street_code": row.community_id[:9],
        "unit_grids": [one.code for one in grids],
        "supervisors": [one.pk for one in row.supervisors.all()],
        "boundary": {"type": "MultiPolygon", "coordinates": rings},
    }


def cases() -> Any:
    return Case.objects.select_related("duty_grid", "handling_unit")


def components() -> Any:
    return Component.objects.select_related(
        "managing_unit", "owning_unit", "maintaining_unit"
    )


def duty_grids() -> Any:
    return DutyGrid.objects.prefetch_related("unit_grids", "supervisors")


fill(Filling(table="cm_case", system=SYSTEM, rows=cases, record=case))
fill(Filling(table="cb_component", system=SYSTEM, rows=components, record=component))
fill(
    Filling(
        table="cb_unit_grid",
        system=SYSTEM,
        rows=UnitGrid.objects.all,
        record=unit_grid,
    )
)
fill(Filling(table="cb_duty_grid", system=SYSTEM, rows=duty_grids, record=duty_grid))
