"""The subject table: master records, their rows, their history."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.aggregation.fusion.enums import Change, MasterState
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .runs import Run
from .tasks import Task


class MasterQuerySet(models.QuerySet["Master"]):
    """Master records of a subject."""

    def current(self) -> Self:
        """Those that count."""
        return self.filter(state=MasterState.CURRENT)


class Master(TimeStamped):
    """One thing of the subject, put together from the rows that mean it.

    `picks` has for each field the source, row and record that its value is from
    and why: `{"field": {"source", "row", "record", "why"}}`.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="masters", verbose_name=_("Subject")
    )
    title = models.CharField(pgettext_lazy("master", "Name"), max_length=200)
    values = models.JSONField(_("Values"), default=dict)
    picks = models.JSONField(_("Where the values are from"), default=dict)
    search = models.TextField(blank=True, editable=False)
    lon = models.FloatField(_("Longitude"), null=True, blank=True)
    lat = models.FloatField(_("Latitude"), null=True, blank=True)
    size = models.PositiveIntegerField(pgettext_lazy("fusion", "Rows"), default=0)
    sources = models.PositiveSmallIntegerField(_("Sources"), default=0)
    state = models.CharField(
        _("State"), max_length=8, choices=MasterState, default=MasterState.CURRENT
    )
    revision = models.PositiveIntegerField(_("Revision"), default=1)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name=_("Merged into"),
    )
    split_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parted",
        verbose_name=_("Split off from"),
    )

    objects = MasterQuerySet.as_manager()

    class Meta:
        verbose_name = _("master record")
        verbose_name_plural = _("master records")
        ordering = ("title", "pk")
        indexes = [
            models.Index(fields=["task", "state", "title"], name="master_subject"),
            models.Index(fields=["task", "state", "size"], name="master_size"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("fusion:master", args=[self.uid])


class Member(models.Model):
    """A row that belongs to a master, with its values after mapping.

    `previous` is the master that the row belonged to before. `link` explains by
    which pair the row came in.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="+")
    record = models.UUIDField(_("Record"))
    master = models.ForeignKey(Master, models.CASCADE, related_name="members")
    previous = models.ForeignKey(
        Master, models.SET_NULL, null=True, related_name="left_by"
    )
    source = models.CharField(_("Source"), max_length=40)
    row = models.BigIntegerField(_("Row"))
    values = models.JSONField(_("Values"), default=dict)
    link = models.JSONField(_("Why it belongs here"), default=dict)
    current = models.BooleanField(_("Current"), default=True)

    class Meta:
        verbose_name = _("row of a master record")
        verbose_name_plural = _("rows of master records")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["task", "record"], name="one_master_of_a_record"
            )
        ]
        indexes = [models.Index(fields=["row"], name="member_row")]

    def __str__(self) -> str:
        return f"{self.source} {self.record}"


class MasterRevision(models.Model):
    """A master record as it was; rows are only added."""

    master = models.ForeignKey(Master, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("Revision"))
    change = models.CharField(_("What happened"), max_length=8, choices=Change)
    values = models.JSONField(_("Values"), default=dict)
    picks = models.JSONField(_("Where the values are from"), default=dict)
    records = models.JSONField(_("Records"), default=list)
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, related_name="+", verbose_name=_("Run")
    )
    at = models.DateTimeField(_("Time"), default=now)

    class Meta:
        verbose_name = _("revision of a master record")
        verbose_name_plural = _("revisions of master records")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["master", "number"], name="one_master_revision"
            )
        ]
        indexes = [models.Index(fields=["run", "change"], name="revision_run")]

    def __str__(self) -> str:
        return f"{self.master_id} r{self.number} {self.change}"

    @property
    def title(self) -> str:
        """What the timeline says."""
        return str(self.get_change_display())
