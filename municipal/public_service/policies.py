"""Who asks citizens how it was."""

from typing import TYPE_CHECKING

from municipal.command import policies as command
from municipal.command.enums import CLOSED
from platform_core.accounts.models import User

if TYPE_CHECKING:
    from municipal.command.models import Case

VISIT = "public_service.record_visit"


def visits(case: "Case", user: User) -> bool:
    """Whether somebody may record what the citizen of a case said about it."""
    allowed = user.has_perm(VISIT) and command.in_division(case, user)
    return allowed and case.source.is_public and case.state in CLOSED
