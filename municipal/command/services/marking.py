"""What people note about a case beside its steps: follow it, call it missed."""

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import listeners, policies
from municipal.command.models import Case, CaseFollow
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Forbidden

from .steps import lock


@transaction.atomic
def follow(case: Case, *, by: User, yes: bool = True) -> None:
    """Keep an eye on a case, or no more; safe to ask twice."""
    if yes:
        _row, made = CaseFollow.objects.get_or_create(
            case=case, user=by, defaults={"since": clock.now()}
        )
    else:
        made = bool(CaseFollow.objects.filter(case=case, user=by).delete()[0])
    if made:
        audit.record("case.followed", case, by=by, data={"follows": yes})


@transaction.atomic
def mark_missed(case: Case, *, by: User, yes: bool = True, note: str = "") -> Case:
    """Say that the inspector of the grid ought to have seen a public report."""
    case = lock(case)
    if not policies.may_mark_missed(case, by):
        raise Forbidden(_("Only reports of the public are marked as missed."))
    if case.is_missed != yes:
        case.is_missed = yes
        case.revise()
        case.save()
        listeners.changed(case)
        data = {"missed": yes, "note": note}
        audit.record("case.missed", case, by=by, data=data)
    return case
