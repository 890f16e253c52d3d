"""The rows of requests, kept in line with the steps of the case."""

from datetime import datetime
from typing import Any

from municipal.command import rules
from municipal.command.enums import RequestKind, RequestStatus
from municipal.command.models import CaseRequest
from municipal.command.policies import ASKING
from platform_core.accounts.models import User
from platform_core.workflow.definition import Definition

from .moves import Move, unit

ASKED_BY_STEP = {way.ask: kind for kind, way in ASKING.items() if way.ask}
APPROVED_BY_STEP = {way.approve: kind for kind, way in ASKING.items() if way.approve}
REFUSED_BY_STEP = {way.refuse: kind for kind, way in ASKING.items() if way.refuse}
RELIEVED = "back_filing"  # the unit loses the case, as it asked


def follow(move: Move, definition: Definition) -> None:
    """Open the request that a step makes; settle those that it decides."""
    asked = ASKED_BY_STEP.get(move.action)
    if move.case.open_requests:
        _settle(move, definition)
    if asked is None:
        return
    by_unit = move.given.get("unit") if asked == RequestKind.RETURN else None
    open_request(
        move,
        asked,
        value=move.case.extension_asked if asked == RequestKind.EXTENSION else None,
        suggested_unit=unit(move) if by_unit else None,
    )


def open_request(move: Move, kind: RequestKind, **asked: Any) -> CaseRequest:
    """Write down that somebody asks; the caller saves the case."""
    move.case.open_requests += 1
    return CaseRequest.objects.create(
        case=move.case,
        kind=kind,
        asked_by=move.by,
        unit=move.by.unit if move.by else None,
        asked_at=move.now,
        reason=move.note,
        **asked,
    )


def _settle(move: Move, definition: Definition) -> None:
    case, left = move.case, 0
    possible = {step.action for step in definition.exits(case.state)}
    for request in case.requests.pending().select_for_update(of=("self",)):
        status = _outcome(move.action, RequestKind(request.kind), possible)
        if status is None:
            left += 1
            continue
        if status == RequestStatus.LAPSED and request.kind == RequestKind.EXTENSION:
            case.extension_asked = None
        request.is_final = is_final(request)
        decided(request, status, by=move.by, at=move.now, opinion=move.note)
    case.open_requests = left


def _outcome(
    action: str, kind: RequestKind, possible: set[str]
) -> RequestStatus | None:
    """What a step means for a waiting request; None where it goes on waiting."""
    returned = action == RELIEVED and kind == RequestKind.RETURN
    if returned or APPROVED_BY_STEP.get(action) == kind:
        return RequestStatus.APPROVED
    if REFUSED_BY_STEP.get(action) == kind:
        return RequestStatus.REFUSED
    return None if ASKING[kind].approve in possible else RequestStatus.LAPSED


def is_final(request: CaseRequest) -> bool:
    """Whether the unit cannot return the case again after this decision."""
    most = rules.current().return_most
    return request.kind == RequestKind.RETURN and request.case.return_count >= most


def decided(
    request: CaseRequest,
    status: RequestStatus,
    *,
    by: User | None,
    at: datetime,
    opinion: str,
) -> None:
    """Write down a decision; the caller holds the lock."""
    request.status, request.decided_by, request.decided_at = status, by, at
    request.opinion = opinion
    request.revise()
    request.save()
