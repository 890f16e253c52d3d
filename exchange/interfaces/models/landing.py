"""What was received for a table, as it came."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.interfaces.enums import RowState, SourceKind
from exchange.interfaces.sources import in_words
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import own_node

from .tables import Table


class Batch(models.Model):
    """Rows that came together from one source.

    `key` names the batch at its source: the same source and key are the same
    batch. `finished_at` is empty while rows are still being written.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.ForeignKey(
        Table, models.PROTECT, related_name="batches", verbose_name=_("Table")
    )
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    source = models.CharField(_("Source"), max_length=120)
    kind = models.CharField(_("Kind of source"), max_length=10, choices=SourceKind)
    key = models.CharField(_("Batch number"), max_length=100)
    origin = models.CharField(_("Origin"), max_length=9, default=own_node)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    count = models.PositiveBigIntegerField(_("Rows"), default=0)
    arrived_at = models.DateTimeField(_("Arrived"), default=now)
    finished_at = models.DateTimeField(_("Finished"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["table", "source", "key"], name="one_batch_of_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table.code} {self.source_name} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("interfaces:batch", args=[self.uid])

    @property
    def source_name(self) -> str:
        """The source in the reader's language, where it is a system of our own."""
        return in_words(self.source)


class Row(models.Model):
    """One received record, its content exactly as it came.

    `uid` stays the same for all revisions of a record; it is made of table,
    origin and `key`. A row without a key is a record of its own. `current` marks
    the newest revision; older ones stay as history.
    """

    uid = models.UUIDField(default=uuid7, editable=False)
    revision = models.PositiveIntegerField(_("Revision"), default=1)
    origin = models.CharField(_("Origin"), max_length=9, default=own_node)
    table = models.ForeignKey(
        Table,
        models.PROTECT,
        related_name="rows",
        db_index=False,
        verbose_name=_("Table"),
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="rows", verbose_name=_("Batch")
    )
    line = models.PositiveBigIntegerField(pgettext_lazy("row", "Line"), default=1)
    key = models.CharField(pgettext_lazy("row", "Key"), max_length=200, blank=True)
    content = models.JSONField(_("Content"), encoder=DjangoJSONEncoder)
    landed_at = models.DateTimeField(_("Landed"), default=now)
    current = models.BooleanField(_("Newest"), default=True)
    withdrawn = models.BooleanField(_("Withdrawn"), default=False)
    state = models.CharField(
        _("State"), max_length=8, choices=RowState, default=RowState.LANDED
    )

    class Meta:
        verbose_name = _("landed row")
        verbose_name_plural = _("landed rows")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["table", "uid"],
                name="one_current_row",
                condition=models.Q(current=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["table", "id"],
                name="row_stream",
                condition=models.Q(current=True),
            ),
            models.Index(fields=["table", "key"], name="row_key"),
            models.Index(
                fields=["table", "state", "id"],
                name="row_waiting",
                condition=models.Q(current=True, state="landed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key or self.uid} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("interfaces:row", args=[self.pk])


class Cursor(models.Model):
    """How far a table has been filled from a system of this platform."""

    table = models.OneToOneField(Table, models.CASCADE, related_name="cursor")
    at = models.DateTimeField(null=True)
    last = models.CharField(max_length=64, blank=True)
    ran_at = models.DateTimeField(_("Last filled"), null=True)
    landed = models.PositiveBigIntegerField(_("Rows filled"), default=0)
    unfit = models.PositiveBigIntegerField(_("Rows that do not fit"), default=0)
    problem = models.CharField(_("Last problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("filling of a table")
        verbose_name_plural = _("filling of tables")

    def __str__(self) -> str:
        return f"{self.table} {self.at or self.last}"
