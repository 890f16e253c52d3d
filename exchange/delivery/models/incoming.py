"""What arrives: answers given, the ledger, and what was not taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now

from .peers import Peer


class ReceivedBatch(models.Model):
    """A delivery that was answered; the same one again gets the same answer."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="received")
    uid = models.UUIDField()
    records = models.PositiveIntegerField(_("Records"), default=0)
    answer = models.JSONField()
    received_at = models.DateTimeField(_("Received"), default=now)

    class Meta:
        verbose_name = _("received batch")
        verbose_name_plural = _("received batches")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["peer", "uid"], name="one_answer_a_batch")
        ]

    def __str__(self) -> str:
        return str(self.uid)


class LedgerRow(models.Model):
    """The highest revision of a record that was applied here."""

    origin = models.CharField(max_length=9)
    interface = models.CharField(max_length=80)
    uid = models.UUIDField()
    revision = models.PositiveIntegerField()
    op = models.CharField(max_length=8)
    hash = models.CharField(max_length=64)
    sender = models.CharField(max_length=9)
    batch = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("received record")
        verbose_name_plural = _("received records")
        constraints = [
            models.UniqueConstraint(
                fields=["uid", "interface", "origin"], name="ledger_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.uid} r{self.revision}"


class RefusedGroup(models.Model):
    """A group that was refused as a whole."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="refused_groups")
    batch = models.UUIDField()
    interface = models.CharField(_("Interface"), max_length=80)
    version = models.IntegerField()
    origin = models.CharField(_("Origin"), max_length=20)
    count = models.PositiveIntegerField(_("Records"))
    code = models.CharField(_("Code"), max_length=30)
    message = models.CharField(_("Reason"), max_length=300)
    body = models.TextField()
    received_at = models.DateTimeField(_("Received"), default=now)

    class Meta:
        verbose_name = _("refused group")
        verbose_name_plural = _("refused groups")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.interface} v{self.version} {self.origin}: {self.code}"


class RejectedRecord(models.Model):
    """A single record that was not taken, with its reason."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="rejected_records")
    batch = models.UUIDField()
    interface = models.CharField(_("Interface"), max_length=80)
    version = models.PositiveSmallIntegerField()
    origin = models.CharField(_("Origin"), max_length=9)
    uid = models.CharField(max_length=64)
    revision = models.BigIntegerField(_("Revision"), null=True)
    code = models.CharField(_("Code"), max_length=30)
    field = models.CharField(_("Field"), max_length=120, blank=True)
    message = models.CharField(_("Reason"), max_length=300, blank=True)
    record = models.TextField()
    received_at = models.DateTimeField(_("Received"), default=now)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True)

    class Meta:
        verbose_name = _("rejected record")
        verbose_name_plural = _("rejected records")
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["origin", "interface", "uid"],
                name="rejected_open",
                condition=models.Q(resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.uid} r{self.revision}: {self.code}"
