"""Codes of a source and the standard ones they mean."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.aggregation.fusion.enums import Life, UnmatchedState
from exchange.interfaces.models import CodeList, Table
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .versions import Version


class CodeMap(TimeStamped):
    """What the values of a field mean, in the codes of a list.

    Without a source it counts for every source of the table that has no map of
    its own. A standard code stands for itself unless an entry says otherwise.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.ForeignKey(
        Table, models.PROTECT, related_name="+", verbose_name=_("Table")
    )
    field = models.CharField(_("Field"), max_length=60)
    source = models.CharField(
        _("Source"),
        max_length=120,
        blank=True,
        help_text=_("As the batches name it; empty for all sources."),
    )
    codes = models.ForeignKey(
        CodeList, models.PROTECT, related_name="+", verbose_name=_("Code list")
    )
    current = models.ForeignKey(
        "CodeMapVersion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Published version"),
    )

    class Meta:
        verbose_name = _("code map")
        verbose_name_plural = _("code maps")
        ordering = ("table__code", "field", "source")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "field", "source"], name="one_code_map"
            )
        ]
        permissions = [("publish_codemap", "Can publish code maps")]

    def __str__(self) -> str:
        where = f" · {self.source}" if self.source else ""
        return f"{self.table.code}.{self.field}{where}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:codemap", args=[self.uid])

    @property
    def draft(self) -> "CodeMapVersion | None":
        """The version that may be edited, if there is one."""
        return self.versions.filter(state=Life.DRAFT).first()


class CodeMapVersion(Version):
    """The entries of a map at a time."""

    code_map = models.ForeignKey(CodeMap, models.CASCADE, related_name="versions")

    class Meta:
        verbose_name = _("version of a code map")
        verbose_name_plural = _("versions of code maps")
        ordering = ("code_map", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["code_map", "number"], name="one_code_map_version"
            ),
            models.UniqueConstraint(
                fields=["code_map"],
                condition=models.Q(state=Life.DRAFT),
                name="one_code_map_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_map} v{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.code_map.get_absolute_url()}?version={self.number}"


class CodeEntry(models.Model):
    """One code of the source and what it means."""

    version = models.ForeignKey(CodeMapVersion, models.CASCADE, related_name="entries")
    given = models.CharField(_("Source code"), max_length=200)
    standard = models.CharField(_("Standard code"), max_length=60)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of a code map")
        verbose_name_plural = _("entries of code maps")
        ordering = ("version", "given")
        constraints = [
            models.UniqueConstraint(fields=["version", "given"], name="one_code_entry")
        ]

    def __str__(self) -> str:
        return f"{self.given} = {self.standard}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:entry-edit", args=[self.pk])


class UnmatchedCode(models.Model):
    """A code that rows have and no map knows, as runs met it."""

    code_map = models.ForeignKey(
        CodeMap,
        models.CASCADE,
        related_name="unmatched",
        verbose_name=_("Code map"),
    )
    value = models.CharField(_("Source code"), max_length=200)
    state = models.CharField(
        _("State"),
        max_length=8,
        choices=UnmatchedState,
        default=UnmatchedState.OPEN,
    )
    count = models.PositiveBigIntegerField(pgettext_lazy("fusion", "Rows"), default=0)
    row = models.BigIntegerField(_("Example"), null=True)
    suggestion = models.CharField(_("Suggestion"), max_length=60, blank=True)
    likeness = models.FloatField(_("Likeness"), null=True)
    first_seen = models.DateTimeField(_("First seen"), default=now)
    last_seen = models.DateTimeField(_("Last seen"), default=now)

    class Meta:
        verbose_name = _("unmatched code")
        verbose_name_plural = _("unmatched codes")
        ordering = ("-count", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["code_map", "value"], name="one_unmatched_code"
            )
        ]
        indexes = [models.Index(fields=["state", "-count"], name="unmatched_state")]

    def __str__(self) -> str:
        return f"{self.code_map}: {self.value}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:unmatched", args=[self.pk])
