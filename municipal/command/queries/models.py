"""Searches and tables that people keep."""

from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import OrgUnit, User
from platform_core.common.models import TimeStamped

from .enums import Page


class SavedQueryQuerySet(models.QuerySet["SavedQuery"]):
    """Saved queries as somebody may use them."""

    def visible_to(self, user: User) -> Self:
        """One's own, and those shared within the own organisation."""
        own = Q(owner=user)
        if user.unit_id:
            own |= Q(unit=user.unit_id, is_shared=True)
        return self.filter(own)


class SavedQuery(TimeStamped):
    """A search or a cross table under a name; it shows what its reader may see."""

    name = models.CharField(_("name"), max_length=60)
    page = models.CharField(_("kind"), max_length=6, choices=Page.choices)
    query = models.CharField(_("conditions"), max_length=4000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_queries",
        verbose_name=_("kept by"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    is_shared = models.BooleanField(_("shared within the organisation"), default=False)

    objects = SavedQueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved query")
        verbose_name_plural = _("saved queries")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"], name="one_saved_query_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        name = "cases" if self.page == Page.CASES else "tables"
        return f"{reverse(f'queries:{name}')}?{self.query}"


def address(name: str, values: dict[str, object]) -> str:
    """A page of this app with conditions."""
    return f"{reverse(f'queries:{name}')}?{urlencode(values, doseq=True)}"
