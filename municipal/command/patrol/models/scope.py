"""Whose duties somebody sees: one's own, or those of the inspectors in sight."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from platform_core.accounts.models import User
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q

TEAM = "patrol.view_team"


def people_q(user: User, name: str = "person") -> Q:
    """Rows about people whom the user looks after, else those about the user."""
    if user.is_superuser:
        return Q()
    if not user.has_perm(TEAM):
        return Q(**{name: user.pk})
    prefix = user.division_prefix
    if regions.own_division().prefix.startswith(prefix):
        return Q()
    return range_q(prefix, f"{name}__unit__division__code")


class PersonalQuerySet(models.QuerySet[Any]):
    """Rows of people, as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """One's own; those of the inspectors in sight for who leads them."""
        return self.filter(people_q(user))


class OpenQuerySet(models.QuerySet[Any]):
    """Rows that everybody sees whom the page admits."""

    def visible_to(self, user: User) -> Self:
        """All of them: the page's permission says enough."""
        return self.filter(pk__isnull=False)
