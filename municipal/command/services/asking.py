"""Requests beside the main way of a case: ask, decide, withdraw.  [CC-23]

Where the process has a step for asking or deciding, that step is made; the row
follows it, whichever page or program made the step.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipal.command import policies
from municipal.command.enums import Purpose, RequestKind, RequestStatus
from municipal.command.models import Case, CaseRequest
from municipal.command.policies import ASKING
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, Forbidden, TransitionNotAllowed
from platform_core.files.models import Attachment

from . import pending, reopening, telling
from .moves import Move, moment, refuse
from .moves import unit as named_unit
from .steps import fire, lock

LENGTH = 2000


@transaction.atomic
def ask(
    case: Case,
    kind: str,
    *,
    by: User,
    reason: str,
    value: float | None = None,
    until: datetime | str | None = None,
    unit: OrgUnit | str | None = None,
    attachments: Sequence[Attachment] = (),
) -> CaseRequest:
    """Ask for something about a case; one request of a kind waits at a time."""
    case, wanted = lock(case), RequestKind(kind)
    problem = policies.asking_problem(case, by, wanted)
    if problem:
        raise TransitionNotAllowed(str(problem))
    if not reason.strip() or len(reason) > LENGTH:
        text = _("Give a reason of at most %(most)d characters.") % {"most": LENGTH}
        raise refuse("reason", text)
    given = {"value": value, "until": until, "unit": unit, "attachments": attachments}
    if ASKING[wanted].ask:
        fire(case, ASKING[wanted].ask, by=by, note=reason, **given)
    else:
        _write_down(Move(case, wanted, by, reason, clock.now(), given), wanted)
    return CaseRequest.objects.pending().get(case=case, kind=wanted)


def _write_down(move: Move, kind: RequestKind) -> None:
    """A request for which the process has no step of its own."""
    case = move.case
    if CaseRequest.objects.pending().filter(case=case, kind=kind).exists():
        raise Conflict(_("Such a request is waiting for a decision already."))
    days = policies.furthest(kind)
    until = moment(move, "until", furthest=days) if days else None
    pending.open_request(
        move,
        kind,
        until=until,
        suggested_unit=named_unit(move) if move.given.get("unit") else None,
    )
    move.keep_pictures(Purpose.REQUEST)
    move.attach()
    case.touch()
    case.save(update_fields=["open_requests", "updated_at"])
    data = {"kind": kind.value, "reason": move.note}
    audit.record("case.request_asked", case, by=move.by, data=data)
    telling.tell_deciders(case, kind, by=move.by)


@transaction.atomic
def decide(
    request: CaseRequest,
    *,
    by: User,
    approve: bool,
    opinion: str = "",
    **data: Any,
) -> CaseRequest:
    """Approve or refuse; of several who decide at once the first one wins."""
    case = lock(request.case)
    request = (
        CaseRequest.objects.select_for_update(of=("self",))
        .select_related("decided_by", "suggested_unit", "asked_by")
        .get(pk=request.pk)
    )
    require_pending(request)
    kind = RequestKind(request.kind)
    way = ASKING[kind]
    action = way.approve if approve else way.refuse
    if action:
        fire(
            case,
            action,
            by=by,
            note=opinion or _reason(request, approve),
            **_given(request, data),
        )
    else:
        _settle(case, request, by=by, approve=approve, opinion=opinion)
    request.refresh_from_db()
    telling.tell_asker(request, by=by)
    return request


def _reason(request: CaseRequest, approve: bool) -> str:
    """Whoever agrees without a word agrees with the reason that was given."""
    return request.reason if approve else ""


def _given(request: CaseRequest, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the deciding step needs: what was asked for, unless told otherwise."""
    asked = {"until": request.until, "unit": request.suggested_unit}
    told = {name: value for name, value in data.items() if value not in (None, "")}
    return {name: value for name, value in asked.items() if value} | told


def _settle(
    case: Case, request: CaseRequest, *, by: User, approve: bool, opinion: str
) -> None:
    """Decide where the process has no step for it."""
    kind = RequestKind(request.kind)
    if not policies.may_decide(case, by, kind):
        raise Forbidden(_("Somebody of another post decides on this."))
    if not approve and not opinion.strip():
        raise refuse("opinion", _("Say why it is refused."))
    if approve:
        reopening.reopen(case, by=by, reason=opinion or request.reason)
    status = RequestStatus.APPROVED if approve else RequestStatus.REFUSED
    pending.decided(request, status, by=by, at=clock.now(), opinion=opinion)
    case.open_requests -= 1
    case.touch()
    case.save(update_fields=["open_requests", "updated_at"])
    data = {"kind": kind.value, "status": status.value, "opinion": opinion}
    audit.record("case.request_decided", case, by=by, data=data)


@transaction.atomic
def withdraw(request: CaseRequest, *, by: User) -> CaseRequest:
    """Take back what one asked for, as long as nobody decided."""
    case = lock(request.case)
    request = CaseRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    require_pending(request)
    if request.asked_by_id != by.pk or ASKING[RequestKind(request.kind)].ask:
        raise Forbidden(_("Only who asked may take such a request back."))
    pending.decided(request, RequestStatus.WITHDRAWN, by=by, at=clock.now(), opinion="")
    case.open_requests -= 1
    case.touch()
    case.save(update_fields=["open_requests", "updated_at"])
    data = {"kind": request.kind, "status": request.status}
    audit.record("case.request_decided", case, by=by, data=data)
    return request


def require_pending(request: CaseRequest) -> None:
    """Conflict, with the name of who was faster, where a request is decided."""
    if request.is_pending:
        return
    at = request.decided_at or clock.now()
    raise Conflict(
        _("%(name)s decided at %(time)s: %(status)s.")
        % {
            "name": request.decided_by or _("The platform"),
            "time": timezone.localtime(at).strftime("%H:%M:%S"),
            "status": request.get_status_display(),
        }
    )
