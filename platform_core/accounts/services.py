"""Writes to people, organisations, posts and grants; each one is audited."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm
from knox.models import AuthToken

from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.regions.models import Division

from .models import OrgUnit, Post, User

UNIT_FIELDS = {"name", "short_name", "kind", "credit_code", "phone", "is_active"}
USER_FIELDS = {"full_name", "phone", "employee_no", "email", "unit", "is_active"}


def _clean(obj: models.Model) -> None:
    """Run the model's own checks; their messages become field errors."""
    try:
        obj.full_clean(exclude=["password", "path"])
    except ValidationError as error:
        raise DomainError(
            _("Please correct the marked fields."), fields=error.message_dict
        ) from error


def _named(obj: models.Model, changes: dict[str, Any], allowed: set[str]) -> set[str]:
    """Set what differs and may be set; the names of what changed."""
    unknown = set(changes) - allowed
    if unknown:
        raise DomainError(
            _("These fields cannot be changed here."),
            fields=dict.fromkeys(sorted(unknown), ""),
        )
    changed = {name for name, value in changes.items() if getattr(obj, name) != value}
    for name in changed:
        setattr(obj, name, changes[name])
    return changed


# Organisations ----------------------------------------------------------------


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: str,
    division: Division | str,
    parent: OrgUnit | None = None,
    short_name: str = "",
    credit_code: str = "",
    phone: str = "",
    is_sample: bool = False,
    by: User | None = None,
) -> OrgUnit:
    """Add an organisation below its parent."""
    unit = OrgUnit(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        division_id=division.pk if isinstance(division, Division) else division,
        parent=parent,
        credit_code=credit_code,
        phone=phone,
        is_sample=is_sample,
    )
    _clean(unit)
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    audit.record("unit.created", unit, by=by, data={"code": code, "name": name})
    return unit


@transaction.atomic
def change_unit(*, unit: OrgUnit, by: User | None, **changes: Any) -> OrgUnit:
    """Change what is known about an organisation."""
    changed = _named(unit, changes, UNIT_FIELDS)
    if changed:
        _clean(unit)
        unit.touch()
        unit.save()
        data = {name: getattr(unit, name) for name in sorted(changed)}
        audit.record("unit.changed", unit, by=by, data=data)
    return unit


@transaction.atomic
def move_unit(*, unit: OrgUnit, parent: OrgUnit | None, by: User | None) -> OrgUnit:
    """Hang an organisation and all below it under another one."""
    unit = OrgUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    above = OrgUnit.objects.get(pk=parent.pk) if parent else None
    if above is not None and above.path.startswith(unit.path):
        raise Conflict(_("An organisation cannot be moved below itself."))
    before = unit.path
    path = f"{above.path if above else '/'}{unit.pk}/"
    OrgUnit.objects.filter(path__startswith=before).update(
        path=Concat(Value(path), Substr(F("path"), len(before) + 1))
    )
    unit.parent, unit.path = above, path
    unit.touch()
    unit.save(update_fields=["parent", "path", "updated_at"])
    audit.record("unit.moved", unit, by=by, data={"from": before, "to": path})
    return unit


@transaction.atomic
def create_post(*, unit: OrgUnit, name: str, role: str, by: User | None = None) -> Post:
    """Add a position to an organisation."""
    post = Post(unit=unit, name=name, role=role)
    _clean(post)
    post.save()
    audit.record("post.created", post, by=by, data={"role": role})
    return post


# People -----------------------------------------------------------------------


@transaction.atomic
def create_user(
    *,
    username: str,
    full_name: str,
    password: str | None = None,
    unit: OrgUnit | None = None,
    posts: Iterable[Post] = (),
    roles: Iterable[str] = (),
    by: User | None = None,
    must_change_password: bool = True,
    **details: Any,
) -> User:
    """Add a person; roles come directly and from posts."""
    user = User(
        username=username,
        full_name=full_name,
        unit=unit,
        must_change_password=must_change_password,
        **details,
    )
    _clean(user)
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    audit.record("user.created", user, by=by, data={"username": username})
    if roles := list(roles):
        assign_roles(user=user, roles=roles, by=by)
    if posts := list(posts):
        assign_posts(user=user, posts=posts, by=by)
    return user


@transaction.atomic
def change_user(*, user: User, by: User | None, **changes: Any) -> User:
    """Change a person's record; one who leaves loses tokens at once."""
    changed = _named(user, changes, USER_FIELDS)
    if changed:
        _clean(user)
        user.save()
        if not user.is_active:
            AuthToken.objects.filter(user=user).delete()
        data = {name: str(getattr(user, name) or "") for name in sorted(changed)}
        audit.record("user.changed", user, by=by, data=data)
    return user


