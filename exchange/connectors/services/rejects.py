"""Rows that were not taken: corrected and sent again, or given up."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors.enums import RejectState
from exchange.connectors.mapping import Mapper
from exchange.connectors.models import Reject
from exchange.interfaces.enums import SourceKind
from exchange.interfaces.services import land
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import sending


@transaction.atomic
def resend(*, reject: Reject, by: Any, raw: dict[str, Any] | None = None) -> Reject:
    """Take a row once more, corrected, through the mapping as it is now.

    DomainError names the fields that are still wrong; the row then stays rejected.
    """
    reject = _locked(reject)
    corrected = reject.raw if raw is None else raw
    if reject.flow.outgoing:
        sending.send_one(reject, corrected)
    else:
        _land(reject, corrected, by)
    before = reject.raw
    reject.raw = corrected
    _settle(reject, RejectState.FIXED, by)
    changed = {
        name: [before.get(name), value]
        for name, value in corrected.items()
        if before.get(name) != value
    }
    audit.record("connector.reject_resent", reject, by=by, data={"changed": changed})
    return reject


def _land(reject: Reject, corrected: dict[str, Any], by: Any) -> None:
    flow = reject.flow
    made = Mapper(flow.definition, flow.table).map(corrected)
    if made.faults:
        fields = {fault.field or "row": fault.reason for fault in made.faults}
        text = "; ".join(f"{name}: {reason}" for name, reason in fields.items())
        raise DomainError(text, code=made.faults[0].code, fields=fields)
    land(
        table=flow.table,
        rows=[made.record],
        source=flow.source.name,
        by=by,
        kind=SourceKind.CONNECTOR,
        key=f"reject:{reject.pk}",
    )


def _locked(reject: Reject) -> Reject:
    rows = Reject.objects.select_related("flow__source", "flow__table__current")
    found = rows.select_related("flow__current").select_for_update(of=("self",))
    kept: Reject = found.get(pk=reject.pk)
    if kept.state != RejectState.OPEN:
        raise Conflict(_("This row is settled already."))
    return kept


def _settle(reject: Reject, state: RejectState, by: Any) -> None:
    reject.state, reject.settled_at, reject.settled_by = state, now(), by
    reject.save(update_fields=["state", "settled_at", "settled_by", "raw"])


@transaction.atomic
def drop(*, reject: Reject, by: Any, reason: str) -> Reject:
    """Give a row up."""
    reject = _locked(reject)
    _settle(reject, RejectState.DROPPED, by)
    audit.record("connector.reject_dropped", reject, by=by, data={"reason": reason})
    return reject
