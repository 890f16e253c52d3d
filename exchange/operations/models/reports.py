"""What happened in a month or on a day, kept as it was written."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.operations.enums import ReportSpan
from platform_core.common.clock import now


class ExchangeReport(models.Model):
    """The figures of one month or day; written again, it replaces the one before."""

    span = models.CharField(_("Kind"), max_length=5, choices=ReportSpan.choices)
    first = models.DateField(_("First day"))
    written_at = models.DateTimeField(_("Written"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Totals, one row for each peer and for each interface: see the service.
    data = models.JSONField()

    class Meta:
        verbose_name = _("report of the exchange")
        verbose_name_plural = _("reports of the exchange")
        ordering = ("-first", "-span")
        permissions = [("write_report", "Can have reports of the exchange written")]
        constraints = [
            models.UniqueConstraint(fields=("span", "first"), name="reported_once")
        ]

    def __str__(self) -> str:
        if self.hourly:
            return _("Data exchange, %(day)s") % {"day": self.period}
        return _("Data exchange, %(month)s") % {"month": self.period}

    def get_absolute_url(self) -> str:
        return reverse("operations:report", args=[self.pk])

    @property
    def hourly(self) -> bool:
        """Whether its course is told by the hour, as that of a day."""
        return self.span == ReportSpan.DAY

    @property
    def period(self) -> str:
        return f"{self.first:%Y-%m-%d}" if self.hourly else f"{self.first:%Y-%m}"

    @property
    def course(self) -> list[dict[str, Any]]:
        """Records sent and received by hour or by day."""
        rows: list[dict[str, Any]] = self.data["hours" if self.hourly else "days"]
        return rows
