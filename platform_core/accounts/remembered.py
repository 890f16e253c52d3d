"""Whose a token is, and who holds a role, kept in memory for a minute at most.

A token that ended, a person who was changed, a role given or taken away: every
process knows within a second, and without a word about it within a minute.
"""

from copy import copy
from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from knox.models import AuthToken

from platform_core.common.snapshots import Snapshot

from .models import OrgUnit, User
from .selectors import users_with_role

_tokens = Snapshot("accounts.tokens")
_holders = Snapshot("accounts.holders")
Owner = tuple[User, AuthToken]
SIGNED_IN = frozenset({"last_login"})  # changes nothing that is remembered


def watch() -> None:
    """Forget what is kept when people, units, roles or tokens change."""
    changes = ((AuthToken, _forget_tokens), (User, _forget), (OrgUnit, _forget))
    for model, forget in changes:
        for signal in (post_save, post_delete):
            signal.connect(forget, model, dispatch_uid=f"{__name__}.{model.__name__}")
    m2m_changed.connect(_forget, User.groups.through, dispatch_uid=__name__)


def _forget_tokens(**_about: Any) -> None:
    _tokens.renew()


def _forget(update_fields: frozenset[str] | None = None, **_about: Any) -> None:
    if update_fields != SIGNED_IN:
        _tokens.renew()
        _holders.renew()


def owner_of(digest: str) -> Owner | None:
    """The person behind a token, a copy that the request may change."""
    try:
        person, token = _tokens.get(digest, lambda: _load(digest))
    except AuthToken.DoesNotExist:  # not remembered: anybody can make these up
        return None
    return _clone(person), token


def holders(role: str, *, unit: OrgUnit | None = None) -> tuple[User, ...]:
    """The active people of a role, in a unit or below it; to read, not to change."""
    key = (role, unit.path if unit else "")
    found = users_with_role(role, unit=unit)
    return _holders.get(key, lambda: tuple({one.pk: one for one in found}.values()))


def _load(digest: str) -> Owner:
    token = AuthToken.objects.select_related("user__unit").get(digest=digest)
    _roles = token.user.role_codes  # read now, so that it is remembered with the rest
    return token.user, token


def _clone(person: User) -> User:
    made = User.__new__(User)
    made.__dict__.update(person.__dict__)
    made._state = copy(person._state)
    made._state.fields_cache = dict(person._state.fields_cache)
    return made
