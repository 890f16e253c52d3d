"""Reads of people and organisations."""

from django.db.models import Q

from platform_core.regions.codes import range_q

from .models import OrgUnit, User, UserQuerySet


def users_with_role(
    code: str, *, unit: OrgUnit | None = None, division_prefix: str | None = None
) -> UserQuerySet:
    """Active people who hold a role, inside an organisation or a division."""
    found: UserQuerySet = User.objects.filter(is_active=True, groups__name=code)
    if unit is not None:
        found = found.filter(unit__path__startswith=unit.path)
    if division_prefix is not None:
        found = found.filter(range_q(division_prefix, "unit__division__code"))
    return found


def unit_by_code(code: str) -> OrgUnit | None:
    """The organisation with this code."""
    return OrgUnit.objects.filter(code=code).first()


def ancestors(unit: OrgUnit) -> list[OrgUnit]:
    """The organisations above this one, the top first."""
    keys = [int(key) for key in unit.path.strip("/").split("/")[:-1]]
    return list(OrgUnit.objects.filter(Q(pk__in=keys)).order_by("path"))


def permissions_of(user: User) -> list[str]:
    """All permissions a user holds through roles, sorted."""
    return sorted(user.get_all_permissions())
