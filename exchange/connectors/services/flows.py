"""Making flows, changing them in versions, letting them run."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors import definitions, timing
from exchange.connectors.enums import Direction, FlowState
from exchange.connectors.models import CodeMap, Flow, FlowVersion, Source
from exchange.interfaces.models import Table
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import sending


@transaction.atomic
def add(
    *,
    by: Any,
    name: str,
    source: Source,
    table: Table,
    definition: dict[str, Any],
    direction: str = Direction.IN,
) -> Flow:
    """A new flow, as a draft."""
    checked = definitions.check(source.kind, definition, table, direction)
    made = Flow.objects.create(
        name=name, source=source, table=table, direction=direction
    )
    _version(made, checked, by, "")
    data = {"direction": direction, "definition": checked}
    audit.record("connector.flow_added", made, by=by, data=data)
    return made


def _version(flow: Flow, definition: dict[str, Any], by: Any, note: str) -> None:
    number = flow.current.number + 1 if flow.current else 1
    flow.current = FlowVersion.objects.create(
        flow=flow, number=number, definition=definition, by=by, note=note
    )
    flow.touch()
    flow.save(update_fields=["current", "updated_at"])


@transaction.atomic
def change(*, flow: Flow, by: Any, definition: dict[str, Any], note: str = "") -> Flow:
    """A new version, for the runs to come; the same definition makes none."""
    flow = _locked(flow)
    checked = definitions.check(
        flow.source.kind, definition, flow.table, flow.direction
    )
    before = flow.definition
    if checked == before:
        return flow
    _version(flow, checked, by, note)
    if flow.state == FlowState.ACTIVE:
        _plan(flow)
    data = {"before": before, "after": checked, "note": note}
    audit.record("connector.flow_changed", flow, by=by, data=data)
    return flow


def _locked(flow: Flow) -> Flow:
    rows = Flow.objects.select_related("source", "table__current", "current")
    return rows.select_for_update(of=("self",)).get(pk=flow.pk)


@transaction.atomic
def activate(*, flow: Flow, by: Any) -> Flow:
    """Let it run, by hand and by its schedule."""
    flow = _locked(flow)
    if flow.state == FlowState.ACTIVE:
        raise Conflict(_("The flow is active already."))
    if not flow.definition.get("fields"):
        raise DomainError(_("No field is filled yet; map the columns first."))
    if flow.outgoing:
        sending.check_table(flow.table)
    flow.state, flow.reason = FlowState.ACTIVE, ""
    _plan(flow)
    audit.record("connector.flow_activated", flow, by=by)
    return flow


def _plan(flow: Flow) -> None:
    flow.next_at = timing.of(flow.definition, now())
    flow.save(update_fields=["state", "reason", "next_at"])


@transaction.atomic
def pause(*, flow: Flow, by: Any, reason: str) -> Flow:
    """No further runs until somebody activates it again."""
    flow = _locked(flow)
    if flow.state != FlowState.ACTIVE:
        raise Conflict(_("The flow is not active."))
    flow.state, flow.reason, flow.next_at = FlowState.PAUSED, reason[:300], None
    flow.save(update_fields=["state", "reason", "next_at"])
    audit.record("connector.flow_paused", flow, by=by, data={"reason": reason})
    return flow


@transaction.atomic
def keep_map(*, by: Any, code: str, name: str, entries: dict[str, str]) -> CodeMap:
    """A code mapping, new or changed; what changed is in the audit log."""
    kept = CodeMap.objects.select_for_update().filter(code=code).first()
    before = kept.entries if kept else {}
    if kept is None:
        kept = CodeMap(code=code, version=0)
    kept.name, kept.entries = name, entries
    kept.version += 1
    kept.touch()
    kept.save()
    gone = sorted(set(before) - set(entries))
    new = {key: to for key, to in entries.items() if before.get(key) != to}
    data = {"version": kept.version, "set": new, "removed": gone}
    audit.record("connector.map_changed", kept, by=by, data=data)
    return kept
