"""Who may see what of a resource; pure questions of user and edition."""

from exchange.aggregation.catalogue.enums import OPEN_LEVELS, Share
from exchange.aggregation.catalogue.models import Edition, Use
from exchange.aggregation.catalogue.models.resources import PROTECTED
from platform_core.accounts.models import User
from platform_core.common.clock import today


def owns(user: User, edition: Edition) -> bool:
    """Does it belong to the user's unit or one below it?"""
    path = user.unit_path
    return bool(user.unit_id) and edition.unit.path.startswith(path)


def may_preview(user: User, edition: Edition) -> bool:
    """The owner; others what is open enough, or what was granted to their unit."""
    if edition.table_id is None or not user.has_perm("catalogue.view_edition"):
        return False
    if owns(user, edition) or user.has_perm(PROTECTED):
        return True
    if edition.share == Share.NONE:
        return False
    if edition.share == Share.FREE and edition.level in OPEN_LEVELS:
        return True
    return granted(user, edition)


def granted(user: User, edition: Edition) -> bool:
    """Was its use approved for the user or the user's unit, for today?"""
    uses = Use.objects.filter(resource=edition.resource_id, peer=None)
    mine = uses.in_force(today()).filter(applicant=user.pk)
    if user.unit_id:
        mine |= uses.in_force(today()).filter(unit=user.unit_id)
    return mine.exists()
