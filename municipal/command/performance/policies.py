"""Who may appeal, and who decides: functions of user and object."""

from django.db.models import Q
from django.utils.timezone import localdate

from municipal.command.enums import CLOSED
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.calendars import services as calendars
from platform_core.calendars.enums import Unit
from platform_core.common import clock
from platform_core.processes.models import ProcessStep

from . import timetables
from .enums import AppealState, RunState
from .models import Appeal, Run
from .models.appeals import APPEAL, DECIDE, REVIEW


def for_unit(case: Case, user: User) -> bool:
    """Whether the unit that handled the case is the user's own or below it."""
    unit = case.handling_unit
    return unit is not None and unit.path.startswith(user.unit_path)


def concerned(case: Case, user: User) -> bool:
    """Whether a case counts for the user or the user's unit."""
    if for_unit(case, user) or user.pk in (
        case.field_inspector_id,
        case.reported_by_id,
    ):
        return True
    return ProcessStep.objects.filter(instance=case.process_id, by=user).exists()


def in_time(case: Case) -> bool:
    """Some working days after closing, and while a result with the case is shown."""
    if case.closed_at is None:
        return False
    limit = timetables.days().appeal_days
    if clock.now() <= calendars.deadline(case.closed_at, limit, Unit.WORK_DAY).at:
        return True
    days = [case.closed_at, case.handling_deadline]
    counted = Q()
    for day in filter(None, days):
        counted |= Q(first__lte=localdate(day), last__gte=localdate(day))
    shown = Run.objects.filter(counted, state=RunState.PUBLICITY)
    return shown.filter(publicity_until__gte=clock.now()).exists()


def may_appeal(case: Case, user: User) -> bool:
    """A closed case of one's own, as long as appeals are taken."""
    return (
        user.has_perm(APPEAL)
        and case.state in CLOSED
        and concerned(case, user)
        and in_time(case)
    )


def may_review(appeal: Appeal, user: User) -> bool:
    """The dispatcher first, then the centre; nobody on an appeal of their own."""
    needed = {AppealState.FIRST: REVIEW, AppealState.SECOND: DECIDE}
    permission = needed.get(AppealState(appeal.state))
    if permission is None or appeal.by_id == user.pk:
        return False
    return user.has_perm(permission) and appeal.first_by_id != user.pk


def may_withdraw(appeal: Appeal, user: User) -> bool:
    """Whoever made it, until it is decided."""
    return appeal.is_open and appeal.by_id == user.pk
