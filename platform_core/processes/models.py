"""Process definitions by version, running instances and their steps."""

from typing import Any, Never

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.models import TimeStamped

from .enums import DefinitionStatus


class AppendOnly(TypeError):
    """Something tried to change rows that are only ever added."""


class ProcessDefinition(TimeStamped):
    """One version of a process; only a draft may be changed."""

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=100)
    body = models.JSONField(_("definition"))
    status = models.CharField(
        _("status"), max_length=10, choices=DefinitionStatus, default="draft"
    )
    checksum = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    published_by = models.CharField(
        _("published by"), max_length=80, default="", editable=False
    )

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("process definition")
        verbose_name_plural = _("process definitions")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="one_definition_per_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status="published"),
                name="one_published_definition",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status="draft"),
                name="one_draft_definition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == DefinitionStatus.DRAFT


class ProcessInstance(models.Model):
    """A running process, pinned to the version it began with."""

    definition = models.ForeignKey(
        ProcessDefinition, models.PROTECT, related_name="instances"
    )
    state = models.CharField(_("state"), max_length=40)
    entered_at = models.DateTimeField(_("in this state since"))
    step_count = models.PositiveIntegerField(_("steps"), default=0)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class StepQuerySet(models.QuerySet["ProcessStep"]):
    """Steps are added one by one and stay."""

    def update(self, **kwargs: Any) -> Never:
        raise AppendOnly("process steps are append-only")

    def delete(self) -> Never:
        raise AppendOnly("process steps are append-only")


class ProcessStep(models.Model):
    """What was done, by whom, from where to where; never changed."""

    instance = models.ForeignKey(
        ProcessInstance, models.PROTECT, related_name="steps", db_index=False
    )
    seq = models.PositiveIntegerField(_("step number"))
    action = models.CharField(_("action"), max_length=40)
    from_state = models.CharField(_("from state"), max_length=40)
    to_state = models.CharField(_("to state"), max_length=40)
    at = models.DateTimeField(_("done at"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    by_name = models.CharField(_("name"), max_length=80, default="")
    role = models.CharField(_("role"), max_length=40)
    unit_name = models.CharField(_("organisation"), max_length=100, default="")
    note = models.TextField(_("opinion"), default="")
    data = models.JSONField(_("data"), default=dict)
    elapsed_seconds = models.PositiveBigIntegerField(_("time used"))
    overdue = models.BooleanField(_("overdue"), default=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["instance", "seq"]
        verbose_name = _("process step")
        verbose_name_plural = _("process steps")
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "seq"], name="one_step_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.from_state} → {self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the step; a second save is refused."""
        if not self._state.adding:
            raise AppendOnly("process steps are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnly("process steps are append-only")
