"""Small things that all services of collaborative work do alike."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from municipal.command.models import Case
from municipal.command.services import telling
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.common.errors import DomainError, Forbidden
from platform_core.notices import services as notices


def handlers(unit: OrgUnit | None) -> Iterable[User]:
    """The people of a unit who handle cases."""
    return accounts.users_with_role("dept_handler", unit=unit) if unit else []


def tell(
    people: Iterable[User], *, title: str, body: str = "", link: str = "", **more: Any
) -> None:
    """Send a notice of this app, unless history is being told again."""
    if telling.is_quiet():
        return
    with override(settings.LANGUAGE_CODE):
        notices.notify(
            people, kind="collaboration", title=title, body=body, link=link, **more
        )


def keep(case: Case, counted: Iterable[str] = ()) -> None:
    """Store a changed case and tell the tiers above."""
    case.revise()
    case.save()
    telling.announce(case, list(counted))


def require(allowed: bool, message: str) -> None:
    """Refuse what a person may not do now."""
    if not allowed:
        raise Forbidden(message)


def required(text: str, field: str, message: str) -> str:
    """A text that must not be empty."""
    if not text.strip():
        raise DomainError(message, fields={field: message})
    return text.strip()
