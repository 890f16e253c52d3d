"""The same thing done to many cases: a preview first, then the doing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import duty
from municipal.command import policies as core
from municipal.command import services as command
from municipal.command.collaboration import policies
from municipal.command.collaboration.enums import BatchAction, BatchState
from municipal.command.collaboration.models import Batch
from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work
from platform_core.processes import selectors as processes

from . import merging, pressure

MOST_AT_ONCE = 50
DISPATCHING = ("dispatch", "redispatch")
Given = Mapping[str, Any]
Reason = Callable[[Case, User], str]


# Why a case would not go ---------------------------------------------------------


def _step_problem(case: Case, user: User, *actions: str) -> str:
    found = {option.code: option for option in command.case_options(case, user)}
    options = [found[code] for code in actions if code in found]
    if any(option.allowed for option in options):
        return ""
    if options:
        return options[0].why
    return _("not possible in the state “%(state)s”") % {"state": case.state_name}


def _dispatch_problem(case: Case, user: User) -> str:
    problem = _step_problem(case, user, *DISPATCHING)
    if problem:
        return problem
    return "" if duty.candidates(case) else _("no unit is recommended")


def _urge_problem(case: Case, user: User) -> str:
    return "" if core.may_urge(case, user) else _("cannot be urged now")


def _supervise_problem(case: Case, user: User) -> str:
    allowed = policies.may_supervise(case, user)
    return "" if allowed else _("cannot be supervised now")


def _merge_problem(case: Case, user: User) -> str:
    return "" if policies.may_merge(case, user) else _("cannot be merged now")


PROBLEMS: Mapping[str, Reason] = {
    BatchAction.DISPATCH: _dispatch_problem,
    BatchAction.URGE: _urge_problem,
    BatchAction.SUPERVISE: _supervise_problem,
    BatchAction.SEND_CHECK: lambda case, user: _step_problem(case, user, "send_check"),
    BatchAction.CLOSE: lambda case, user: _step_problem(case, user, "close"),
    BatchAction.MERGE: _merge_problem,
}


def problem(action: str, case: Case, user: User) -> str:
    """Why a case would not go, in words; empty if it would."""
    return PROBLEMS[action](case, user)


# What is done to each ---------------------------------------------------------------


def _dispatch(case: Case, user: User, given: Given) -> None:
    unit = _unit(given) or duty.candidates(case)[0].unit
    definition = processes.definition_of(case.process)
    exits = {step.action for step in definition.exits(case.state)}
    action = next((code for code in DISPATCHING if code in exits), "dispatch")
    command.fire(case, action, by=user, note=given.get("note", ""), unit=unit)


def _unit(given: Given) -> OrgUnit | None:
    key = given.get("unit")
    return OrgUnit.objects.filter(pk=key).first() if key else None


def _supervise(case: Case, user: User, given: Given) -> None:
    due = clock.now() + timedelta(hours=int(given.get("hours") or 24))
    pressure.supervise(
        case=case,
        by=user,
        level=str(given.get("level") or "1"),
        requirement=given.get("note", ""),
        due=due,
    )


def _merge(case: Case, user: User, given: Given) -> None:
    main = Case.objects.visible_to(user).filter(number=given.get("main", "")).first()
    if main is None:
        raise DomainError(_("There is no such case."))
    if main.pk == case.pk:
        raise DomainError(_("This is the main case."))
    merging.merge(case=case, main=main, by=user, reason=given.get("note", ""))


DOING: Mapping[str, Callable[[Case, User, Given], object]] = {
    BatchAction.DISPATCH: _dispatch,
    BatchAction.URGE: lambda case, user, given: command.urge(
        case, by=user, note=given.get("note", "")
    ),
    BatchAction.SUPERVISE: _supervise,
    BatchAction.SEND_CHECK: lambda case, user, given: command.fire(
        case, "send_check", by=user, note=given.get("note", "")
    ),
    BatchAction.CLOSE: lambda case, user, given: command.fire(
        case, "close", by=user, note=given.get("note", "")
    ),
    BatchAction.MERGE: _merge,
}


# The batch ---------------------------------------------------------------------


@transaction.atomic
def prepare(*, action: str, cases: Sequence[Case], by: User) -> Batch:
    """Remember what was chosen, so that the preview can be looked at in peace."""
    return Batch.objects.create(
        action=action, by=by, cases=[case.pk for case in cases], given={}
    )


def preview(batch: Batch) -> list[tuple[Case, str]]:
    """The chosen cases as they are now, each with the reason why it would not go."""
    rows = cases_of(batch)
    return [(case, problem(batch.action, case, batch.by)) for case in rows]


def cases_of(batch: Batch) -> list[Case]:
    """The chosen cases that the user may still see, in the order of choosing."""
    rows = Case.objects.visible_to(batch.by).filter(pk__in=batch.cases)
    found = {
        row.pk: row for row in rows.select_related("process", "handling_unit", "source")
    }
    return [found[pk] for pk in batch.cases if pk in found]


@transaction.atomic
def begin(*, batch: Batch, by: User, given: dict[str, Any]) -> Batch:
    """Do it: at once, or as background work where there are many. Once only."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk, by=by)
    if batch.state != BatchState.PREVIEW:
        raise Conflict(_("This was done already."))
    batch.given, batch.state = given, BatchState.RUNNING
    title = f"{batch.get_action_display()}: {len(batch.cases)}"
    if len(batch.cases) > MOST_AT_ONCE:
        batch.job = jobs.start(
            "collaboration.batch", by=by, title=title, params={"batch": batch.pk}
        )
    batch.save()
    audit.record("batch.begun", batch, by=by, data={"action": batch.action})
    return batch


def run(batch: Batch) -> Batch:
    """Do it now; a case that does not go does not stop the others."""
    done, left = [], []
    for case in cases_of(batch):
        text = do_one(batch, case)
        if text:
            left.append([case.number, text])
        else:
            done.append(case.number)
    return finish(batch, done, left)


def do_one(batch: Batch, case: Case) -> str:
    """Do it to one case; why it did not go, empty if it did."""
    try:
        DOING[batch.action](case, batch.by, batch.given)
    except DomainError as error:
        return str(error.message)
    except IndexError:
        return _("no unit is recommended")
    return ""


@transaction.atomic
def finish(batch: Batch, done: list[str], left: list[list[str]]) -> Batch:
    """Keep the report."""
    batch.report = {"done": done, "left": left}
    batch.state = BatchState.DONE
    batch.touch()
    batch.save()
    data = {"done": len(done), "left": len(left)}
    audit.record("batch.done", batch, by=batch.by, data=data)
    return batch


@job("collaboration.batch", gettext_lazy("Many cases at once"))
def run_as_job(work: Work) -> None:
    """Go through the cases; after a crash those that were done are passed over."""
    batch = Batch.objects.select_related("by").get(pk=work.params["batch"])
    cases = cases_of(batch)
    work.expect(len(cases))
    done = list(work.checkpoint.get("done", []))
    left = list(work.checkpoint.get("left", []))
    passed = {*done, *(number for number, _text in left)}
    for row, case in enumerate(cases, 1):
        if case.number in passed:
            continue
        text = do_one(batch, case)
        if text:
            left.append([case.number, text])
            work.problem(row, text, value=case.number)
        else:
            done.append(case.number)
        work.advance(
            done=not text, failed=bool(text), checkpoint={"done": done, "left": left}
        )
    finish(batch, done, left)
    work.note = _("%(done)d done, %(left)d left") % {
        "done": len(done),
        "left": len(left),
    }
