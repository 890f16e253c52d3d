"""Take a case one step on; one function serves all steps of the process."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import clocks, policies
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Forbidden
from platform_core.processes import selectors as process_selectors
from platform_core.processes import services as processes
from platform_core.processes.services import ActionOption
from platform_core.workflow.definition import SYSTEM

from . import telling
from .effects import EFFECTS
from .facts import facts_of
from .moves import Move

SYSTEM_ONLY = frozenset({SYSTEM})


@transaction.atomic
def fire(
    case: Case, action: str, *, by: User | None, note: str = "", **data: Any
) -> Case:
    """Make a step with all that belongs to it, or say why it may not be made."""
    case = lock(case)
    move = Move(case=case, action=action, by=by, note=note, now=clock.now(), given=data)
    roles = acting_roles(case, by)
    facts = facts_of(case, data)
    if is_open(case, action, roles, facts):
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
    case.save()
    conclude(move)
    return case


def lock(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("process", "handling_unit", "field_inspector", "source")
        .get(pk=case.pk)
    )


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
    if move.action not in {"apply_extend", "refuse_extend"}:
        case.state_since = move.now
        clocks.enter_stage(case, definition, move.now)
    case.revise()


def conclude(move: Move) -> None:
    """Pictures, figures, the tiers above, the audit log, the next in line."""
    case = move.case
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
    facts = facts_of(case, {}) | {"photos": True, "both_photos": True}
    found = processes.options(case.process, roles=roles, facts=facts)
    return [_explained(option, case, user) for option in found]


def _explained(option: ActionOption, case: Case, user: User) -> ActionOption:
    """Say what keeps somebody of the right post from this very case."""
    if option.allowed or option.role not in user.role_codes:
        return option
    problem = policies.relation_problem(case, user, option.role)
    return replace(option, why=str(problem)) if problem else option


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
