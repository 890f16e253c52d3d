"""What is allowed on a connection: configuration with its history."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import MAX_RECORDS
from platform_core.common.clock import now

from .peers import Peer


class PeerPolicy(models.Model):
    """One version of the rules for a peer; the newest one counts."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="policies")
    version = models.PositiveIntegerField(_("Version"), default=1)
    requests_per_minute = models.PositiveIntegerField(
        _("Requests a minute"), null=True, blank=True
    )
    daily_records = models.PositiveIntegerField(
        _("Records a day"), null=True, blank=True
    )
    batch_records = models.PositiveIntegerField(
        _("Records in a batch"), default=MAX_RECORDS
    )
    # [{"days": [1, …, 7], "start": "08:00", "end": "18:00"}]; none: always.
    windows = models.JSONField(_("Time windows"), default=list)
    may_send = models.BooleanField(_("Records may be sent there"), default=True)
    may_receive = models.BooleanField(_("Records may come from there"), default=True)
    # Codes of interfaces; none: all.
    interfaces = models.JSONField(_("Allowed interfaces"), default=list)
    # Addresses that the peer may call from, as networks; none: any.
    networks = models.JSONField(_("Addresses it calls from"), default=list)
    allow_private = models.BooleanField(
        _("The address may lie in a private network"), default=False
    )
    subscribes_freely = models.BooleanField(
        _("Its subscriptions need no approval"), default=False
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("Since"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rules of a connection")
        verbose_name_plural = _("rules of connections")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "version"], name="policy_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.peer_id} v{self.version}"
