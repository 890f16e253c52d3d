"""Announcing a change to other platforms."""

from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext as _

from platform_core.common import canonical
from platform_core.common.clock import now
from platform_core.common.errors import ContractViolation, NotOrigin
from platform_core.common.models import own_node

from . import registry
from .models import OutboxEntry
from .signals import published

MAX_BYTES = 4_000_000
# Stands for the group of a change that nobody is to receive.
NOBODY = 0


def publish(
    name: str,
    obj: Any,
    *,
    op: Literal["upsert", "withdraw"] = "upsert",
    occurred_at: datetime | None = None,
) -> OutboxEntry:
    """Announce the present state of an own record, in the change's transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs into the transaction of the change")
    if obj.origin != own_node():
        raise NotOrigin(_("Only the origin of a record may announce it."))
    dataset = registry.get(name)
    data = checked(dataset, obj)
    recipients = None if dataset.recipients is None else dataset.recipients(obj)
    entry = OutboxEntry.objects.create(
        interface=dataset.code,
        version=dataset.version,
        uid=obj.uid,
        revision=obj.revision,
        op=op,
        occurred_at=occurred_at or now(),
        data=data,
        to_parent=recipients is None,
        recipients=recipients or [],
        carrier=NOBODY if recipients == [] else None,
    )
    published.send(OutboxEntry, entry=entry)
    return entry


def checked(dataset: registry.Dataset, obj: Any) -> dict[str, Any]:
    """The wire form of an object; ContractViolation where it breaks its contract."""
    data = dataset.data(obj)
    problem = dataset.problem(data)
    if problem:
        raise ContractViolation(
            _("%(interface)s: %(field)s: %(message)s")
            % {
                "interface": dataset.code,
                "field": problem.field,
                "message": problem.message,
            },
            code=problem.code,
            fields={problem.field: problem.message},
        )
    try:
        size = len(canonical.dumps(data))
    except canonical.BROKEN as error:
        raise ContractViolation(str(error)) from error
    if size > MAX_BYTES:
        raise ContractViolation(_("The record is too large to send."), code="too_large")
    return data
