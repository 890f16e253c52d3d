"""From a source to a table of the data standard; how, in versions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.connectors.enums import Direction, FlowState
from exchange.interfaces.models import Table
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .sources import Source


class CodeMap(TimeStamped):
    """Codes of a department and the standard ones they mean."""

    code = models.SlugField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    entries = models.JSONField(_("Codes"), default=dict)
    version = models.PositiveIntegerField(_("Version"), default=1)

    class Meta:
        verbose_name = _("code mapping")
        verbose_name_plural = _("code mappings")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("connectors:codemap", args=[self.code])


class Flow(TimeStamped):
    """Data on its way from a source into a table, or from a table to the outside.

    `position` is how far an incremental flow has come; it is kept in the same
    transaction as the rows that landed, or right behind those that were taken
    outside.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100, unique=True)
    direction = models.CharField(
        _("Direction"), max_length=3, choices=Direction, default=Direction.IN
    )
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="flows", verbose_name=_("Source")
    )
    table = models.ForeignKey(
        Table, models.PROTECT, related_name="+", verbose_name=_("Table")
    )
    state = models.CharField(
        _("State"), max_length=8, choices=FlowState, default=FlowState.DRAFT
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    current = models.ForeignKey(
        "FlowVersion", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    position = models.JSONField(default=dict, blank=True)
    next_at = models.DateTimeField(_("Next run"), null=True, blank=True)

    class Meta:
        verbose_name = _("flow")
        verbose_name_plural = _("flows")
        ordering = ("name",)
        permissions = [
            ("manage_flow", "Can make and change flows"),
            ("run_flow", "Can run, pause and resume flows"),
            ("fix_reject", "Can correct rejected rows and send them again"),
            ("upload_rows", "Can bring rows of a table as a file"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connectors:flow", args=[self.uid])

    @property
    def outgoing(self) -> bool:
        """Does it send records instead of taking them?"""
        return self.direction == Direction.OUT

    @property
    def definition(self) -> dict[str, Any]:
        """What counts now."""
        return self.current.definition if self.current else {}


class FlowVersion(models.Model):
    """What a flow reads and how it changes it, at a time; never changed."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("Version"), default=1)
    definition = models.JSONField(_("Definition"))
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("Made"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )

    class Meta:
        verbose_name = _("version of a flow")
        verbose_name_plural = _("versions of flows")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="flow_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.number}"
