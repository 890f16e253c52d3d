"""Appeals: made by those concerned, reviewed twice, accepted ones exempt a case."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipal.command.models import Case
from municipal.command.performance import (
    computing,
    counting,
    exempting,
    policies,
    telling,
    timetables,
)
from municipal.command.performance.enums import AppealState, RunState
from municipal.command.performance.models import Appeal, Run
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.calendars import services as calendars
from platform_core.calendars.enums import Unit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.files import services as files
from platform_core.files.models import Attachment


@transaction.atomic
def appeal(
    *,
    case: Case,
    ground: str,
    reason: str,
    by: User,
    attachments: Iterable[Attachment] = (),
) -> Appeal:
    """Object to how a closed case counts."""
    if not policies.may_appeal(case, by):
        raise Forbidden(_("No appeal is possible for this case now."))
    row = Appeal(
        case=case,
        ground=ground,
        reason=_required(reason, "reason"),
        by=by,
        unit=by.unit,
        by_unit=policies.for_unit(case, by),
        due=_until(timetables.days().first_review_days),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise Conflict(_("There is such an appeal about the case.")) from problem
    files.attach(attachments, row, purpose="proof")
    audit.record("appeal.made", row, by=by, data={"case": case.number})
    telling.waiting(row, telling.FIRST)
    return row


@transaction.atomic
def review(*, appeal: Appeal, agrees: bool, opinion: str, by: User) -> Appeal:
    """The first review passes an appeal on or rejects it; the second decides."""
    row = _locked(appeal)
    if not policies.may_review(row, by):
        raise Forbidden(_("This appeal is reviewed by somebody else."))
    text = _required(opinion, "opinion")
    if row.state == AppealState.FIRST:
        _first(row, agrees, text, by)
    else:
        _second(row, agrees, text, by)
    data = {"case": row.case.number, "state": row.state, "opinion": text}
    audit.record("appeal.reviewed", row, by=by, data=data)
    return row


def _first(row: Appeal, agrees: bool, text: str, by: User) -> None:
    row.first_by, row.first_at, row.first_opinion = by, clock.now(), text
    row.state = AppealState.SECOND if agrees else AppealState.REJECTED
    if agrees:
        row.due = _until(timetables.days().second_review_days)
    _keep(row)
    if agrees:
        telling.waiting(row, telling.SECOND)
    else:
        telling.decided(row, text)


def _second(row: Appeal, agrees: bool, text: str, by: User) -> None:
    row.second_by, row.second_at, row.second_opinion = by, clock.now(), text
    row.state = AppealState.ACCEPTED if agrees else AppealState.REJECTED
    _keep(row)
    if agrees:
        exempt(row, by)
    telling.decided(row, text)


def exempt(row: Appeal, by: User) -> None:
    """Leave the case out of assessment; open results follow, its timing stays."""
    runs = _runs_with(row.case)
    before = {run.pk: counting.counts(run.kind, run.period) for run in runs}
    reason = f"{row.get_ground_display()}: {row.reason}"
    exempting.exempt(row.case, by=by, reason=reason)
    for run in runs:
        after = counting.counts(run.kind, run.period)
        if after == before[run.pk]:
            continue
        if not run.may_recompute:
            stored = dict(run.results.values_list("key", "sums"))
            after = computing.shifted(stored, before[run.pk], after)
        computing.compute(run, after)
        audit.record("evaluation.computed", run, by=by, data={"case": row.case.number})


def _runs_with(case: Case) -> list[Run]:
    """The results that are not approved yet, over days of the case's life."""
    ended = case.closed_at or clock.now()
    rows = Run.objects.filter(
        state__in=(RunState.DRAFT, RunState.PUBLICITY),
        first__lte=localdate(ended),
        last__gte=localdate(case.reported_at),
    )
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


@transaction.atomic
def withdraw(*, appeal: Appeal, by: User) -> Appeal:
    """Take an appeal back."""
    row = _locked(appeal)
    if not policies.may_withdraw(row, by):
        raise Forbidden(_("Only who made an appeal may take it back."))
    row.state = AppealState.WITHDRAWN
    _keep(row)
    audit.record("appeal.withdrawn", row, by=by, data={"case": row.case.number})
    return row


def _locked(appeal: Appeal) -> Appeal:
    rows = Appeal.objects.select_for_update(of=("self",))
    return rows.select_related("case__handling_unit", "by").get(pk=appeal.pk)


def _keep(row: Appeal) -> None:
    row.touch()
    row.save()


def _until(days: int) -> datetime:
    return calendars.deadline(clock.now(), days, Unit.WORK_DAY).at


def _required(text: str, field: str) -> str:
    if not text.strip():
        message = _("Give the reason.")
        raise DomainError(message, fields={field: message})
    return text.strip()
