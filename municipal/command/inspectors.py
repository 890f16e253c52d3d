"""Who is sent to a place: the inspector of the grid, unless an app knows better."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from platform_core.accounts import selectors as accounts

if TYPE_CHECKING:
    from platform_core.accounts.models import User

    from .models import Case

Finder = Callable[["Case"], "User | None"]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Have this function asked first, such as for who is on duty or nearest."""
    if finder not in _finders:
        _finders.insert(0, finder)


def find(case: "Case") -> "User | None":
    """The inspector to send: the first that a finder names, else the grid's own."""
    for finder in _finders:
        found = finder(case)
        if found is not None:
            return found
    return grid_owner(case)


def grid_owner(case: "Case") -> "User | None":
    """The inspector whose duty grid it is."""
    if case.duty_grid_id is None:
        return None
    people = accounts.users_with_role("supervisor")
    return people.filter(duty_grids=case.duty_grid_id).order_by("pk").first()
