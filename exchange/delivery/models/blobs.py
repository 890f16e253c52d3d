"""Contents that records name: who may fetch them, and those under way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import TransferState, TransferWay
from platform_core.common.clock import now

from .peers import Peer


class BlobGrant(models.Model):
    """A peer was sent a record that names this content, so it may have it."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="grants")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("content granted")
        verbose_name_plural = _("contents granted")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "peer"], name="grant_once")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class BlobTransfer(models.Model):
    """A content on its way between a peer and this platform."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="transfers")
    sha256 = models.CharField("SHA-256", max_length=64)
    way = models.CharField(
        _("Direction of transfer"), max_length=5, choices=TransferWay
    )
    name = models.CharField(_("Name"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("Size"))
    received = models.PositiveBigIntegerField(_("Done"), default=0)
    state = models.CharField(
        _("State"),
        max_length=8,
        choices=TransferState,
        default=TransferState.WAITING,
    )
    tries = models.PositiveIntegerField(_("Attempts"), default=0)
    due_at = models.DateTimeField(_("Next try"), default=now)
    error = models.CharField(_("Last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("Since"), default=now)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("file under way")
        verbose_name_plural = _("files under way")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "sha256", "way"], name="transfer_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="transfer_due",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.sha256[:12]} {self.way}"
