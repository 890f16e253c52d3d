"""Small things that the desk's services do alike."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError, Forbidden
from platform_core.notices import services as notices


def require(by: User, permission: str) -> None:
    """Refuse who lacks a permission."""
    if not by.has_perm(permission):
        raise Forbidden(_("You may not do this."))


def wrong(field: str, message: str) -> DomainError:
    """A broken rule beside its field."""
    return DomainError(message, fields={field: message})


def tell(people: Iterable[User], kind: str, title: str, **more: Any) -> None:
    """A notice in the platform's own language."""
    with override(settings.LANGUAGE_CODE):
        notices.notify(people, kind=f"centre.{kind}", title=str(title), **more)


@transaction.atomic
def keep(row: Any, event: str, *, by: User, permission: str) -> Any:
    """Store a row that a form has checked."""
    require(by, permission)
    if hasattr(row, "touch"):
        row.touch()
    row.save()
    audit.record(event, row, by=by)
    return row
