"""Writes of layers that are not proposals."""

from django.db import transaction

from municipal.command.basedata.models import LayerKind
from platform_core.accounts.models import User
from platform_core.audit import services as audit


@transaction.atomic
def save_kind(kind: LayerKind, *, by: User) -> LayerKind:
    """Keep a changed layer; its features keep the attributes they have."""
    kind.touch()
    kind.save()
    audit.record("layer.saved", kind, by=by, data={"fields": kind.fields})
    return kind
