"""Filters that keep a list inside the user's divisions and organisations."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from platform_core.regions.codes import range_q
from platform_core.regions.enums import NOWHERE

from .models import User

NOTHING = Q(pk__in=[])


def division_q(user: User | AnonymousUser, field: str = "division_code") -> Q:
    """Rows whose division code lies inside the user's divisions.

    For a foreign key name its code: "division__code" (no join is made).
    """
    if not isinstance(user, User):
        return NOTHING
    return range_q(user.division_prefix, field)


def unit_q(user: User | AnonymousUser, field: str = "unit__path") -> Q:
    """Rows that belong to the user's organisation or one below it."""
    if not isinstance(user, User):
        return NOTHING
    if user.is_superuser:
        return Q()
    if user.unit_path == NOWHERE:
        return NOTHING
    return Q(**{f"{field}__startswith": user.unit_path})
