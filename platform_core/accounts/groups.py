"""Groups and their permissions follow the roles of the tier."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission

from platform_core.common.snapshots import Snapshot

from .roles import Role, tier_roles

_rights = Snapshot("accounts.rights")


def permissions_of_roles(codes: frozenset[str]) -> frozenset[str]:
    """What holders of these roles together may do, remembered."""

    def load() -> frozenset[str]:
        rows = Permission.objects.filter(group__name__in=codes).order_by()
        names = rows.values_list("content_type__app_label", "codename")
        return frozenset(f"{app}.{code}" for app, code in names)

    return _rights.get(codes, load)


def set_permissions(group: Group, permissions: Iterable[Permission | int]) -> None:
    """Give a role these permissions, no others."""
    group.permissions.set(permissions)
    _rights.renew()


def sync_roles(roles: tuple[Role, ...] | None = None) -> int:
    """Give each role's group the permissions that its definition lists.

    Groups that an administrator made are left alone; permissions of apps that
    are not installed are skipped. How many memberships of permissions changed.
    """
    known = {
        f"{app}.{code}": pk
        for app, code, pk in Permission.objects.values_list(
            "content_type__app_label", "codename", "pk"
        )
    }
    changed = 0
    for role in tier_roles() if roles is None else roles:
        group, _made = Group.objects.get_or_create(name=role.code)
        wanted = {known[name] for name in role.permissions if name in known}
        present = set(group.permissions.values_list("pk", flat=True))
        if wanted != present:
            set_permissions(group, wanted)
            changed += len(wanted ^ present)
    return changed


def after_migrate(sender: Any, **kwargs: Any) -> None:
    """Synchronise once, when the last app has made its permissions."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if sender.label == last.label:
        sync_roles()
