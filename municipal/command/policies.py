"""Who may do what to a case: a role, and a relation to the very case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.processes import selectors as processes
from platform_core.workflow.definition import Definition

from . import rules
from .enums import CLOSED, PROCESS, WITH_UNIT, RequestKind
from .models import Case

OF_CENTRE = frozenset({"acceptor", "duty_leader", "dispatcher", "bureau_leader"})
ON_SITE = frozenset({"verifying", "checking"})
URGING = frozenset({"duty_leader", "dispatcher", "overseer", "bureau_leader"})
URGED = frozenset({*WITH_UNIT, *ON_SITE})


@dataclass(frozen=True)
class Asking:
    """Who asks for a kind of thing, and the steps that ask for it and decide."""

    askers: frozenset[str]
    approve: str = ""
    refuse: str = ""
    ask: str = ""


# The second level answers to the city as the unit that it is.
STANDS_FOR = {"district_dispatcher": "dept_handler"}
HANDLERS = frozenset({"dept_handler", "dept_leader"})
ASKING: Mapping[RequestKind, Asking] = {
    RequestKind.EXTENSION: Asking(
        HANDLERS, "approve_extend", "refuse_extend", "apply_extend"
    ),
    RequestKind.RETURN: Asking(HANDLERS, "redispatch", "refuse_return", "return"),
    RequestKind.SUSPENSION: Asking(HANDLERS, "approve_suspend"),
    RequestKind.DEFERRAL: Asking(HANDLERS, "approve_defer"),
    RequestKind.CANCELLATION: Asking(HANDLERS | {"dispatcher"}, "cancel"),
    RequestKind.REOPENING: Asking(frozenset({"acceptor", "duty_leader", "overseer"})),
}


def in_division(case: Case, user: User) -> bool:
    """Whether the case lies in the user's division."""
    prefix = user.division_prefix
    return (case.community_code or case.division_code).startswith(prefix)


def of_unit(case: Case, user: User) -> bool:
    """Whether the case is with the user's unit or one below it."""
    unit = case.handling_unit
    return bool(unit and user.unit_path and unit.path.startswith(user.unit_path))


def on_site(case: Case, user: User) -> bool:
    """Whether this inspector was sent there, or made the report."""
    if case.state in ON_SITE:
        return case.field_inspector_id == user.pk
    return case.reported_by_id == user.pk


def relation_problem(case: Case, user: User, role: str) -> Promise | None:
    """Why a role that somebody holds does not reach this case; None if it does."""
    if role in HANDLERS and not of_unit(case, user):
        return _("the case is with another unit")
    if role == "supervisor" and not on_site(case, user):
        return _("another inspector was sent to this case")
    if role in OF_CENTRE and not in_division(case, user):
        return _("the case lies outside your division")
    return None


def acting_roles(case: Case, user: User) -> frozenset[str]:
    """The roles in which somebody may act on this very case."""
    held = user.role_codes | {
        STANDS_FOR[role] for role in user.role_codes if role in STANDS_FOR
    }
    return frozenset(
        role for role in held if relation_problem(case, user, role) is None
    )


def may_report(user: User) -> bool:
    """Whether somebody may register a report."""
    return user.has_perm("command.report_case")


def sees_reporter(user: User) -> bool:
    """Whether the reporter's name and contact are shown unmasked."""
    return user.has_perm("command.view_reporter")


def may_urge(case: Case, user: User) -> bool:
    """Whether somebody may remind the unit or the inspector."""
    roles = user.role_codes & URGING
    return bool(roles) and case.state in URGED and in_division(case, user)


# Requests beside the main way --------------------------------------------------


def deciding_roles(kind: RequestKind, definition: Definition) -> frozenset[str]:
    """The posts that decide: those that the process lets make the deciding step."""
    if kind == RequestKind.REOPENING:
        return frozenset({rules.current().reopen_role})
    action = ASKING[kind].approve
    steps = (step for step in definition.transitions if step.action == action)
    return frozenset(step.role for step in steps)


def may_decide(case: Case, user: User, kind: RequestKind) -> bool:
    """Whether somebody decides on requests of a kind about this case."""
    roles = deciding_roles(kind, processes.definition_of(case.process))
    return bool(roles & acting_roles(case, user))


def kinds_to_decide(user: User) -> list[RequestKind]:
    """The kinds of requests that a post decides on, by the process in force."""
    definition, held = processes.definition(PROCESS), user.role_codes
    return [kind for kind in RequestKind if deciding_roles(kind, definition) & held]


def asking_problem(case: Case, user: User, kind: RequestKind) -> Promise | None:
    """Why somebody may not ask for this about a case; None if they may."""
    way = ASKING[kind]
    if not any(_asks_as(case, user, role) for role in user.role_codes & way.askers):
        return _("this is asked for by others")
    if kind == RequestKind.REOPENING:
        return reopening_problem(case)
    exits = processes.definition_of(case.process).exits(case.state)
    action = way.ask or way.approve
    if not any(step.action == action for step in exits):
        return _("this cannot be asked for in the present state")
    return None


def _asks_as(case: Case, user: User, role: str) -> bool:
    if role in HANDLERS:
        return of_unit(case, user)
    return in_division(case, user)


def reopening_problem(case: Case) -> Promise | None:
    """Why an ended case cannot be taken up again; None if it can."""
    known = rules.current()
    if case.state not in CLOSED or case.closed_at is None:
        return _("only a closed case can be taken up again")
    if clock.now() > case.closed_at + timedelta(days=known.reopen_days):
        return _("the time for taking the case up again is over")
    if case.reopen_count >= known.reopen_most:
        return _("the case was taken up again as often as is allowed")
    if Case.objects.filter(reopened_from=case).exists():
        return _("the case was taken up again already")
    return None


def furthest(kind: RequestKind) -> int:
    """How many days ahead the clock may stand still; 0 where it does not."""
    known = rules.current()
    days = {
        RequestKind.SUSPENSION: known.suspend_days,
        RequestKind.DEFERRAL: known.defer_days,
    }
    return days.get(kind, 0)


def may_mark_missed(case: Case, user: User) -> bool:
    """Whether somebody may say that the inspector ought to have seen it."""
    roles = user.role_codes & {"acceptor", "duty_leader"}
    return bool(roles) and case.source.is_public and in_division(case, user)
