"""What people were reminded of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now


class Reminder(models.Model):
    """One end that was told so many days before; never told again."""

    mark = models.CharField(max_length=200)
    days = models.PositiveSmallIntegerField(_("Days before"))
    told_at = models.DateTimeField(_("Told"), default=now)

    class Meta:
        verbose_name = _("reminder of an end")
        verbose_name_plural = _("reminders of ends")
        constraints = [
            models.UniqueConstraint(fields=["mark", "days"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.days}"
