"""Reads of the audit log."""

from django.db import models

from .models import AuditEntry, AuditQuerySet


def history_of(obj: models.Model) -> AuditQuerySet:
    """The rows about one object, the newest first."""
    return AuditEntry.objects.filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk)
    ).order_by("-id")


def recent_of(actor_id: int, prefix: str = "", limit: int = 10) -> list[AuditEntry]:
    """What somebody did last, perhaps only events of one kind."""
    rows = AuditEntry.objects.filter(actor_id=actor_id, type__startswith=prefix)
    return list(rows.order_by("-at")[:limit])
