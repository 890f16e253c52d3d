"""Who may do what together: functions of a person and a case, part or notice."""

from municipal.command import policies as core
from municipal.command.enums import OPEN, WITH_UNIT
from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit, User

from .enums import OPEN_DISTRICT, NoticeState
from .models import DistrictCase, Notice, Part


def below(unit: OrgUnit | None, user: User) -> bool:
    """Whether a unit is the user's own or one below it."""
    return bool(unit and user.unit_path and unit.path.startswith(user.unit_path))


def may_involve(case: Case, user: User) -> bool:
    """Whether somebody may call in units to assist."""
    dispatches = user.has_perm("command.dispatch_case")
    return dispatches and case.state in WITH_UNIT and core.in_division(case, user)


def may_give_on(case: Case, user: User) -> bool:
    """Whether somebody may give the case on inside the unit that has it."""
    handles = user.has_perm("command.handle_case")
    return handles and case.state in WITH_UNIT and core.of_unit(case, user)


def may_work(part: Part, user: User) -> bool:
    """Whether somebody may sign and answer a part."""
    handles = user.has_perm("command.handle_case")
    return (
        handles
        and part.is_open
        and (below(part.unit, user) or part.person_id == user.pk)
    )


def may_record(case: Case, user: User) -> bool:
    """Whether somebody may note a stage of the work."""
    if may_give_on(case, user):
        return True
    parts = Part.objects.open().filter(case=case).select_related("unit")
    return any(may_work(part, user) for part in parts)


def may_dispatch_inside(row: DistrictCase, user: User) -> bool:
    """Whether somebody dispatches on the second level."""
    allowed = user.has_perm("collaboration.dispatch_inside")
    return allowed and row.state in OPEN_DISTRICT and below(row.platform.unit, user)


def may_supervise(case: Case, user: User) -> bool:
    """Whether a supervision notice can be issued."""
    allowed = user.has_perm("collaboration.supervise_case")
    return allowed and case.is_open and bool(case.handling_unit)


def may_reply(notice: Notice, user: User) -> bool:
    """Whether somebody answers a notice for the unit."""
    handles = user.has_perm("command.handle_case")
    return handles and notice.state == NoticeState.OPEN and below(notice.unit, user)


def may_judge(notice: Notice, user: User) -> bool:
    """Whether somebody judges the answer: those who may issue notices."""
    allowed = user.has_perm("collaboration.supervise_case")
    return allowed and notice.state == NoticeState.REPLIED


def may_instruct(case: Case, user: User) -> bool:
    """Whether somebody writes an instruction."""
    return user.has_perm("collaboration.instruct_case") and case.is_open


def may_coordinate(case: Case, user: User) -> bool:
    """Whether somebody records a consultation or meeting."""
    return user.has_perm("collaboration.coordinate_case") and case.is_open


def may_merge(case: Case, user: User) -> bool:
    """Whether somebody merges the case, or takes it apart again."""
    allowed = user.has_perm("collaboration.merge_case")
    return allowed and case.state in OPEN and core.in_division(case, user)
