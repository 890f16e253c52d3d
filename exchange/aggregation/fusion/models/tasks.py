"""Fusion tasks: which tables of which sources become which subject table."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.fusion.enums import Life
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .versions import Version


class Task(TimeStamped):
    """A subject table, how it is made is in its versions.

    `daily_at` is an hour of the day, local time; empty for never.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    after_landing = models.BooleanField(_("After rows landed"), default=False)
    daily_at = models.PositiveSmallIntegerField(
        _("Every day at the hour"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
    )
    current = models.ForeignKey(
        "TaskVersion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Published version"),
    )

    class Meta:
        verbose_name = _("fusion task")
        verbose_name_plural = _("fusion tasks")
        ordering = ("code",)
        permissions = [("publish_task", "Can publish fusion tasks")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:task", args=[self.uid])

    @property
    def draft(self) -> "TaskVersion | None":
        """The version that may be edited, if there is one."""
        return self.versions.filter(state=Life.DRAFT).first()


class TaskVersion(Version):
    """How a subject table is made, as data: see `definitions`."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="versions")
    definition = models.JSONField(_("Definition"), default=dict)

    class Meta:
        verbose_name = _("version of a fusion task")
        verbose_name_plural = _("versions of fusion tasks")
        ordering = ("task", "-number")
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="one_task_version"),
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(state=Life.DRAFT),
                name="one_task_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task.code} v{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.task.get_absolute_url()}?version={self.number}"

    def part(self, section: str) -> list[dict[str, Any]]:
        """The fields, sources, rules or blocks of the definition."""
        found: list[dict[str, Any]] = self.definition.get(section, [])
        return found
