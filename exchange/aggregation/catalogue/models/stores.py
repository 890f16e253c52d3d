"""The store as a whole: its size by day, and its backups."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.catalogue.enums import BackupKind
from platform_core.common.clock import now


class StoreMeasure(models.Model):
    """Size of the database and the room beside it on a day."""

    day = models.DateField(_("Day"), unique=True)
    size = models.PositiveBigIntegerField(_("Size"))
    free = models.PositiveBigIntegerField(_("Free"))

    class Meta:
        verbose_name = _("size of the database")
        verbose_name_plural = _("sizes of the database")
        ordering = ("day",)

    def __str__(self) -> str:
        return str(self.day)


class Backup(models.Model):
    """A backup that was made, or that failed, as its script reported it."""

    # A day, and some hours in which the next one is made.
    FRESH = timedelta(hours=26)

    kind = models.CharField(_("Kind"), max_length=8, choices=BackupKind)
    made_at = models.DateTimeField(_("Made"), default=now)
    ok = models.BooleanField(_("Succeeded"), default=True)
    place = models.CharField(_("Place"), max_length=300, blank=True)
    size = models.PositiveBigIntegerField(_("Size"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    seconds = models.PositiveIntegerField(_("Duration (s)"), null=True, blank=True)
    tested_at = models.DateTimeField(_("Restored for a test"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ("-made_at",)
        permissions = [("manage_backup", "Can note tests of backups")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def fresh(self) -> bool:
        """Is it good, and young enough to be relied on?"""
        return self.ok and now() - self.made_at < self.FRESH
