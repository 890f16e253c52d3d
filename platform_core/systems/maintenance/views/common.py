"""What the administrators' pages share."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from platform_core.accounts import roles as code_roles
from platform_core.ui import components
from platform_core.ui.views import Crumb


class AdminMixin:
    """What a page's own parts rely on; its user has signed in."""

    request: Any
    object: Any
    title: Any
    page_context: Any


SYSTEM = Crumb(_("Application maintenance"))


def active_badge(row: Any) -> object:
    """In use, or not."""
    if row.is_active:
        return components.status(_("Active"), "green")
    return components.status(_("Inactive"), "grey")


def role_names(groups: list[Group]) -> str:
    """Roles as text."""
    return "、".join(code_roles.label(group.name) for group in groups)
