"""The regular tasks of the exchange: whether they run, and how they went."""

from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.operations import timetable


class Schedule(models.Model):
    """One regular task; when it is due stands in the code of its app."""

    name = models.CharField(_("Code"), max_length=80, unique=True)
    paused = models.BooleanField(_("Paused"), default=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("Last run"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("Duration (ms)"), null=True)
    ok = models.BooleanField(_("Succeeded"), null=True)
    error = models.CharField(_("Last error"), max_length=300, blank=True)
    failed_at = models.DateTimeField(_("Last failure"), null=True, blank=True)

    class Meta:
        verbose_name = _("regular task")
        verbose_name_plural = _("regular tasks")
        ordering = ("name",)
        permissions = [("manage_schedule", "Can pause, resume and start regular tasks")]

    def __str__(self) -> str:
        return str(timetable.label(self.name))

    def get_absolute_url(self) -> str:
        return reverse("operations:schedule", args=[self.name])

    @property
    def rhythm(self) -> str:
        """When it is due, in words or as a cron line."""
        return timetable.rhythm(self.name)

    @property
    def next_at(self) -> datetime | None:
        """When it is due next, None while it is paused."""
        return None if self.paused else timetable.next_run(self.name, self.started_at)
