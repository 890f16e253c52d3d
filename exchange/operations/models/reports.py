"""What happened in a month, kept as it was written."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now


class MonthlyReport(models.Model):
    """The figures of one month; written again, it replaces the one before."""

    month = models.DateField(_("Month"), unique=True)
    written_at = models.DateTimeField(_("Written"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Totals, one row for each peer and for each interface: see the service.
    data = models.JSONField()

    class Meta:
        verbose_name = _("monthly report of the exchange")
        verbose_name_plural = _("monthly reports of the exchange")
        ordering = ("-month",)
        permissions = [("write_report", "Can have the monthly report written again")]

    def __str__(self) -> str:
        return _("Data exchange, %(month)s") % {"month": f"{self.month:%Y-%m}"}

    def get_absolute_url(self) -> str:
        return reverse("operations:report", args=[self.pk])
