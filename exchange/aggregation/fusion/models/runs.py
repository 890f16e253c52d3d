"""Runs of a fusion task."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.aggregation.fusion.enums import Trigger
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.jobs.models import Job

from .tasks import Task, TaskVersion


class Run(models.Model):
    """One pass over the newest rows of all sources of a task.

    `used` names the versions of the code maps that it went by.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="runs", verbose_name=_("Fusion task")
    )
    version = models.ForeignKey(
        TaskVersion, models.PROTECT, related_name="+", verbose_name=_("Version")
    )
    job = models.OneToOneField(
        Job, models.PROTECT, null=True, related_name="+", verbose_name=_("Job")
    )
    trigger = models.CharField(_("Started"), max_length=8, choices=Trigger)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )
    started_at = models.DateTimeField(_("Started at"), default=now)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    used = models.JSONField(_("Code maps used"), default=dict)
    rows = models.PositiveBigIntegerField(pgettext_lazy("fusion", "Rows"), default=0)
    compared = models.PositiveBigIntegerField(_("Pairs compared"), default=0)
    large = models.PositiveIntegerField(_("Blocks left out as too large"), default=0)
    same = models.PositiveBigIntegerField(_("Same thing"), default=0)
    unsure = models.PositiveBigIntegerField(_("To be reviewed"), default=0)
    masters = models.PositiveBigIntegerField(_("Master records"), default=0)
    made = models.PositiveBigIntegerField(_("New"), default=0)
    changed = models.PositiveBigIntegerField(_("Changed"), default=0)
    merged = models.PositiveBigIntegerField(_("Merged"), default=0)
    split = models.PositiveBigIntegerField(_("Split off"), default=0)
    retired = models.PositiveBigIntegerField(_("Without rows"), default=0)
    unmatched = models.PositiveBigIntegerField(_("Unmatched codes"), default=0)

    class Meta:
        verbose_name = _("fusion run")
        verbose_name_plural = _("fusion runs")
        ordering = ("-pk",)
        permissions = [("start_run", "Can start fusion runs")]

    def __str__(self) -> str:
        return f"{self.task.name} {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:run", args=[self.uid])
