"""Who may do what to a task or an assignment now, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.common.errors import Forbidden, TransitionNotAllowed

from .enums import RUNNING, WORKING, ExtensionState, SuperviseState
from .models import Assignment, Task

if TYPE_CHECKING:
    from platform_core.accounts.models import User

Why = str | Promise | None
ISSUER, RECEIVER = "issuer", "receiver"


@dataclass(frozen=True)
class Action:
    """Something a user may do: which end, with which right, in which states."""

    code: str
    name: str | Promise
    permission: str
    states: tuple[str, ...]
    side: str = ""
    style: str = "secondary"


TASK_ACTIONS = {
    action.code: action
    for action in (
        Action("change", _("Edit"), "draft_task", ("draft",)),
        Action(
            "submit",
            _("Submit for approval"),
            "draft_task",
            ("draft",),
            style="primary",
        ),
        Action(
            "approve",
            _("Approve and issue"),
            "approve_task",
            ("pending_approval",),
            style="primary",
        ),
        Action("reject", _("Send back"), "approve_task", ("pending_approval",)),
        Action("close", _("Close the task"), "close_task", ("issued",)),
        Action("archive", _("Archive"), "close_task", ("closed",)),
        Action(
            "withdraw",
            _("Withdraw the task"),
            "close_task",
            ("draft", "pending_approval", "issued"),
            style="danger",
        ),
    )
}

OPEN_FOR_ANSWERS = (*WORKING, "submitted")
ASSIGNMENT_ACTIONS = {
    action.code: action
    for action in (
        Action("receive", _("Sign for"), "", ("issued",), RECEIVER, "primary"),
        Action("break_down", _("Break down"), "receive_task", WORKING, RECEIVER),
        Action("progress", _("Report progress"), "answer_task", WORKING, RECEIVER),
        Action(
            "submit",
            _("Submit the result"),
            "answer_task",
            WORKING,
            RECEIVER,
            "primary",
        ),
        Action(
            "reply", _("Answer supervision"), "answer_task", OPEN_FOR_ANSWERS, RECEIVER
        ),
        Action(
            "request_extension",
            _("Ask for more time"),
            "answer_task",
            RUNNING,
            RECEIVER,
        ),
        Action(
            "accept",
            _("Accept the result"),
            "review_task",
            ("submitted",),
            ISSUER,
            "primary",
        ),
        Action("return", _("Return for rework"), "review_task", ("submitted",), ISSUER),
        Action("urge", _("Urge"), "urge_task", RUNNING, ISSUER),
        Action("supervise", _("Supervise"), "supervise_task", RUNNING, ISSUER),
        Action("extend", _("Grant more time"), "review_task", RUNNING, ISSUER),
        Action(
            "refuse_extension", _("Refuse more time"), "review_task", RUNNING, ISSUER
        ),
        Action(
            "close",
            _("Close the assignment"),
            "close_task",
            ("accepted",),
            ISSUER,
            "primary",
        ),
        Action(
            "withdraw",
            _("Withdraw"),
            "close_task",
            (*RUNNING, "submitted", "accepted"),
            ISSUER,
            "danger",
        ),
    )
}


def acts_as_issuer(assignment: Assignment) -> bool:
    """Whether this node is the issuer."""
    return assignment.is_own


def acts_as_receiver(user: User, assignment: Assignment) -> bool:
    """Whether the user sits at the receiving end."""
    if not assignment.is_local:
        return not assignment.is_own
    assert assignment.unit is not None
    return user.is_superuser or user.unit_path.startswith(assignment.unit.path)


def sides(user: User, assignment: Assignment) -> frozenset[str]:
    """The ends at which the user acts; both for a superuser on local work."""
    found = set()
    if acts_as_issuer(assignment):
        found.add(ISSUER)
    if acts_as_receiver(user, assignment):
        found.add(RECEIVER)
    return frozenset(found)


def permission(action: Action, assignment: Assignment) -> str:
    """The right an action needs; units sign with the right to answer."""
    code = action.permission
    if not code:
        code = "answer_task" if assignment.is_local else "receive_task"
    return f"supervision.{code}"


def forbidden(user: User, action: Action, assignment: Assignment) -> Why:
    """Why this user may never do this here."""
    if action.side not in sides(user, assignment):
        if action.side == ISSUER:
            return _("Only the issuer may do this.")
        return _("Only the receiver may do this.")
    if not user.has_perm(permission(action, assignment)):
        return _("Your role does not include this.")
    return None


def untimely(action: Action, assignment: Assignment) -> Why:
    """Why this cannot be done in the present state."""
    if assignment.state not in action.states:
        return _("Not possible in the state “%(state)s”.") % {
            "state": assignment.get_state_display()
        }
    check = CONDITIONS.get(action.code)
    return check(assignment) if check else None


def _breakable(assignment: Assignment) -> Why:
    if assignment.is_local:
        return _("A unit's own work is not broken down further.")
    return None


def _submittable(assignment: Assignment) -> Why:
    if assignment.supervise_state == SuperviseState.OPEN:
        return _("The supervision notice must be answered first.")
    if not assignment.is_local and assignment.breakdown().unfinished().exists():
        return _("Not every receiver below has been accepted or withdrawn.")
    return None


def _supervisable(assignment: Assignment) -> Why:
    if assignment.supervise_state == SuperviseState.OPEN:
        return _("The last supervision notice has not been answered yet.")
    return None


def _answerable(assignment: Assignment) -> Why:
    if assignment.supervise_state != SuperviseState.OPEN:
        return _("No supervision notice is waiting for an answer.")
    return None


def _askable(assignment: Assignment) -> Why:
    if assignment.extension_state == ExtensionState.REQUESTED:
        return _("A request is waiting for its answer.")
    return None


def _decidable(assignment: Assignment) -> Why:
    if assignment.extension_state != ExtensionState.REQUESTED:
        return _("Nobody asked for more time.")
    return None


CONDITIONS = {
    "break_down": _breakable,
    "submit": _submittable,
    "supervise": _supervisable,
    "reply": _answerable,
    "request_extension": _askable,
    "extend": _decidable,
    "refuse_extension": _decidable,
}


def relevant(action: Action, assignment: Assignment) -> bool:
    """Whether an action is worth showing; an answer needs a question."""
    if action.code == "reply":
        return assignment.supervise_state == SuperviseState.OPEN
    if action.code in ("extend", "refuse_extension"):
        return assignment.extension_state == ExtensionState.REQUESTED
    return True


def require(user: User, code: str, assignment: Assignment) -> None:
    """Refuse what the user may not do, or not now."""
    action = ASSIGNMENT_ACTIONS[code]
    why = forbidden(user, action, assignment)
    if why:
        raise Forbidden(why)
    why = untimely(action, assignment)
    if why:
        raise TransitionNotAllowed(
            why, fields={"state": assignment.state, "action": code}
        )


def task_untimely(action: Action, task: Task) -> Why:
    """Why a task cannot be moved like this now."""
    if task.state not in action.states:
        return _("Not possible in the state “%(state)s”.") % {
            "state": task.get_state_display()
        }
    return None


def require_permission(user: User, code: str) -> None:
    """Refuse somebody whose role does not include a right."""
    if not user.has_perm(f"supervision.{code}"):
        raise Forbidden(_("Your role does not include this."))


def require_task(user: User, code: str, task: Task) -> None:
    """Refuse what the user may not do to a task, or not now."""
    action = TASK_ACTIONS[code]
    require_permission(user, action.permission)
    why = task_untimely(action, task)
    if why:
        raise TransitionNotAllowed(why, fields={"state": task.state, "action": code})


@dataclass(frozen=True)
class Offer:
    """An action as a page or the API shows it."""

    code: str
    name: str | Promise
    why: Why
    style: str

    @property
    def allowed(self) -> bool:
        return self.why is None


def assignment_offers(user: User, assignment: Assignment) -> list[Offer]:
    """The actions of the user's end, each possible or with the reason why not."""
    return [
        Offer(action.code, action.name, untimely(action, assignment), action.style)
        for action in ASSIGNMENT_ACTIONS.values()
        if forbidden(user, action, assignment) is None and relevant(action, assignment)
    ]


def task_offers(user: User, task: Task) -> list[Offer]:
    """The actions on a task that the user's role includes."""
    return [
        Offer(action.code, action.name, task_untimely(action, task), action.style)
        for action in TASK_ACTIONS.values()
        if user.has_perm(f"supervision.{action.permission}")
    ]
