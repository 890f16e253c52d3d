"""Files of rows that are no longer kept in the database."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.interfaces.enums import ArchiveState
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .tables import Table


class Archive(models.Model):
    """Older revisions of a table, one JSON a line, packed; `sha256` is of the file."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.ForeignKey(
        Table, models.PROTECT, related_name="archives", verbose_name=_("Table")
    )
    name = models.CharField(_("File"), max_length=150, unique=True)
    rows = models.PositiveIntegerField(_("Rows"))
    first_at = models.DateTimeField(_("First landed"))
    last_at = models.DateTimeField(_("Last landed"))
    size = models.PositiveBigIntegerField(_("Size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(
        _("State"), max_length=8, choices=ArchiveState, default=ArchiveState.KEPT
    )
    made_at = models.DateTimeField(_("Made"), default=now)
    restored_at = models.DateTimeField(_("Brought back"), null=True, blank=True)

    class Meta:
        verbose_name = _("archive file")
        verbose_name_plural = _("archive files")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("interfaces:archive", args=[self.uid])

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(settings.ARCHIVE_ROOT) / self.name
