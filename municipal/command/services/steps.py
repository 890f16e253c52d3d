"""Take a case one step on; one function serves all steps of the process."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import clocks, listeners, policies
from municipal.command.listeners import Happened
from municipal.command.models import Case, CaseQuerySet
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Forbidden, TransitionNotAllowed
from platform_core.common.models import changed
from platform_core.processes import selectors as process_selectors
from platform_core.processes import services as processes
from platform_core.processes.models import ProcessStep
from platform_core.processes.services import ActionOption
from platform_core.workflow.definition import SYSTEM

from . import pending, telling
from .effects import EFFECTS
from .facts import facts_of
from .moves import Move

SYSTEM_ONLY = frozenset({SYSTEM})
STAYING = frozenset({"apply_extend", "approve_extend", "refuse_extend"})
SUPPOSED = {"photos": True, "both_photos": True, "reason": True}


@transaction.atomic
def fire(
    case: Case, action: str, *, by: User | None, note: str = "", **data: Any
) -> Case:
    """Make a step with all that belongs to it, or say why it may not be made."""
    return _make(lock(case), action, by, note, data)


@transaction.atomic
def fire_seen(uid: UUID, action: str, *, by: User, note: str = "", **data: Any) -> Case:
    """A step of a case that somebody can see, found and held in one query."""
    seen = _whole(Case.objects.visible_to(by))
    return _make(seen.get(uid=uid), action, by, note, data)


def _make(
    case: Case, action: str, by: User | None, note: str, data: Mapping[str, Any]
) -> Case:
    move = Move(case=case, action=action, by=by, note=note, now=clock.now(), given=data)
    before = vars(case).copy()
    move.kept = measured(case, move.now)
    roles = acting_roles(case, by)
    facts = facts_of(case, {**data, "note": note})
    if is_open(case, action, roles, facts):
        if problem := listeners.objection(case, action, data):
            raise TransitionNotAllowed(problem)
        EFFECTS[action](move)
    late = bool(case.deadline and move.now > case.deadline)
    step = processes.fire(
        case.process,
        action,
        by=by,
        roles=roles,
        note=note,
        data=move.kept,
        facts=facts,
        overdue=late,
        unit_name=str(by.unit) if by and by.unit else "",
    )
    settle(case, step.to_state, move)
    case.save(update_fields=changed(case, before))
    conclude(move, step)
    return case


def measured(case: Case, now: datetime) -> dict[str, Any]:
    """What statistics want to know of the stage that ends now."""
    definition = process_selectors.definition_of(case.process)
    found = clocks.measure(case, definition, now)
    if case.handling_unit is not None:
        found["unit_code"] = case.handling_unit.code
    return found


def lock(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return _whole(Case.objects.all()).get(pk=case.pk)


def _whole(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases with what a step reads of other tables, to be held by the reader."""
    held: CaseQuerySet = cases.select_for_update(of=("self",))
    return held.select_related("process", "handling_unit", "field_inspector", "source")


def acting_roles(case: Case, by: User | None) -> frozenset[str]:
    """The roles in which somebody, or the platform itself, acts on a case."""
    return policies.acting_roles(case, by) if by else SYSTEM_ONLY


def is_open(
    case: Case, action: str, roles: Iterable[str], facts: dict[str, Any]
) -> bool:
    """Whether the process allows the action now."""
    found = processes.options(case.process, roles=roles, facts=facts)
    return any(option.code == action and option.allowed for option in found)


def settle(case: Case, state: str, move: Move) -> None:
    """Bring what the case says about itself in line with its process."""
    definition = process_selectors.definition_of(case.process)
    case.state = state
    case.stage = definition.by_code[state].stage
    if move.action not in STAYING:
        case.state_since = move.now
    clocks.enter_stage(case, definition)
    pending.follow(move, definition)
    case.revise()


def conclude(move: Move, step: ProcessStep) -> None:
    """Pictures, figures, the tiers above, the audit log, the next in line."""
    case = move.case
    listeners.tell(
        Happened(
            case=case,
            action=move.action,
            from_state=step.from_state,
            by=move.by,
            at=move.now,
            late=step.overdue,
            kept=move.kept,
            step=step,
            given=move.given,
        )
    )
    move.attach()
    telling.announce(case, move.counted)
    audit.record(
        f"case.{move.action}",
        case,
        by=move.by,
        data={"state": case.state, "note": move.note},
    )
    telling.tell_next(case, move.action, by=move.by)


def case_options(case: Case, user: User) -> list[ActionOption]:
    """The steps out of the present state, each with the reason why not."""
    roles = policies.acting_roles(case, user)
    facts = facts_of(case, {}) | SUPPOSED
    found = processes.options(case.process, roles=roles, facts=facts)
    return [_explained(option, case, user) for option in found]


def _explained(option: ActionOption, case: Case, user: User) -> ActionOption:
    """Say what keeps somebody of the right post from this very case."""
    if option.allowed and (problem := listeners.objection(case, option.code)):
        return replace(option, allowed=False, why=problem)
    if option.allowed or option.role not in user.role_codes:
        return option
    relation = policies.relation_problem(case, user, option.role)
    return replace(option, why=str(relation)) if relation else option


@transaction.atomic
def urge(case: Case, *, by: User, note: str = "") -> Case:
    """Remind those who have to act; the state stays."""
    case = lock(case)
    if not policies.may_urge(case, by):
        raise Forbidden(_("This case cannot be urged."))
    case.urged_count += 1
    case.revise()
    case.save()
    audit.record("case.urge", case, by=by, data={"note": note})
    telling.tell_unit(
        case,
        kind="urge",
        title=_("Urged: %(title)s") % {"title": case.title},
        body=note,
        level="warning",
    )
    return case
