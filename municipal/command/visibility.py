"""Which cases somebody sees, as a condition.

What it takes from other tables (the units below one, single grants) is kept in
memory and renewed in all processes within a second after a change.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from guardian.models import UserObjectPermission

from platform_core.accounts.models import OrgUnit, User
from platform_core.common.snapshots import Snapshot
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q

NOTHING = Q(pk__in=[])
EVERYTHING = Q()
Keys = Callable[[User], Iterable[int]]
_shared: list[Keys] = []
_units = Snapshot("command.units")
_grants = Snapshot("command.grants")


def watch() -> None:
    """Have what is kept here renewed when organisations or grants change."""
    for model, kept in ((OrgUnit, _units), (UserObjectPermission, _grants)):
        for signal in (post_save, post_delete):
            signal.connect(
                _renewing(kept), model, weak=False, dispatch_uid=f"visibility {kept}"
            )


def _renewing(kept: Snapshot) -> Callable[..., None]:
    def renew(**_about: Any) -> None:
        kept.renew()

    return renew


def share(keys: Keys) -> None:
    """Let people see further cases; few keys each, for they go into the query."""
    if keys not in _shared:
        _shared.append(keys)


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
        # Keys, not a join: so the newest of a unit come straight from the index.
        mine |= Q(handling_unit__in=_below(user.unit_path))
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


def _below(path: str) -> list[int]:
    """Keys of a unit and all below it."""
    units = OrgUnit.objects.filter(path__startswith=path).order_by("pk")
    return _units.get(path, lambda: list(units.values_list("pk", flat=True)))


def _granted(user: User) -> Q:
    """Cases somebody was let into one by one."""
    keys = list(_grants.get(user.pk, lambda: _granted_keys(user)))
    keys += [key for shared in _shared for key in shared(user)]
    return Q(pk__in=keys) if keys else NOTHING


def _granted_keys(user: User) -> list[int]:
    """Keys of the cases of single grants.  [django-guardian]"""
    grants = UserObjectPermission.objects.filter(
        user=user,
        permission__codename="view_case",
        permission__content_type__app_label="command",
    )
    return [int(key) for key in grants.values_list("object_pk", flat=True)]
