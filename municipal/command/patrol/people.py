"""Whom somebody leads."""

from django.db.models import Q

from platform_core.accounts.models import User, UserQuerySet

from .models.scope import people_q
from .services.common import INSPECTOR


def led_by(user: User) -> UserQuerySet:
    """Active inspectors in sight of a leader; only oneself for an inspector."""
    seen = people_q(user, "pk")
    if seen and user.has_perm("patrol.view_team") and not user.is_superuser:
        seen = Q(unit__division__code__startswith=user.division_prefix)
    people: UserQuerySet = User.objects.filter(seen, is_active=True)
    return people.filter(groups__name=INSPECTOR)
