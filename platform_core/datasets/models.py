"""The transactional outbox."""

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common import canonical
from platform_core.common.clock import now


class OutboxEntry(models.Model):
    """An announced change; it commits together with the change itself.

    `position` is given after the commit, gapless. `carrier` is the number of the
    sealed group that took the change along, kept by the exchange.
    """

    class Op(models.TextChoices):
        UPSERT = "upsert", _("New version")
        WITHDRAW = "withdraw", _("Withdrawal")

    interface = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    uid = models.UUIDField()
    revision = models.PositiveIntegerField()
    op = models.CharField(max_length=8, choices=Op.choices, default=Op.UPSERT)
    occurred_at = models.DateTimeField()
    data = models.JSONField()
    to_parent = models.BooleanField(default=False)
    recipients = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    position = models.BigIntegerField(null=True, unique=True, editable=False)
    carrier = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("announced change")
        verbose_name_plural = _("announced changes")
        ordering = ("id",)
        indexes = [
            models.Index(fields=["uid", "revision"], name="outbox_record"),
            models.Index(fields=["carrier"], name="outbox_carrier"),
            models.Index(fields=["interface", "position"], name="outbox_feed"),
            models.Index(
                fields=["id"],
                name="outbox_no_position",
                condition=models.Q(position__isnull=True),
            ),
            models.Index(
                fields=["to_parent", "position"],
                name="outbox_waiting",
                condition=models.Q(carrier__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.uid} r{self.revision}"

    @cached_property
    def canonical(self) -> bytes:
        """RFC 8785 form of the data; both its seal and its hash need it."""
        return canonical.dumps(self.data)
