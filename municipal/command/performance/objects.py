"""The objects that are evaluated: which there are, and what they are called."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from municipal.command import selectors
from municipal.command.models import DutyGrid, UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.regions import selectors as regions
from platform_core.regions.codes import prefix_of, range_q

from .enums import POSTS, ObjectKind

ROLES: Mapping[ObjectKind, str] = {
    ObjectKind.SUPERVISOR: "supervisor",
    ObjectKind.ACCEPTOR: "acceptor",
    ObjectKind.LEADER: "duty_leader",
    ObjectKind.DISPATCHER: "dispatcher",
}
DIVISIONS = (ObjectKind.COMMUNITY, ObjectKind.STREET, ObjectKind.DISTRICT)


def keys(kind: ObjectKind, *, within: str | None = None) -> list[str]:
    """The objects there are now, of the whole city or a part of it."""
    kind = ObjectKind(kind)
    place = within or regions.own_division().code
    prefix = prefix_of(place)
    if kind in DIVISIONS:
        level = "county" if kind == ObjectKind.DISTRICT else kind.value
        return _texts(regions.inside(place, level).order_by("code"), "code")
    if kind == ObjectKind.UNIT_GRID:
        grids = UnitGrid.objects.filter(range_q(prefix, "code"), valid_to=None)
        return _texts(grids, "code")
    if kind == ObjectKind.DUTY_GRID:
        return _texts(DutyGrid.objects.filter(range_q(prefix, "code")), "pk")
    if kind == ObjectKind.UNIT:
        units = selectors.handling_units()
        return _texts(units.filter(range_q(prefix, "division__code")), "pk")
    return _people(kind, prefix)


def _people(kind: ObjectKind, prefix: str) -> list[str]:
    people = accounts.users_with_role(ROLES.get(kind, "supervisor"))
    people = people.filter(range_q(prefix, "unit__division__code"))
    if kind == ObjectKind.COMPANY:
        return _texts(people.order_by("unit").distinct(), "unit")
    return _texts(people.order_by("pk"), "pk")


def _texts(rows: QuerySet[Any], field: str) -> list[str]:
    return [str(key) for key in rows.values_list(field, flat=True)]


def labels(kind: ObjectKind, keys: Collection[str]) -> dict[str, str]:
    """What objects are called; one that is gone goes by its key."""
    kind = ObjectKind(kind)
    named = dict.fromkeys(keys, "") if kind == ObjectKind.UNIT_GRID else {}
    found = named or _labels(kind, [key for key in keys if key])
    return {key: found.get(key) or key for key in keys}


def _labels(kind: ObjectKind, keys: Collection[str]) -> dict[str, str]:
    if kind in DIVISIONS:
        divisions = (regions.find_division(key) for key in keys)
        return {one.code: one.label for one in divisions if one}
    numbers = [int(key) for key in keys if key.isdigit()]
    if kind == ObjectKind.DUTY_GRID:
        grids = DutyGrid.objects.filter(pk__in=numbers)
        return {str(grid.pk): str(grid) for grid in grids}
    if kind in POSTS:
        people = User.objects.filter(pk__in=numbers)
        return {str(person.pk): str(person) for person in people}
    units = OrgUnit.objects.filter(pk__in=numbers)
    return {str(unit.pk): str(unit) for unit in units}
