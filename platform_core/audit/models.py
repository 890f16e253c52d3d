"""The log that only grows; its rows are chained by their hashes."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.errors import Forbidden
from platform_core.common.models import own_node

ZERO_HASH = "0" * 64


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads only: changing or deleting rows in bulk is refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Forbidden(_("Audit rows are never changed."))

    def delete(self) -> NoReturn:
        raise Forbidden(_("Audit rows are never deleted."))

    def sealed(self) -> "AuditQuerySet":
        return self.filter(seq__isnull=False).order_by("seq")

    def waiting(self) -> "AuditQuerySet":
        return self.filter(seq__isnull=True).order_by("pk")


class AuditEntry(models.Model):
    """Who did what to which object, and when; no foreign keys, so it outlives all."""

    at = models.DateTimeField(_("time"), default=now)
    node = models.CharField(_("platform"), max_length=9, default=own_node)
    type = models.CharField(_("event"), max_length=64)
    actor_id = models.BigIntegerField(_("actor number"), null=True)
    actor_name = models.CharField(_("actor"), max_length=150, blank=True)
    object_type = models.CharField(_("object type"), max_length=64, blank=True)
    object_id = models.CharField(_("object number"), max_length=64, blank=True)
    object_label = models.CharField(_("object"), max_length=200, blank=True)
    data = models.JSONField(_("details"), default=dict)
    seq = models.BigIntegerField(_("number"), null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(_("seal"), max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["type", "at"]),
            models.Index(fields=["actor_id", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_label}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Forbidden(_("Audit rows are never changed."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Forbidden(_("Audit rows are never deleted."))


class AuditHead(models.Model):
    """The end of the chain: what the last sealed row must be."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=ZERO_HASH)
    sealed_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"
