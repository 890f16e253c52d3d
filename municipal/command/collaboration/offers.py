"""Bulk actions below the lists of cases; each opens a preview."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from municipal.command import batches
from municipal.command.batches import Offer
from municipal.command.models import Case
from municipal.command.policies import URGING
from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.ui.views import BulkAction

from .enums import BatchAction
from .services import batches as services

PREFIX = "batch-"


def _unused(row: Any, user: Any) -> None:
    """The preview page does the work; the list only opens it."""


ACTIONS = tuple(
    BulkAction(
        f"{PREFIX}{action.value}",
        action.label,
        run=_unused,
        permission="collaboration.run_batch",
    )
    for action in BatchAction
)


NEEDS = {
    BatchAction.DISPATCH: "command.dispatch_case",
    BatchAction.SUPERVISE: "collaboration.supervise_case",
    BatchAction.SEND_CHECK: "command.accept_case",
    BatchAction.CLOSE: "command.close_case",
    BatchAction.MERGE: "collaboration.merge_case",
}


def allows(user: User, name: str) -> bool:
    """Whether somebody's post does this at all; each case is asked afterwards."""
    action = BatchAction(name.removeprefix(PREFIX))
    if action == BatchAction.URGE:
        return bool(user.role_codes & URGING)
    return user.has_perm(NEEDS[action])


def begin(request: HttpRequest, name: str, cases: Sequence[Case]) -> HttpResponseBase:
    """Remember the choice and go to its preview."""
    batch = services.prepare(
        action=name.removeprefix(PREFIX), cases=cases, by=user_of(request)
    )
    return HttpResponseRedirect(batch.get_absolute_url())


def register() -> None:
    """Offer the actions on every list of cases."""
    batches.register(Offer(ACTIONS, begin, allows))