@transaction.atomic
def assign_posts(*, user: User, posts: Iterable[Post], by: User | None = None) -> User:
    """Give a person these posts, no others; roles follow the posts."""
    before, wanted = list(user.posts.all()), list(posts)
    lost = {post.role for post in before} - {post.role for post in wanted}
    kept = set(user.groups.values_list("name", flat=True)) - lost
    user.posts.set(wanted)
    names = [str(post) for post in wanted]
    audit.record("user.posts_assigned", user, by=by, data={"posts": names})
    return assign_roles(user=user, roles=kept | {post.role for post in wanted}, by=by)


@transaction.atomic
def assign_roles(*, user: User, roles: Iterable[str], by: User | None = None) -> User:
    """Give a person these roles, no others; effective with the next request."""
    wanted = set(roles)
    groups = list(Group.objects.filter(name__in=wanted))
    unknown = wanted - {group.name for group in groups}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise DomainError(
            _("Unknown role: %(names)s") % {"names": names}, fields={"roles": names}
        )
    before = set(user.groups.values_list("name", flat=True))
    if before != wanted:
        user.groups.set(groups)
        data = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
        audit.record("user.roles_assigned", user, by=by, data=data)
    _forget_rights(user)
    return user


def _forget_rights(user: User) -> None:
    """Drop what this instance remembers about roles and permissions."""
    for name in ("role_codes", "role_permissions"):
        user.__dict__.pop(name, None)


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(
            _("This password is not safe enough."), fields={"password": error.messages}
        ) from error


@transaction.atomic
def set_password(
    *, user: User, password: str, by: User | None, temporary: bool = False
) -> User:
    """Set a password by the rules; ends tokens and sessions signed in with the old.

    A temporary one, given by an administrator, must be changed at sign-in.
    """
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = temporary
    user.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=user).delete()
    audit.record("user.password_set", user, by=by, data={"temporary": temporary})
    return user


def change_own_password(*, user: User, old: str, password: str) -> User:
    """Change a password after proof of the present one."""
    if not user.check_password(old):
        audit.record("user.password_refused", user, by=user)
        raise DomainError(
            _("The present password is wrong."),
            fields={"old": _("The present password is wrong.")},
        )
    if old == password:
        text = _("The new password must differ from the present one.")
        raise DomainError(text, fields={"password": text})
    return set_password(user=user, password=password, by=user)


@transaction.atomic
def change_profile(*, user: User, by: User, phone: str, email: str) -> User:
    """What people may change about themselves."""
    return change_user(user=user, by=by, phone=phone, email=email)


def set_language(*, user: User, language: str) -> User:
    """Remember the language of the pages with the person."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    return user


# Tokens -----------------------------------------------------------------------


@transaction.atomic
def issue_token(*, user: User, address: str = "") -> tuple[AuthToken, str]:
    """A new token for a program of this person; only its hash is stored."""
    issued, token = AuthToken.objects.create(user)
    audit.record("token.issued", user, by=user, data={"address": address})
    return issued, token


@transaction.atomic
def revoke_token(*, token: AuthToken, by: User) -> None:
    """End one token."""
    owner = token.user
    token.delete()
    audit.record("token.revoked", owner, by=by)


def tidy() -> int:
    """Drop what has ended: sessions, tokens, failed attempts a day old; how many."""
    moment = now()
    ended = (
        Session.objects.filter(expire_date__lt=moment),
        AuthToken.objects.filter(expiry__lt=moment),
        AccessAttempt.objects.filter(attempt_time__lt=moment - timedelta(days=1)),
    )
    return sum(rows.delete()[0] for rows in ended)


# Grants on single objects -----------------------------------------------------


@transaction.atomic
def grant(user: User, perm: str, obj: models.Model, *, by: User | None = None) -> None:
    """Give a person one permission on one object."""
    assign_perm(perm, user, obj)
    data = {"permission": perm, "user": user.username}
    audit.record("grant.given", obj, by=by, data=data)


@transaction.atomic
def revoke(user: User, perm: str, obj: models.Model, *, by: User | None = None) -> None:
    """Take back one permission on one object."""
    remove_perm(perm, user, obj)
    data = {"permission": perm, "user": user.username}
    audit.record("grant.revoked", obj, by=by, data=data)
