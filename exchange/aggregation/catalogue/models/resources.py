"""Entries of the catalogue, and what was published of them."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.catalogue.enums import (
    Format,
    Frequency,
    Level,
    Share,
    State,
)
from exchange.interfaces.enums import Subset
from exchange.interfaces.models import Table
from platform_core.accounts.models import OrgUnit, User
from platform_core.accounts.scoping import unit_q
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.regions.models import Division

from .themes import Theme

PROTECTED = "catalogue.view_protected"


def json_formats() -> list[str]:
    """What every table can be had as."""
    return [Format.JSON]


class EntryQuerySet(models.QuerySet[Any]):
    """Entries as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """Level 4 is for its own unit and for those who see protected entries."""
        if user.has_perm(PROTECTED):
            return self.all()
        return self.filter(~models.Q(level=Level.L4) | unit_q(user))


class Metadata(models.Model):
    """What is said about a resource.  [GB/T 21063.3]"""

    title = models.CharField(_("Title"), max_length=200)
    abstract = models.TextField(_("Abstract"))
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="+", verbose_name=_("Theme")
    )
    subset = models.CharField(_("Subset"), max_length=30, choices=Subset)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("Owner")
    )
    table = models.ForeignKey(
        Table,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Table"),
    )
    frequency = models.CharField(
        _("Renewed"), max_length=12, choices=Frequency, default=Frequency.DAILY
    )
    share = models.CharField(_("Sharing"), max_length=12, choices=Share)
    condition = models.CharField(_("Condition"), max_length=300, blank=True)
    level = models.CharField(
        _("Security level"), max_length=1, choices=Level, default=Level.L2
    )
    formats = models.JSONField(_("Formats"), default=json_formats)
    keywords = models.JSONField(_("Keywords"), default=list, blank=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("Area covered")
    )
    covers_from = models.DateField(_("Covers from"), null=True, blank=True)
    covers_to = models.DateField(_("Covers to"), null=True, blank=True)
    contact = models.CharField(_("Contact"), max_length=60)
    phone = models.CharField(
        _("Phone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9+() -]+$")],
    )
    email = models.EmailField(_("E-mail"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


# The names of everything that is copied from the entry to what is published.
FACTS = tuple(field.name for field in Metadata._meta.local_fields)


class Resource(Metadata, TimeStamped):
    """An entry as its editors have it; readers see its editions."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(_("Code"), max_length=20, unique=True)
    state = models.CharField(
        _("State"), max_length=9, choices=State, default=State.DRAFT
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Changed by"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Reviewed by"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the catalogue")
        verbose_name_plural = _("entries of the catalogue")
        ordering = ("code",)
        permissions = [
            ("review_resource", "Can review entries of the catalogue"),
            ("publish_resource", "Can publish and withdraw entries of the catalogue"),
            ("view_protected", "Can see entries of security level 4"),
            ("view_board", "Can see the asset board"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:resource", args=[self.uid])


class Edition(Metadata):
    """What was published of an entry; never changed, one of them counts."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="editions")
    code = models.CharField(_("Code"), max_length=20)
    number = models.PositiveIntegerField(_("Version"))
    current = models.BooleanField(_("In the catalogue"), default=True)
    published_at = models.DateTimeField(_("Published"), default=now)
    issued_at = models.DateTimeField(_("First published"), default=now)
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Published by"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("published resource")
        verbose_name_plural = _("published resources")
        ordering = ("code", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "number"], name="one_edition_of_a_number"
            ),
            models.UniqueConstraint(
                fields=["resource"],
                name="one_current_edition",
                condition=models.Q(current=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["subset", "theme", "unit"],
                name="edition_tree",
                condition=models.Q(current=True),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:entry", args=[self.resource.uid])
