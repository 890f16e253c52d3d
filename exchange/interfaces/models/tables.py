"""Tables of the data standard, their versions and fields."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exchange.interfaces import schema as schemas
from exchange.interfaces.enums import (
    Confidence,
    Direction,
    Kind,
    Life,
    Need,
    Subset,
)
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped


class CodeList(TimeStamped):
    """The values a coded field may have: `[{"code", "name"}, …]`."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    values = models.JSONField(_("Values"), default=list)

    class Meta:
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def codes(self) -> list[str]:
        """The values without their names."""
        return [one["code"] for one in self.values]


class Table(TimeStamped):
    """One table of the standard, whatever its version; rows land here.

    `current` is the version that counts: the newest one published, else the
    newest there is.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    subset = models.CharField(_("Subset"), max_length=30, choices=Subset)
    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    direction = models.CharField(_("Direction"), max_length=8, choices=Direction)
    route = models.CharField(_("Route"), max_length=60, blank=True)
    frequency = models.CharField(_("Frequency"), max_length=60, blank=True)
    basis = models.CharField(_("Basis"), max_length=200, blank=True)
    confidence = models.CharField(
        _("Foundation"), max_length=3, choices=Confidence, default=Confidence.LOCAL
    )
    reported = models.BooleanField(
        _("Sent to the platform above"),
        default=False,
        help_text=_("Without a subscription, as soon as a record changes."),
    )
    filled = models.BooleanField(
        _("Filled by this platform's systems"),
        default=True,
        help_text=_("Where a system here has such records."),
    )
    history_days = models.PositiveIntegerField(
        _("Older revisions kept (days)"),
        null=True,
        blank=True,
        help_text=_("Then they go into a file of the archive; empty for ever."),
    )
    current = models.ForeignKey(
        "TableVersion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Current version"),
    )

    class Meta:
        verbose_name = _("table of the data standard")
        verbose_name_plural = _("tables of the data standard")
        ordering = ("subset", "code")
        permissions = [
            ("publish_table", "Can publish tables of the data standard"),
            ("view_landed", "Can look at the rows that landed"),
            ("manage_archive", "Can archive rows and bring them back"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("interfaces:table", args=[self.code])

    @property
    def label(self) -> str:
        """The name in the user's language."""
        english = self.name_en and not (get_language() or "zh").startswith("zh")
        return self.name_en if english else self.name

    @property
    def interface(self) -> str:
        """The name of its contract between platforms."""
        return f"standard.{self.code}"

    @property
    def state(self) -> str:
        """State of the version that counts."""
        return self.current.state if self.current else Life.DRAFT

    @property
    def version(self) -> int:
        """Number of the version that counts; 0 without one."""
        return self.current.number if self.current else 0

    @cached_property
    def fields(self) -> "list[Field]":
        """Fields of the version that counts, in order."""
        return list(self.current.fields.all()) if self.current else []

    @property
    def keys(self) -> list[str]:
        """Fields that together name a record."""
        return [one.code for one in self.fields if one.is_key]

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of a record, in the version that counts."""
        return self.current.schema if self.current else schemas.of(self, 0, [], {})


class TableVersion(TimeStamped):
    """The fields of a table at a time."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.ForeignKey(Table, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"), default=1)
    state = models.CharField(
        _("State"), max_length=10, choices=Life, default=Life.DRAFT
    )
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    # Digest of the packaged fields it was made of; empty where people made it.
    package = models.CharField(max_length=64, blank=True, editable=False)
    stored_schema = models.JSONField(default=dict, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Made by"),
    )

    class Meta:
        verbose_name = _("version of a table")
        verbose_name_plural = _("versions of tables")
        ordering = ("table", "-number")
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="one_version")
        ]

    def __str__(self) -> str:
        return f"{self.table.code} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("interfaces:version", args=[self.uid])

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12; fixed from publishing on."""
        return self.stored_schema or self.made_schema()

    def made_schema(self) -> dict[str, Any]:
        """The schema as its fields and the present code lists make it."""
        fields = list(self.fields.all())
        wanted = {one.code_list for one in fields if one.code_list}
        lists = {
            one.code: one.codes for one in CodeList.objects.filter(code__in=wanted)
        }
        return schemas.of(self.table, self.number, fields, lists)

    @property
    def personal(self) -> list[str]:
        """Fields that stay out of what travels."""
        return [one.code for one in self.fields.all() if one.personal]

    def over(self, day: date) -> bool:
        """Has its end date passed?"""
        return self.ends_on is not None and self.ends_on < day


class Field(models.Model):
    """One field of a version of a table.  [GB/T 47678.7 clause 4.8]"""

    version = models.ForeignKey(TableVersion, models.CASCADE, related_name="fields")
    place = models.PositiveSmallIntegerField(_("Order"), default=0)
    code = models.CharField(_("Code"), max_length=60)
    name = models.CharField(_("Name"), max_length=100)
    abbreviation = models.CharField(_("Abbreviation"), max_length=40, blank=True)
    kind = models.CharField(_("Type"), max_length=10, choices=Kind)
    length = models.PositiveIntegerField(_("Length"), null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("Decimals"), null=True, blank=True)
    shape = models.CharField(_("Shape"), max_length=10, blank=True)
    need = models.CharField(
        _("Constraint"), max_length=1, choices=Need, default=Need.OPTIONAL
    )
    code_list = models.CharField(_("Code list"), max_length=40, blank=True)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    is_key = models.BooleanField(pgettext_lazy("field", "Key"), default=False)
    personal = models.BooleanField(
        _("Personal data"), default=False, help_text=_("Left out between platforms.")
    )

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ("version", "place", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_field")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def type_text(self) -> str:
        """Type with its length, such as string(40) or decimal(10,2)."""
        inside = [str(one) for one in (self.length, self.decimals) if one is not None]
        inside += [one for one in (self.code_list, self.shape) if one]
        return f"{self.kind}({','.join(inside)})" if inside else self.kind
