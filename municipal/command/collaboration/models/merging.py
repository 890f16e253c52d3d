"""Merged cases and batches."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import BatchAction, BatchState
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL


class Merge(models.Model):
    """A case waits for another one with which it is the same problem.

    `ended_at` is set when it is taken apart again or the main case ended.
    """

    case = models.ForeignKey("command.Case", models.PROTECT, related_name="merges")
    main = models.ForeignKey("command.Case", models.PROTECT, related_name="merged")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("reason of the end"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("merging")
        verbose_name_plural = _("mergings")
        ordering = ("-pk",)
        permissions = [("merge_case", "Can merge cases")]
        constraints = [
            models.UniqueConstraint(
                "case", name="merge_open_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="merge_not_into_itself", condition=~Q(case=models.F("main"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.main_id}"


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """One's own batches."""
        return self.filter(by=user.pk)


class Batch(TimeStamped):
    """The same thing done to many cases: what was chosen, what became of it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    action = models.CharField(_("action"), max_length=10, choices=BatchAction.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=BatchState.choices,
        default=BatchState.PREVIEW,
    )
    given = models.JSONField(default=dict)
    cases = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-pk",)
        permissions = [("run_batch", "Can act on many cases at once")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({len(self.cases)})"

    def get_absolute_url(self) -> str:
        return reverse("collaboration:batch", args=[self.uid])
