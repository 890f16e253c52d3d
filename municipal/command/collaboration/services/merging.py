"""Duplicates: cases that are one problem wait for the main case and end with it.

A merged case keeps its state, its clocks stand still, and no step is possible
until it is taken apart again or the main case is closed. A main case never waits
itself: chains are flattened, circles refused.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import clocks
from municipal.command.collaboration import policies
from municipal.command.collaboration.models import Merge
from municipal.command.enums import CLOSED, OPEN, TERMINAL
from municipal.command.listeners import Happened
from municipal.command.models import Case
from municipal.command.services import fire
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.processes import selectors as processes

from .common import keep, require, required, tell

CLOSE = "close_merged"


@transaction.atomic
def merge(*, case: Case, main: Case, by: User, reason: str = "") -> Merge:
    """Let a case wait for another one; what waited for it waits there as well."""
    main = root_of(main)
    held = _both(case, main)
    case, main = held[case.pk], held[main.pk]
    _check(case, main, by)
    case.duplicate_of = main
    _stand_still(case)
    keep(case)
    made = Merge.objects.create(
        case=case, main=main, reason=reason[:500], by=by, at=clock.now()
    )
    _flatten(case, main)
    data = {"main": main.number, "reason": reason}
    audit.record("merge.made", case, by=by, data=data)
    return made


def root_of(case: Case) -> Case:
    """The main case of a case, which may be itself."""
    waiting = Merge.objects.filter(case=case, ended_at=None).select_related("main")
    found = waiting.first()
    return found.main if found else case


def _both(case: Case, main: Case) -> dict[int, Case]:
    """Both cases, locked in the order of their keys, so that nobody waits forever."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("process")
    return {
        row.pk: row for row in rows.filter(pk__in={case.pk, main.pk}).order_by("pk")
    }


def _check(case: Case, main: Case, by: User) -> None:
    problem = ""
    if case.pk == main.pk:
        problem = _("A case cannot be merged into itself.")
    elif main.state not in OPEN:
        problem = _("The main case has ended.")
    elif Merge.objects.filter(case=main, ended_at=None).exists():
        problem = _("The main case was merged meanwhile; try again.")
    elif (case.class_kind, case.division_code) != (main.class_kind, main.division_code):
        problem = _("Only cases of one district and kind can be one problem.")
    if problem:
        raise DomainError(problem, fields={"main": problem})
    require(policies.may_merge(case, by), _("You may not merge this case."))
    if Merge.objects.filter(case=case, ended_at=None).exists():
        raise Conflict(_("This case is merged already."))
    definition = processes.definition_of(case.process)
    if not any(step.action == CLOSE for step in definition.exits(case.state)):
        raise Conflict(_("This case runs by an older process; move it first."))


def _stand_still(case: Case) -> None:
    if case.clock_started_at is not None:
        case.pauses = [*case.pauses, [clock.now().isoformat(), None]]
    case.handling_deadline = None
    case.deadline = case.warn_at = case.red_at = None


def _flatten(case: Case, main: Case) -> None:
    """Those who waited for a case that waits now wait for the same main case."""
    for row in Merge.objects.filter(main=case, ended_at=None).select_related("case"):
        row.main = main
        row.save(update_fields=["main"])
        Case.objects.filter(pk=row.case_id).update(duplicate_of=main)


@transaction.atomic
def unmerge(*, case: Case, by: User, reason: str) -> Case:
    """Let a merged case go its own way again."""
    require(policies.may_merge(case, by), _("You may not merge this case."))
    text = required(reason, "reason", _("Say why."))
    row = Merge.objects.select_for_update().filter(case=case, ended_at=None).first()
    if row is None:
        raise Conflict(_("This case is not merged."))
    found = _release(row, by, text)
    audit.record("merge.ended", found, by=by, data={"reason": text})
    return found


def _release(row: Merge, by: User | None, reason: str) -> Case:
    case = _locked(row.case_id)
    _end(row, by, reason)
    case.duplicate_of = None
    _run_on(case)
    keep(case)
    return case


def _locked(pk: int) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("process")
    return rows.get(pk=pk)


def _run_on(case: Case) -> None:
    now = clock.now()
    if case.pauses and case.pauses[-1][1] is None and case.paused_until is None:
        case.pauses = [*case.pauses[:-1], [case.pauses[-1][0], now.isoformat()]]
    case.state_since = now
    clocks.recompute(case)
    clocks.enter_stage(case, processes.definition_of(case.process))


def _end(row: Merge, by: User | None, reason: str) -> None:
    row.ended_at, row.ended_by, row.end_reason = clock.now(), by, reason[:500]
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])


def follow(happened: Happened) -> None:
    """Close what waits with the main case; free it if that ended otherwise."""
    main = happened.case
    if main.state not in TERMINAL:
        return
    rows = Merge.objects.select_for_update().filter(main=main, ended_at=None)
    for row in rows.order_by("pk"):
        if main.state in CLOSED:
            _close(row, happened)
        else:
            _release(row, happened.by, _("The main case ended without a result."))


def _close(row: Merge, happened: Happened) -> None:
    main = happened.case
    _end(row, happened.by, _("Closed with the main case."))
    note = _("With %(number)s: %(note)s") % {
        "number": main.number,
        "note": happened.step.note or main.get_state_display(),
    }
    child = fire(_locked(row.case_id), CLOSE, by=None, note=note)
    if child.contact:
        tell(
            accounts.users_with_role("acceptor"),
            title=_("Tell the reporter: %(title)s") % {"title": child.title},
            body=note,
            link=child.get_absolute_url(),
        )


def object_to_steps(case: Case, action: str, given: Mapping[str, Any] | None) -> str:
    """A merged case waits; nothing but its end with the main case is possible."""
    if action == CLOSE:
        waits = Merge.objects.filter(case=case, ended_at=None).exists()
        return _("The main case is still open.") if waits else ""
    if case.duplicate_of_id is None:
        return ""
    main = root_of(case)
    if main.pk == case.pk:
        return ""
    return _("merged into %(number)s; it ends with it") % {"number": main.number}
