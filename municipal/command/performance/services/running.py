"""Evaluations: compute, lock, show, approve, publish, correct."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipal.command.performance import computing, telling, timetables
from municipal.command.performance.enums import (
    OPEN_RUNS,
    ObjectKind,
    PeriodKind,
    RunState,
)
from municipal.command.performance.models import Appeal, Run, Scheme
from municipal.command.performance.periods import Period, period_of
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.calendars import services as calendars
from platform_core.calendars.enums import Unit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

from . import scheming


@transaction.atomic
def start(
    *,
    kind: str,
    period: Period,
    by: User | None,
    scheme: Scheme | None = None,
    replaces: Run | None = None,
    **given: Any,
) -> Run:
    """Evaluate all objects of a kind over a period, as a draft."""
    if period.first > clock.today():
        text = _("The period has not begun.")
        raise DomainError(text, fields={"first": text})
    _only_one(kind, period, replaces)
    run = Run(
        kind=ObjectKind(kind),
        period_kind=period.kind,
        first=period.first,
        last=period.last,
        scheme=scheme or scheming.in_force(kind, period.last),
        made_by=by,
        replaces=replaces,
        **given,
    )
    if kind not in run.scheme.kinds:
        text = _("The scheme is not for these objects.")
        raise DomainError(text, fields={"scheme": text})
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as problem:
        raise Conflict(_("These objects and days are being evaluated.")) from problem
    computing.compute(run)
    audit.record("evaluation.computed", run, by=by, data=_about(run))
    return run


def _only_one(kind: str, period: Period, replaces: Run | None) -> None:
    rows = Run.objects.of(kind, period)
    if rows.filter(state__in=OPEN_RUNS).exists():
        raise Conflict(_("These objects and days are being evaluated."))
    published = rows.filter(state=RunState.PUBLISHED).first()
    if published is not None and published != replaces:
        raise Conflict(_("A result is published. Correct it with a reason."))


@transaction.atomic
def again(*, run: Run, by: User | None) -> Run:
    """Compute a draft anew from the counts of now."""
    row = _locked(run)
    if not row.may_recompute:
        raise Conflict(_("The figures are locked."))
    computing.compute(row)
    audit.record("evaluation.computed", row, by=by, data=_about(row))
    return row


@transaction.atomic
def lock(*, run: Run, by: User) -> Run:
    """Keep the figures as they are; later changes go to the next period."""
    row = _locked(run, RunState.DRAFT)
    if row.locked_at is None:
        row.locked_at = clock.now()
        _keep(row)
        audit.record("evaluation.locked", row, by=by)
    return row


@transaction.atomic
def reopen(*, run: Run, reason: str, by: User) -> Run:
    """Take a locked result back to a draft that follows the cases again."""
    row = _locked(run, RunState.DRAFT, RunState.PUBLICITY)
    if row.locked_at is None:
        raise Conflict(_("The figures are not locked."))
    row.state, row.locked_at, row.publicity_until = RunState.DRAFT, None, None
    _keep(row)
    audit.record("evaluation.reopened", row, by=by, data={"reason": reason})
    return row


@transaction.atomic
def show(*, run: Run, by: User) -> Run:
    """Open the result to those it is about, for appeals."""
    row = _locked(run, RunState.DRAFT)
    if row.objects_count == 0:
        raise Conflict(_("Nothing was evaluated."))
    if not row.period.over:
        raise Conflict(_("The period is not over."))
    limit = timetables.days().publicity_days
    until = calendars.deadline(clock.now(), limit, Unit.WORK_DAY)
    row.state, row.publicity_until = RunState.PUBLICITY, until.at
    row.locked_at = row.locked_at or clock.now()
    _keep(row)
    audit.record("evaluation.shown", row, by=by, data={"until": until.at})
    telling.shown(row)
    return row


@transaction.atomic
def approve(*, run: Run, by: User) -> Run:
    """Approve a result after its publicity, with no appeal left open."""
    row = _locked(run, RunState.PUBLICITY)
    if not row.publicity_over:
        raise Conflict(_("Appeals are possible until the publicity ends."))
    waiting = Appeal.objects.open().filter(computing.cases_in(row.period, "case__"))
    if waiting.exists():
        raise Conflict(_("Appeals about these days are not decided yet."))
    row.state, row.approved_by, row.approved_at = RunState.APPROVED, by, clock.now()
    _keep(row)
    audit.record("evaluation.approved", row, by=by)
    return row


@transaction.atomic
def publish(*, run: Run, by: User) -> Run:
    """Publish an approved result; one that it corrects stays readable."""
    row = _locked(run, RunState.APPROVED)
    if row.replaces is not None:
        row.replaces.state = RunState.REPLACED
        _keep(row.replaces)
    row.state, row.published_by, row.published_at = RunState.PUBLISHED, by, clock.now()
    _keep(row)
    audit.record("evaluation.published", row, by=by, data=_about(row))
    telling.published(row)
    return row


@transaction.atomic
def correct(*, run: Run, reason: str, by: User) -> Run:
    """A new evaluation that shall replace a published one."""
    row = _locked(run, RunState.PUBLISHED)
    if not reason.strip():
        text = _("Say what has to be corrected.")
        raise DomainError(text, fields={"reason": text})
    return start(
        kind=row.kind,
        period=row.period,
        by=by,
        scheme=row.scheme,
        replaces=row,
        reason=reason.strip(),
    )


@transaction.atomic
def discard(*, run: Run, by: User) -> None:
    """Throw a draft away that was never shown."""
    row = _locked(run, RunState.DRAFT)
    audit.record("evaluation.discarded", row, by=by, data=_about(row))
    row.delete()


def run_due(today: date | None = None) -> int:
    """Evaluate what the timetable asks for the periods that are over; the beat."""
    timetable = timetables.current()
    day = today or clock.today()
    since = timetable.published_at and localdate(timetable.published_at)
    made = 0
    for wanted in timetable.runs:
        period = period_of(wanted["period"], day).previous()
        if since and period.last < since:
            continue
        if not Run.objects.of(wanted["kind"], period).exists():
            made += _start_once(wanted["kind"], period)
    scheming.retire_due()
    return made


def _start_once(kind: str, period: Period) -> int:
    try:
        start(kind=kind, period=period, by=None, is_scheduled=True)
    except Conflict:  # another process was faster
        return 0
    return 1


def _locked(run: Run, *states: str) -> Run:
    row = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if states and row.state not in states:
        text = _("This is not possible: the result is %s.")
        raise Conflict(text % row.get_state_display())
    return row


def _keep(row: Run) -> None:
    row.touch()
    row.save()


def _about(row: Run) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "period": PeriodKind(row.period_kind),
        "first": row.first,
        "last": row.last,
        "scheme": f"{row.scheme.code} v{row.scheme.version}",
        "objects": row.objects_count,
        "reason": row.reason,
    }
