"""What can be done with many cases of a list at once: apps register, lists offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase

from platform_core.ui.views import BulkAction

if TYPE_CHECKING:
    from platform_core.accounts.models import User

    from .models import Case

Begin = Callable[[HttpRequest, str, "Sequence[Case]"], HttpResponseBase]


@dataclass(frozen=True)
class Offer:
    """Actions on chosen cases, and what answers when one of them was pressed."""

    actions: tuple[BulkAction, ...]
    begin: Begin
    allows: Callable[["User", str], bool] = lambda user, name: True


_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have actions offered below every list of cases."""
    if offer not in _offers:
        _offers.append(offer)


def actions(user: "User") -> list[BulkAction]:
    """The actions that lists offer to somebody."""
    return [
        action
        for offer in _offers
        for action in offer.actions
        if user.has_perm(action.permission or "") and offer.allows(user, action.name)
    ]


def begin(
    request: HttpRequest, name: str, cases: "Sequence[Case]"
) -> HttpResponseBase | None:
    """The answer to a pressed action; None if no offer knows it."""
    for offer in _offers:
        if any(action.name == name for action in offer.actions):
            return offer.begin(request, name, cases)
    return None
