"""What runs did, what they could not take, which files they have read."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.connectors.enums import OPEN, RejectState, RunState, Trigger
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .flows import Flow, FlowVersion


class Run(models.Model):
    """One time that a flow was run; `position` is where it goes on."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    flow = models.ForeignKey(
        Flow, models.CASCADE, related_name="runs", verbose_name=_("Flow")
    )
    version = models.ForeignKey(FlowVersion, models.PROTECT, related_name="runs")
    trigger = models.CharField(_("Begun"), max_length=10, choices=Trigger)
    state = models.CharField(
        _("State"), max_length=8, choices=RunState, default=RunState.WAITING
    )
    job = models.UUIDField(null=True, blank=True)
    again = models.BooleanField(_("From the start"), default=False)
    position = models.JSONField(default=dict)
    chunks = models.PositiveIntegerField(pgettext_lazy("run", "Batches"), default=0)
    read = models.PositiveBigIntegerField(_("Read"), default=0)
    filtered = models.PositiveBigIntegerField(_("Left out by the filter"), default=0)
    landed = models.PositiveBigIntegerField(_("Landed"), default=0)
    rejected = models.PositiveBigIntegerField(_("Rejected"), default=0)
    error = models.CharField(_("Reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("Begun at"), default=now)
    started_at = models.DateTimeField(_("Started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["flow"],
                condition=models.Q(state__in=[str(state) for state in OPEN]),
                name="one_open_run",
            )
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("connectors:run", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class LogLine(models.Model):
    """One thing worth knowing about a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("At"), default=now)
    level = models.CharField(_("Level"), max_length=8, default="info")
    text = models.CharField(_("Text"), max_length=500)

    class Meta:
        verbose_name = _("line of a log")
        verbose_name_plural = _("lines of logs")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class Reject(models.Model):
    """A row that was not taken, as it came, with what was wrong."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="rejects")
    flow = models.ForeignKey(
        Flow, models.CASCADE, related_name="rejects", verbose_name=_("Flow")
    )
    place = models.CharField(_("File"), max_length=200, blank=True)
    line = models.PositiveBigIntegerField(_("Line"))
    field = models.CharField(_("Field"), max_length=120, blank=True)
    code = models.CharField(_("Code"), max_length=30)
    reason = models.CharField(_("Reason"), max_length=300)
    raw = models.JSONField(_("Row"), encoder=DjangoJSONEncoder)
    state = models.CharField(
        _("State"), max_length=8, choices=RejectState, default=RejectState.OPEN
    )
    created_at = models.DateTimeField(_("Since"), default=now)
    settled_at = models.DateTimeField(_("Settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Settled by"),
    )

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["flow", "state"], name="reject_open")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"

    def get_absolute_url(self) -> str:
        return reverse("connectors:reject", args=[self.pk])


class SeenFile(models.Model):
    """A file that a flow has read to its end; known by its content."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="files")
    digest = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("File"), max_length=300)
    size = models.PositiveBigIntegerField(_("Size"), default=0)
    rows = models.PositiveBigIntegerField(_("Rows"), default=0)
    read_at = models.DateTimeField(_("Read"), default=now)

    class Meta:
        verbose_name = _("file that was read")
        verbose_name_plural = _("files that were read")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["flow", "digest"], name="file_read_once")
        ]

    def __str__(self) -> str:
        return self.name
