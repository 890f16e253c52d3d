"""Permissions in words, and those that roles of this tier are made of."""

from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from platform_core.accounts.roles import tier_roles


@dataclass(slots=True)
class Part:
    """The permissions of one app."""

    label: str
    permissions: list[tuple[Permission, str]] = field(default_factory=list)


def offered() -> QuerySet[Permission]:
    """The permissions that the platform's own roles are made of."""
    names = {name for role in tier_roles() for name in role.permissions}
    wanted = Q(pk__in=[])
    for name in sorted(names):
        app, _dot, code = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=code)
    return (
        Permission.objects.filter(wanted)
        .select_related("content_type")
        .order_by("content_type__app_label", "codename")
    )


def label(permission: Permission) -> str:
    """What a permission allows, in the reader's language."""
    model = permission.content_type.model_class()
    if model is None:
        return permission.name
    own = dict(model._meta.permissions)
    if permission.codename in own:
        return str(own[permission.codename])
    action, _line, _model = permission.codename.partition("_")
    words = {
        "view": _("View: %(what)s"),
        "add": _("Add: %(what)s"),
        "change": _("Change: %(what)s"),
        "delete": _("Delete: %(what)s"),
    }
    text = words.get(action, "%(what)s")
    return text % {"what": model._meta.verbose_name}


def by_part(permissions: QuerySet[Permission]) -> list[Part]:
    """Permissions under the apps they belong to."""
    parts: dict[str, Part] = {}
    for one in permissions:
        code = one.content_type.app_label
        if code not in parts:
            parts[code] = Part(str(apps.get_app_config(code).verbose_name))
        parts[code].permissions.append((one, label(one)))
    return list(parts.values())
