"""What was exchanged, hour by hour, and how each flow stands."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer
from exchange.operations import latency
from exchange.operations.enums import Direction
from platform_core.common.clock import now


def _count(label: Any = "") -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(label, default=0)


class Traffic(models.Model):
    """One hour of one interface with one peer, one way.

    The empty interface counts each call once, with all that it carried. Calls are
    counted as they happen, one UPDATE for each interface of a call, so a page
    never looks at single calls.
    """

    hour = models.DateTimeField(_("Hour"))
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="+")
    interface = models.CharField(_("Interface"), max_length=80, blank=True)
    direction = models.CharField(
        _("Direction of transfer"), max_length=3, choices=Direction
    )
    calls = _count(_("Calls made"))
    successes = _count(_("Successful calls"))
    records = _count(_("Records"))
    rejected = _count(_("Refused records"))
    size = _count(_("Bytes"))
    # Records whose age on receipt is known, and those that came in time.
    timed = _count()
    timely = _count(_("Records in time"))
    took_0 = _count()
    took_1 = _count()
    took_2 = _count()
    took_3 = _count()
    took_4 = _count()
    took_5 = _count()
    took_6 = _count()
    took_7 = _count()
    took_8 = _count()
    took_9 = _count()
    took_10 = _count()
    took_11 = _count()

    class Meta:
        verbose_name = _("hourly traffic")
        verbose_name_plural = _("hourly traffic")
        ordering = ("-hour", "peer", "interface")
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "interface", "direction", "hour"],
                name="one_traffic_an_hour",
            )
        ]
        indexes = [models.Index(fields=["interface", "hour"], name="traffic_hour")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.peer_id} {self.interface}"

    @property
    def histogram(self) -> list[int]:
        """How many calls fell into each class of time."""
        return [getattr(self, name) for name in latency.FIELDS]

    @property
    def success_rate(self) -> float | None:
        """Answered calls, per cent."""
        return round(100 * self.successes / self.calls, 2) if self.calls else None

    @property
    def p50(self) -> int | None:
        """Milliseconds below which half of the answered calls lie."""
        return latency.percentile(self.histogram, 0.5)

    @property
    def p95(self) -> int | None:
        """Milliseconds below which 95 of 100 answered calls lie."""
        return latency.percentile(self.histogram, 0.95)


class Flow(models.Model):
    """How one interface with one peer stands, one way: the last of everything."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="flows")
    interface = models.CharField(_("Interface"), max_length=80)
    direction = models.CharField(
        _("Direction of transfer"), max_length=3, choices=Direction
    )
    since = models.DateTimeField(_("Since"), default=now)
    call_at = models.DateTimeField(_("Last call"), default=now)
    success_at = models.DateTimeField(_("Last success"), null=True, blank=True)
    records_at = models.DateTimeField(_("Last records"), null=True, blank=True)

    class Meta:
        verbose_name = _("flow of records")
        verbose_name_plural = _("flows of records")
        ordering = ("peer", "interface", "direction")
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "interface", "direction"], name="one_flow"
            )
        ]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.interface} {self.direction}"
