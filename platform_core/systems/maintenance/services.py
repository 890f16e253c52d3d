"""What administrators do that no single part does alone; each is audited."""

from collections.abc import Iterable
from typing import Any

from axes.utils import reset
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.accounts import roles as code_roles
from platform_core.accounts import services as accounts
from platform_core.accounts.groups import set_permissions
from platform_core.accounts.models import OrgUnit, Post, User
from platform_core.accounts.passwords import one_time_password
from platform_core.audit import services as audit
from platform_core.audit.chain import Fault
from platform_core.common.errors import Conflict, Forbidden

from . import policies

# People -----------------------------------------------------------------------


@transaction.atomic
def add_person(
    *,
    username: str,
    full_name: str,
    unit: OrgUnit,
    by: User,
    posts: Iterable[Post] = (),
    roles: Iterable[str] = (),
    **details: Any,
) -> tuple[User, str]:
    """Create an account; its one-time password is known to the caller only."""
    posts, roles = list(posts), set(roles)
    policies.check_duties(roles | {post.role for post in posts})
    password = one_time_password()
    user = accounts.create_user(
        username=username,
        full_name=full_name,
        password=password,
        unit=unit,
        posts=posts,
        roles=roles,
        by=by,
        **details,
    )
    return user, password


@transaction.atomic
def change_person(*, user: User, by: User, **changes: Any) -> User:
    """Change a person's record."""
    policies.check_manages(by, user)
    return accounts.change_user(user=user, by=by, **changes)


@transaction.atomic
def give_duties(
    *, user: User, posts: Iterable[Post], roles: Iterable[str], by: User
) -> User:
    """Give a person these posts and these roles beside them, no others."""
    policies.check_manages(by, user)
    posts = list(posts)
    wanted = set(roles) | {post.role for post in posts}
    policies.check_duties(wanted)
    accounts.assign_posts(user=user, posts=posts, by=by)
    return accounts.assign_roles(user=user, roles=wanted, by=by)


@transaction.atomic
def set_active(*, user: User, is_active: bool, by: User) -> User:
    """Lock an account, or open it again; opening forgives failed sign-ins."""
    policies.check_manages(by, user)
    accounts.change_user(user=user, by=by, is_active=is_active)
    if is_active:
        reset(username=user.username)
        audit.record("user.unlocked", user, by=by)
    return user


@transaction.atomic
def reset_password(*, user: User, by: User) -> str:
    """Give a new one-time password and forgive failed sign-ins."""
    policies.check_manages(by, user)
    password = one_time_password()
    accounts.set_password(user=user, password=password, by=by, temporary=True)
    reset(username=user.username)
    return password


@transaction.atomic
def set_unit_active(*, unit: OrgUnit, is_active: bool, by: User) -> OrgUnit:
    """Close an organisation that nobody belongs to any more, or open it again."""
    if not is_active:
        policies.check_may_close(unit)
    return accounts.change_unit(unit=unit, by=by, is_active=is_active)


# Roles ------------------------------------------------------------------------


def is_code_role(group: Group) -> bool:
    """Whether a role comes with the platform, so that nobody edits it here."""
    return code_roles.find_role(group.name) is not None


@transaction.atomic
def save_role(
    *,
    name: str,
    permissions: Iterable[Permission],
    by: User,
    group: Group | None = None,
) -> Group:
    """Make or change a role of this platform's own."""
    if group is not None and is_code_role(group):
        raise Forbidden(_("Roles that come with the platform are not changed here."))
    permissions = list(permissions)
    held = by.get_all_permissions()
    names = [f"{one.content_type.app_label}.{one.codename}" for one in permissions]
    if group is not None and by.groups.filter(pk=group.pk).exists():
        raise Forbidden(_("Another administrator must change a role of your own."))
    taken = Group.objects.filter(name=name).exclude(pk=group.pk if group else 0)
    if taken.exists() or code_roles.find_role(name):
        raise Conflict(
            _("There is a role of this name."),
            fields={"name": _("There is a role of this name.")},
        )
    group = group or Group()
    event = "role.changed" if group.pk else "role.created"
    group.name = name
    group.save()
    set_permissions(group, permissions)
    data = {"permissions": sorted(names), "beyond_own": sorted(set(names) - held)}
    audit.record(event, group, by=by, data=data)
    return group


@transaction.atomic
def remove_role(*, group: Group, by: User) -> None:
    """Delete an own role that nobody holds."""
    if is_code_role(group):
        raise Forbidden(_("Roles that come with the platform are not changed here."))
    if group.user_set.exists():
        raise Conflict(_("Somebody still holds this role."))
    audit.record("role.deleted", group, by=by)
    group.delete()


# The log ----------------------------------------------------------------------


def verify_log(*, by: User) -> tuple[int, Fault | None]:
    """Walk the whole audit chain, and note that it was done."""
    count, fault = audit.verify()
    audit.record(
        "audit.verified",
        by=by,
        data={"rows": count, "fault": fault.text if fault else ""},
    )
    return count, fault
