"""What other platforms send: problems of what we sent, answers to what we found."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.enums import DUE, ProblemState
from exchange.aggregation.cleansing.models import Problem, ProblemStep, Sender
from exchange.interfaces.models import Table
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome

from . import handling

FACTS = ("record", "key", "rule_code", "rule_name", "kind", "severity", "field")
TIMES = ("found_at", "assigned_at", "due_at", "closed_at")


def take_problem(record: IncomingRecord) -> Outcome:
    """Keep a problem that another platform found in our data."""
    data = record.data
    known = Problem.objects.filter(uid=record.uid, origin=record.origin).first()
    row = known or Problem(uid=record.uid, origin=record.origin)
    before = row.state if known else ""
    row.sender, _made = Sender.objects.get_or_create(
        origin=own_node(), name=data["source"]
    )
    row.table = Table.objects.filter(code=data["table"]).first()
    row.table_code, row.revision = data["table"], record.revision
    _fill(row, data)
    row.touch()
    row.save()
    if row.state != before:
        ProblemStep.objects.create(
            problem=row, state=row.state, by_name=record.origin, note=row.reason
        )
    return Outcome.APPLIED


def _fill(row: Problem, data: dict[str, Any]) -> None:
    for name in FACTS:
        setattr(row, name, data[name])
    for name in TIMES:
        given = data.get(name)
        setattr(row, name, parse_datetime(given) if given else None)
    for name in ("value", "feedback", "reason"):
        setattr(row, name, data.get(name) or "")
    row.state = data["state"]


def take_feedback(record: IncomingRecord) -> Outcome:
    """Note what the sender of the row answers; late answers change nothing."""
    data = record.data
    row = Problem.objects.filter(uid=data["problem"], origin=own_node()).first()
    if row is None or row.sender.origin != record.origin:
        text = _("There is no such problem of yours.")
        raise DomainError(text, code="reference_missing", fields={"problem": text})
    if row.state not in DUE:
        return Outcome.UNCHANGED
    note = data.get("note") or ""
    if data["state"] == ProblemState.EXPLAINED:
        handling.explain(problem=row, by=None, note=note or "-", node=record.origin)
    else:
        handling.correct(problem=row, by=None, note=note, node=record.origin)
    return Outcome.APPLIED
