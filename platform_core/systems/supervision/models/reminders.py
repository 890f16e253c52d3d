"""When the platform reminds by itself, and that it did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import TimeStamped
from platform_core.systems.supervision.enums import ReminderKind


class ReminderRule(models.Model):
    """A threshold at which receivers or issuers are reminded."""

    kind = models.CharField(_("Occasion"), max_length=20, choices=ReminderKind)
    hours = models.PositiveSmallIntegerField(_("Hours"), default=0)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Reminder rule")
        verbose_name_plural = _("Reminder rules")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("kind", "hours"), name="reminder_rule"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.hours} h"


class Reminder(TimeStamped):
    """A reminder that was given; its key makes it happen once."""

    assignment = models.ForeignKey(
        "supervision.Assignment", on_delete=models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(_("Occasion"), max_length=20, choices=ReminderKind)
    key = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("Reminder")
        verbose_name_plural = _("Reminders")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("assignment", "kind", "key"), name="reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
