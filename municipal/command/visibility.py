"""Which cases somebody sees, as a condition."""

from django.db.models import Q
from guardian.models import UserObjectPermission

from platform_core.accounts.models import OrgUnit, User
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


def visibility(user: User) -> Q:
    """The cases somebody may see, as a condition."""
    if user.is_superuser:
        return EVERYTHING
    if not user.has_perm("command.view_case"):
        return NOTHING
    if user.has_perm("command.view_all_cases"):
        whole = _division(user.division_prefix)
        return whole if whole == EVERYTHING else whole | _granted(user)
    mine = _granted(user)
    if user.has_perm("command.report_case"):
        mine |= Q(reported_by=user)
    if user.has_perm("command.handle_case") and user.unit_path:
        units = OrgUnit.objects.filter(path__startswith=user.unit_path)
        # Keys, not a join: so the newest of a unit come straight from the index.
        mine |= Q(handling_unit__in=list(units.values_list("pk", flat=True)))
    if user.has_perm("command.check_case"):
        mine |= Q(field_inspector=user)
        mine |= Q(duty_grid__in=user.duty_grids.values("pk"))
    return mine


def _division(prefix: str) -> Q:
    if regions.own_division().prefix.startswith(prefix):
        return EVERYTHING
    if len(prefix) == 6:
        return Q(division_code=prefix)
    if len(prefix) == 9:
        return Q(street_code=prefix)
    return range_q(prefix, "division_code")


def _granted(user: User) -> Q:
    """Cases somebody was let into one by one.  [django-guardian]"""
    grants = UserObjectPermission.objects.filter(
        user=user,
        permission__codename="view_case",
        permission__content_type__app_label="command",
    )
    keys = [int(key) for key in grants.values_list("object_pk", flat=True)]
    return Q(pk__in=keys) if keys else NOTHING
