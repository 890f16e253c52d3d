"""Jobs, what they could not do, and where they keep their files."""

from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .enums import OPEN, JobState


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """One's own jobs; all of them with the permission."""
        if user.has_perm("jobs.view_all_jobs"):
            return self.all()
        return self.filter(by=user.pk)


class Job(models.Model):
    """Work that takes longer than a page may: an import, an export, a recalculation."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(_("kind of job"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    params = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=JobState.choices, default=JobState.WAITING
    )
    total = models.PositiveBigIntegerField(_("rows"), null=True)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    skipped = models.PositiveBigIntegerField(_("skipped"), default=0)
    failed = models.PositiveBigIntegerField(_("failed"), default=0)
    note = models.TextField(_("result"), blank=True)
    checkpoint = models.JSONField(_("where to go on"), default=dict)
    input_name = models.CharField(_("file"), max_length=150, blank=True)
    outputs = models.JSONField(_("files made"), default=list)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    cancel_asked = models.BooleanField(_("cancelling"), default=False)
    created_at = models.DateTimeField(_("created"), default=now)
    started_at = models.DateTimeField(_("started"), null=True)
    seen_at = models.DateTimeField(_("last sign of life"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-pk",)
        permissions = [("view_all_jobs", "Can view the jobs of others")]
        indexes = [models.Index("state", "seen_at", name="job_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def handled(self) -> int:
        """Rows dealt with, whatever became of them."""
        return self.done + self.skipped + self.failed

    @property
    def percent(self) -> int | None:
        """How far it is, where that is known."""
        if self.state == JobState.DONE:
            return 100
        return min(99, self.handled * 100 // self.total) if self.total else None

    @property
    def folder(self) -> Path:
        """Where its input and the files it makes are kept."""
        return Path(settings.FILES_ROOT) / "jobs" / str(self.uid)

    @property
    def input_path(self) -> Path | None:
        """The uploaded file, if the job has one."""
        return self.folder / "input" if self.input_name else None


class JobProblem(models.Model):
    """A row that a job could not deal with, and why."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="problems")
    row = models.PositiveBigIntegerField(_("row"), null=True)
    field = models.CharField(_("field"), max_length=60, blank=True)
    value = models.CharField(_("given value"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"
