"""What an administrator may do to people and roles; pure functions."""

from django.utils.translation import gettext as _

from platform_core.accounts.models import OrgUnit, User
from platform_core.common.errors import Conflict, Forbidden

APART = frozenset({"sys_admin", "security_auditor"})


def check_manages(admin: User, user: User) -> None:
    """Nobody changes their own account here, nor one with more power."""
    if admin.pk == user.pk:
        raise Forbidden(_("Another administrator must change your own account."))
    if user.is_superuser and not admin.is_superuser:
        raise Forbidden(_("Only a superuser may change this account."))


def check_duties(roles: set[str]) -> None:
    """Running the platform and reading its log are separate duties."""
    if roles >= APART:
        raise Conflict(
            _("One person cannot be both administrator and auditor."),
            fields={"roles": _("Administrator and auditor are separate duties.")},
        )


def check_may_close(unit: OrgUnit) -> None:
    """An organisation with active members or parts stays active."""
    if unit.members.filter(is_active=True).exists():
        raise Conflict(_("There are active people in this organisation."))
    if unit.children.filter(is_active=True).exists():
        raise Conflict(_("There are active organisations below this one."))
