"""Who may see which division's figures."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.regions import selectors as regions

LONGEST_DAYS = 3660


def home_division(user: Any) -> str:
    """The division a user's pages open with: the node's, or the narrower own one."""
    node = regions.node_division(own_node())
    unit = getattr(user, "unit", None)
    if user.is_superuser or unit is None:
        return node
    own: str = unit.division_id[:6]
    return own if regions.within(own, node) else node


def may_see_division(user: Any, division: str) -> bool:
    """Inside this node's division and inside the user's; and one that exists."""
    if regions.find_division(division) is None:
        return False
    node = regions.node_division(own_node())
    if not regions.within(division, node):
        return False
    return user.is_superuser or regions.within(division, home_division(user))


def check_window(first: date, last: date) -> None:
    """Refuse a span that is upside down or longer than ten years."""
    days = (last - first).days
    if not 0 <= days <= LONGEST_DAYS:
        raise DomainError(
            _("Choose a period of at most ten years, the first day first."),
            code="range",
            fields={"period_from": _("Not a usable first day.")},
        )


def division_choices(user: Any, wanted: str = "") -> list[tuple[str, str]]:
    """Divisions to choose from: those around the wanted one and right below it."""
    home = home_division(user)
    centre = wanted if wanted and may_see_division(user, wanted) else home
    around = [
        step for step in regions.lineage(centre) if regions.within(step.code, home)
    ]
    found = [
        (step.code, "　" * depth + step.label) for depth, step in enumerate(around)
    ]
    indent = "　" * len(around)
    found += [(one.code, indent + one.label) for one in regions.children(centre)]
    return found
