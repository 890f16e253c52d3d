"""Roles are code: each tier lists its own; groups in the database follow them."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from platform_core.tiers import CODES, current_tier, load_tier

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Role:
    """A stable code, a name for people and the permissions that come with it."""

    code: str
    name: Any
    permissions: tuple[str, ...]
    description: Any = ""


def tier_roles(tier: str | None = None) -> tuple[Role, ...]:
    """The roles of a tier, the present one without an argument."""
    manifest = load_tier(tier) if tier else current_tier()
    roles: tuple[Role, ...] = import_module(manifest.roles).ROLES
    return roles


def find_role(code: str) -> Role | None:
    """The definition behind a role's code at this tier."""
    return next((role for role in tier_roles() if role.code == code), None)


def label(code: str) -> str:
    """The name of a role for people; roles of other tiers and own ones too."""
    if code == SYSTEM:
        return str(_("System"))
    found = find_role(code)
    if found is None:
        everywhere = (role for tier in CODES for role in tier_roles(tier))
        found = next((role for role in everywhere if role.code == code), None)
    return str(found.name) if found else code
