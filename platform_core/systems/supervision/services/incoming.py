"""What arrives from other platforms: tasks and notices from above, feedback."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from platform_core.audit.services import record
from platform_core.common.clock import now
from platform_core.common.errors import DomainError, NotOrigin
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome
from platform_core.processes import services as processes
from platform_core.systems.supervision import people
from platform_core.systems.supervision.enums import (
    ASSIGNMENT_PROCESS,
    FINISHED,
    AssignmentState,
    NoticeKind,
)
from platform_core.systems.supervision.models import Assignment, Feedback, Notice
from platform_core.systems.supervision.models.brief import BRIEF_FIELDS

from .events import locked, take
from .messages import AUDIT, say_down

MAX_TEXT = 150


@transaction.atomic
def take_task(incoming: IncomingRecord) -> Outcome:
    """Keep a copy of a task given to this platform."""
    known = Assignment.objects.filter(uid=incoming.uid).first()
    if known is not None and known.origin != incoming.origin:
        raise NotOrigin(_("Only the issuer may change a task."))
    if known is not None and known.revision >= incoming.revision:
        return Outcome.UNCHANGED
    if incoming.data["receiver"] != own_node():
        raise DomainError(
            _("This task is for another platform."),
            code="out_of_scope",
            fields={"receiver": incoming.data["receiver"]},
        )
    values = _task_values(incoming)
    if known is None:
        assignment = _new_copy(incoming, values)
    else:
        assignment = _changed_copy(known, incoming, values)
    if incoming.withdrawn:
        _withdraw_copy(assignment, incoming)
    return Outcome.APPLIED


def _task_values(incoming: IncomingRecord) -> dict[str, Any]:
    data = incoming.data
    parent, issuer = data.get("parent") or {}, data["issuer"]
    values = {name: data.get(name) or "" for name in BRIEF_FIELDS}
    values["sign_within_hours"] = data.get("sign_within_hours")
    return {
        **values,
        "number": data["number"],
        "receiver": data["receiver"],
        "division": data["division"],
        "deadline": moment(data["deadline"]),
        "issued_at": moment(data["issued_at"]),
        "parent_origin": parent.get("origin", ""),
        "parent_uid": UUID(parent["uid"]) if parent else None,
        "issuer_unit": issuer["unit"],
        "issuer_name": issuer.get("name") or "",
        "issuer_phone": issuer.get("phone") or "",
        "wire_files": data["attachments"],
        "revision": incoming.revision,
    }


def _new_copy(incoming: IncomingRecord, values: dict[str, Any]) -> Assignment:
    arrived = now()
    assignment = Assignment.objects.create(
        **values,
        uid=incoming.uid,
        origin=incoming.origin,
        receiver_name=people.own_name(),
        original_deadline=values["deadline"],
        process=processes.start(ASSIGNMENT_PROCESS, at=arrived),
        state_since=arrived,
    )
    record("assignment.arrived", assignment, node=incoming.origin)
    people.tell_receiver(assignment)
    return assignment


def _changed_copy(
    known: Assignment, incoming: IncomingRecord, values: dict[str, Any]
) -> Assignment:
    """A newer revision; a deadline moved by a later notice is kept."""
    assignment = locked(known)
    set_at = assignment.deadline_set_at
    if set_at is not None and incoming.occurred_at < set_at:
        del values["deadline"]
    for name, value in values.items():
        setattr(assignment, name, value)
    assignment.touch()
    assignment.save()
    record("assignment.changed", assignment, node=incoming.origin)
    return assignment


def _withdraw_copy(assignment: Assignment, incoming: IncomingRecord) -> None:
    """The whole record was withdrawn: as if a notice had said so."""
    message = Notice(
        assignment=assignment,
        kind=NoticeKind.WITHDRAW,
        origin=incoming.origin,
        content=_("Withdrawn by the issuer."),
        made_at=incoming.occurred_at,
        unit_name=assignment.issuer_unit,
    )
    take(locked(assignment), message)


@transaction.atomic
def take_feedback(incoming: IncomingRecord) -> Outcome:
    """What a receiver says about a task that was issued here."""
    assignment = _assignment(incoming)
    if not assignment.is_own or assignment.receiver != incoming.origin:
        raise NotOrigin(_("Only the receiver of a task may report on it."))
    data = incoming.data
    wanted = data.get("wanted_deadline")
    values = {
        "content": data["content"],
        "percent": data.get("percent"),
        "problems": data.get("problems") or "",
        "result": data.get("result") or "",
        "wanted_deadline": moment(wanted) if wanted else None,
        "unit_name": data["by"]["unit"][:MAX_TEXT],
        "by_name": (data["by"].get("name") or "")[:MAX_TEXT],
        "made_at": moment(data["made_at"]),
        "wire_files": data["attachments"],
    }
    return _take(incoming, assignment, Feedback, values)


@transaction.atomic
def take_notice(incoming: IncomingRecord) -> Outcome:
    """What the issuer says about a task that was received here."""
    assignment = _assignment(incoming)
    if assignment.is_own or assignment.origin != incoming.origin:
        raise NotOrigin(_("Only the issuer of a task may give notice about it."))
    data = incoming.data
    deadline = data.get("deadline")
    values = {
        "content": data["content"],
        "deadline": moment(deadline) if deadline else None,
        "score": data.get("score"),
        "unit_name": assignment.issuer_unit,
        "made_at": moment(data["issued_at"]),
        "wire_files": data["attachments"],
    }
    outcome = _take(incoming, assignment, Notice, values)
    _cascade(assignment, data)
    return outcome


def _assignment(incoming: IncomingRecord) -> Assignment:
    ref = incoming.data["task"]
    found = Assignment.objects.filter(uid=ref["uid"], origin=ref["origin"]).first()
    if found is None:
        raise DomainError(
            _("The task is not known here (yet)."),
            code="reference_missing",
            fields={"task": ref["uid"]},
        )
    return locked(found)


def _take(
    incoming: IncomingRecord,
    assignment: Assignment,
    model: type[Feedback] | type[Notice],
    values: dict[str, Any],
) -> Outcome:
    """Keep a message and give it its effect; a later revision corrects the text."""
    known = model.objects.filter(uid=incoming.uid).first()
    if known is not None:
        return _correct(known, incoming, values)
    kind = incoming.data["kind"]
    message = model(
        uid=incoming.uid,
        origin=incoming.origin,
        revision=incoming.revision,
        assignment=assignment,
        kind=kind,
        **values,
    )
    take(assignment, message)
    record(AUDIT[kind], assignment, node=incoming.origin)
    people.tell_other_end(assignment, message)
    return Outcome.APPLIED


def _correct(
    known: Feedback | Notice, incoming: IncomingRecord, values: dict[str, Any]
) -> Outcome:
    if known.origin != incoming.origin:
        raise NotOrigin(_("Only the author of a message may change it."))
    if known.revision >= incoming.revision:
        return Outcome.UNCHANGED
    known.revision = incoming.revision
    known.content, known.wire_files = values["content"], values["wire_files"]
    known.touch()
    known.save()
    return Outcome.APPLIED


def _cascade(assignment: Assignment, data: dict[str, Any]) -> None:
    """A withdrawn task takes the parts given further down with it."""
    if assignment.state != AssignmentState.WITHDRAWN or data["kind"] != "withdraw":
        return
    for child in assignment.breakdown().exclude(state__in=FINISHED):
        say_down(locked(child), NoticeKind.WITHDRAW, by=None, content=data["content"])


def moment(text: str) -> datetime:
    """A time of the wire; the schema has checked that it is one."""
    found = parse_datetime(text)
    assert found is not None
    return found
