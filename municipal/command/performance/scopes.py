"""Whose counts somebody may see.

Staff of the centre see all of the city, those of a district or street its areas and
units, a unit's people the unit and those below it.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from municipal.command.models import DutyGrid
from platform_core.accounts.models import OrgUnit, User
from platform_core.common.snapshots import Snapshot
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q

from .enums import AREAS, ObjectKind

# Where a row of flags keeps the object of each kind.
FIELDS: Mapping[ObjectKind, str] = {
    ObjectKind.UNIT_GRID: "grid_code",
    ObjectKind.DUTY_GRID: "duty_grid",
    ObjectKind.COMMUNITY: "community_code",
    ObjectKind.STREET: "street_code",
    ObjectKind.DISTRICT: "division_code",
    ObjectKind.UNIT: "unit",
    ObjectKind.SUPERVISOR: "supervisor",
    ObjectKind.ACCEPTOR: "acceptor",
    ObjectKind.LEADER: "leader",
    ObjectKind.DISPATCHER: "dispatcher",
    ObjectKind.COMPANY: "company",
}
LEVELS = {6: "division_code", 9: "street_code", 12: "community_code"}
VIEW = "performance.view_counts"
NOTHING = Q(pk__in=[])
_units = Snapshot("performance.units")


def sees_all(user: User) -> bool:
    """Whether somebody sees the counts of the whole city."""
    if user.is_superuser:
        return True
    staff = user.has_perm(VIEW) and user.has_perm("command.view_all_cases")
    return staff and regions.own_division().prefix.startswith(user.division_prefix)


def kinds(user: User) -> list[ObjectKind]:
    """The kinds of objects whose counts somebody may see."""
    if sees_all(user):
        return list(ObjectKind)
    if not user.has_perm(VIEW):
        return []
    own = [ObjectKind.UNIT]
    return [*AREAS, *own] if user.has_perm("command.view_all_cases") else own


def units(user: User) -> list[int]:
    """Keys of the units whose counts somebody sees who does not see them all."""
    rows = OrgUnit.objects.order_by("pk")
    if user.has_perm("command.view_all_cases"):
        rows = rows.filter(range_q(user.division_prefix, "division__code"))
        place = user.division_prefix
    else:
        rows = rows.filter(path__startswith=user.unit_path)
        place = user.unit_path
    return _units.get(place, lambda: list(rows.values_list("pk", flat=True)))


def flags(user: User) -> Q:
    """The rows of flags somebody may see."""
    if sees_all(user):
        return Q()
    if not user.has_perm(VIEW):
        return NOTHING
    mine = Q(unit__in=units(user))
    if not user.has_perm("command.view_all_cases"):
        return mine
    prefix = user.division_prefix
    return mine | range_q(prefix, LEVELS.get(len(prefix), "division_code"))


def among(user: User, kind: ObjectKind, found: Iterable[str]) -> list[str]:
    """Those objects of some whose counts somebody may see."""
    if sees_all(user):
        return list(found)
    if kind not in kinds(user):
        return []
    if kind in {ObjectKind.UNIT, ObjectKind.DUTY_GRID}:
        own = set(units(user)) if kind == ObjectKind.UNIT else _duty_grids(user)
        return [key for key in found if key.isdigit() and int(key) in own]
    return [key for key in found if key.startswith(user.division_prefix)]


def _duty_grids(user: User) -> set[int]:
    rows = DutyGrid.objects.filter(range_q(user.division_prefix, "code"))
    return set(rows.values_list("pk", flat=True))
