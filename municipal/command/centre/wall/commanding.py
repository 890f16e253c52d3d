"""What is ordered from the wall: tasks for chosen cases, messages to people."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from municipal.command.centre.board.noting import announce
from municipal.command.collaboration import offers
from municipal.command.collaboration.enums import BatchAction
from municipal.command.collaboration.services import batches
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError, Forbidden
from platform_core.notices import services as notices

COMMAND = "centre.command_on_wall"
RUN = "collaboration.run_batch"
ACTIONS = (
    BatchAction.DISPATCH,
    BatchAction.SEND_CHECK,
    BatchAction.URGE,
    BatchAction.SUPERVISE,
)
MOST = 50
GIVEN = ("note", "hours", "level")


def allowed(user: User) -> bool:
    """Whether somebody acts on cases from the wall."""
    return bool(user.has_perm(COMMAND) and user.has_perm(RUN))


def offered(user: User) -> list[BatchAction]:
    """The actions of somebody's post; each case is asked afterwards."""
    if not allowed(user):
        return []
    return [action for action in ACTIONS if offers.allows(user, action)]


def chosen(keys: Collection[str], user: User) -> list[Case]:
    """The chosen cases that somebody sees."""
    try:
        uids = [UUID(key) for key in keys]
    except ValueError as error:
        raise DomainError(_("There is no such case.")) from error
    if not 0 < len(uids) <= MOST:
        raise DomainError(_("Choose between 1 and %d cases.") % MOST)
    rows = Case.objects.visible_to(user).filter(uid__in=uids)
    return list(rows.select_related("process", "handling_unit", "source"))


def preview(action: str, keys: Collection[str], *, user: User) -> dict[str, Any]:
    """What would be done to each of the cases, and why not."""
    _require(user, action)
    rows = [
        {
            "uid": str(case.uid),
            "number": case.number,
            "title": case.title,
            "problem": batches.problem(action, case, user),
        }
        for case in chosen(keys, user)
    ]
    return {"action": action, "label": BatchAction(action).label, "rows": rows}


def run(
    action: str, keys: Collection[str], *, by: User, given: Mapping[str, str]
) -> dict[str, Any]:
    """Do it; each case goes or says why it does not."""
    _require(by, action)
    cases = chosen(keys, by)
    if not cases:
        raise DomainError(_("There is no such case."))
    batch = batches.prepare(action=action, cases=cases, by=by)
    told = {name: given[name] for name in GIVEN if given.get(name)}
    batch = batches.run(batches.begin(batch=batch, by=by, given=told))
    audit.record("wall.commanded", batch, by=by, data={"action": action, **told})
    announce()
    return {**batch.report, "url": batch.get_absolute_url()}


def _require(user: User, action: str) -> None:
    if action not in ACTIONS:
        raise DomainError(_("This cannot be done from the wall."))
    if not allowed(user):
        raise Forbidden(_("You may not act on cases from the wall."))


def reachable(user: User) -> QuerySet[User]:
    """The people somebody may send messages to from the wall."""
    rows: QuerySet[User] = User.objects.visible_to(user).filter(is_active=True)
    return rows


@transaction.atomic
def message(keys: Collection[str], *, text: str, by: User) -> int:
    """Tell a group of people something; how many were told."""
    if not by.has_perm(COMMAND):
        raise Forbidden(_("You may not send messages from the wall."))
    if not text.strip():
        raise DomainError(_("Write what they shall read."))
    if not all(key.isdigit() for key in keys) or len(keys) > MOST:
        raise DomainError(_("Choose between 1 and %d people.") % MOST)
    people = list(reachable(by).filter(pk__in=[int(key) for key in keys]))
    if not people:
        raise DomainError(_("Choose between 1 and %d people.") % MOST)
    count = notices.notify(
        people,
        kind="centre.message",
        title=_("Message of the command centre"),
        body=text.strip()[:500],
        level="warning",
    )
    told = {"text": text.strip()[:500], "people": [one.pk for one in people]}
    audit.record("wall.message", by=by, data=told)
    return count
