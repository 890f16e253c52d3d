"""Who may do what to a case: a role, and a relation to the very case."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User

from .enums import WITH_UNIT
from .models import Case

OF_CENTRE = frozenset({"acceptor", "duty_leader", "dispatcher", "bureau_leader"})
ON_SITE = frozenset({"verifying", "checking"})
URGING = frozenset({"duty_leader", "dispatcher", "overseer", "bureau_leader"})
URGED = frozenset({*WITH_UNIT, *ON_SITE})


def in_division(case: Case, user: User) -> bool:
    """Whether the case lies in the user's division."""
    prefix = user.division_prefix
    return (case.community_code or case.division_code).startswith(prefix)


def of_unit(case: Case, user: User) -> bool:
    """Whether the case is with the user's unit or one below it."""
    unit = case.handling_unit
    return bool(unit and user.unit_path and unit.path.startswith(user.unit_path))


def on_site(case: Case, user: User) -> bool:
    """Whether this inspector was sent there, or made the report."""
    if case.state in ON_SITE:
        return case.field_inspector_id == user.pk
    return case.reported_by_id == user.pk


def relation_problem(case: Case, user: User, role: str) -> Promise | None:
    """Why a role that somebody holds does not reach this case; None if it does."""
    if role == "dept_handler" and not of_unit(case, user):
        return _("the case is with another unit")
    if role == "supervisor" and not on_site(case, user):
        return _("another inspector was sent to this case")
    if role in OF_CENTRE and not in_division(case, user):
        return _("the case lies outside your division")
    return None


def acting_roles(case: Case, user: User) -> frozenset[str]:
    """The roles in which somebody may act on this very case."""
    return frozenset(
        role for role in user.role_codes if relation_problem(case, user, role) is None
    )


def may_report(user: User) -> bool:
    """Whether somebody may register a report."""
    return user.has_perm("command.report_case")


def sees_reporter(user: User) -> bool:
    """Whether the reporter's name and contact are shown unmasked."""
    return user.has_perm("command.view_reporter")


def may_urge(case: Case, user: User) -> bool:
    """Whether somebody may remind the unit or the inspector."""
    roles = user.role_codes & URGING
    return bool(roles) and case.state in URGED and in_division(case, user)
