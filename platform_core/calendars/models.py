"""Work calendars: working spans of a day and the days that differ."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import TimeStamped

from .enums import DayKind


class WorkCalendar(TimeStamped):
    """A calendar that time limits are counted by; Monday to Friday are worked."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_calendar",
            )
        ]

    def __str__(self) -> str:
        return self.name


class WorkSessions(models.Model):
    """The spans of a working day, from a date on."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="sessions")
    valid_from = models.DateField(_("valid from"))
    spans = models.JSONField(_("working spans"))

    class Meta:
        ordering = ["calendar", "valid_from"]
        verbose_name = _("working spans")
        verbose_name_plural = _("working spans")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "valid_from"], name="one_spans_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.spans}"


class CalendarDay(TimeStamped):
    """A day that differs from the plain week."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("name"), max_length=100, default="")
    note = models.CharField(_("note"), max_length=200, default="", blank=True)
    corrected_by = models.CharField(_("corrected by"), max_length=80, default="")
    is_corrected = models.BooleanField(_("corrected"), default=False)

    class Meta:
        ordering = ["calendar", "date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"], name="one_kind_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"
