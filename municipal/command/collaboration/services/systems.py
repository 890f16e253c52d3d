"""Other dispatch systems: registered, mapped, their cases taken in."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.collaboration import outbound
from municipal.command.collaboration.models import (
    DispatchSystem,
    PushedCase,
    SystemMapping,
)
from municipal.command.enums import State
from municipal.command.models import Case
from platform_core.accounts import services as accounts
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.common import clock
from platform_core.common.errors import DomainError

ROLE = "dispatch_system"


def digest(token: str) -> str:
    """How a token is kept: by its hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def register(*, system: DispatchSystem, by: User | None) -> str:
    """Keep a new system with an account of its own; gives its token, shown once."""
    if system.callback_url:
        system.callback_url = outbound.check_url(system.callback_url)
    token = secrets.token_urlsafe(32)
    system.token_hash = digest(token)
    system.callback_secret = secrets.token_hex(32)
    system.account = _account(system, by)
    system.save()
    _new_mapping(system, {}, {}, by)
    audit.record("system.registered", system, by=by)
    return token


def _account(system: DispatchSystem, by: User | None) -> User:
    name = f"system-{system.code}"
    if User.objects.filter(username=name).exists():
        text = _("There is a system with this code.")
        raise DomainError(text, fields={"code": text})
    return accounts.create_user(
        username=name,
        full_name=system.name,
        unit=by.unit if by else None,
        roles=[ROLE],
        password=secrets.token_urlsafe(32),
        by=by,
    )


@transaction.atomic
def change(*, system: DispatchSystem, by: User) -> DispatchSystem:
    """Keep changed facts about a system."""
    if system.callback_url:
        system.callback_url = outbound.check_url(system.callback_url)
    system.touch()
    system.save()
    audit.record("system.changed", system, by=by, data={"active": system.is_active})
    return system


@transaction.atomic
def new_token(*, system: DispatchSystem, by: User) -> str:
    """Give a new token; the former one is worth nothing from now on."""
    token = secrets.token_urlsafe(32)
    DispatchSystem.objects.filter(pk=system.pk).update(token_hash=digest(token))
    audit.record("system.token_renewed", system, by=by)
    return token


def by_token(token: str) -> DispatchSystem | None:
    """The system in force that a token belongs to."""
    rows = DispatchSystem.objects.filter(token_hash=digest(token), is_active=True)
    return rows.select_related("account").first()


@transaction.atomic
def map_words(
    *,
    system: DispatchSystem,
    classes: Mapping[str, str],
    states: Mapping[str, str],
    by: User,
) -> SystemMapping:
    """Publish a new version of the mapping; what is wrong is said line by line."""
    problems = {
        "classes": [
            f"{theirs} = {ours}"
            for theirs, ours in classes.items()
            if _known_class(ours) is None
        ],
        "states": [ours for ours in states if ours not in State.values],
    }
    wrong = {name: "; ".join(rows) for name, rows in problems.items() if rows}
    if wrong:
        raise DomainError(_("Some lines name nothing that we know."), fields=wrong)
    held = DispatchSystem.objects.select_for_update().get(pk=system.pk)
    made = _new_mapping(held, classes, states, by)
    audit.record("system.mapped", held, by=by, data={"version": made.version})
    return made


def _new_mapping(
    system: DispatchSystem,
    classes: Mapping[str, str],
    states: Mapping[str, str],
    by: User | None,
) -> SystemMapping:
    last = system.mappings.order_by("-version").first()
    return SystemMapping.objects.create(
        system=system,
        version=last.version + 1 if last else 1,
        classes=dict(classes),
        states=dict(states),
        by=by,
        at=clock.now(),
    )


def _known_class(text: str) -> Any:
    kind, _colon, code = text.partition(":")
    if kind not in Kind.values:
        return None
    edition = classification.default_edition()
    return classification.problem_class(kind, code, edition)


@transaction.atomic
def push(
    *, system: DispatchSystem, their_number: str, given: Mapping[str, Any]
) -> tuple[Case, bool]:
    """Take in a case of another system; its number again gives the same case."""
    DispatchSystem.objects.select_for_update().get(pk=system.pk)
    known = PushedCase.objects.filter(system=system, their_number=their_number)
    if found := known.select_related("case").first():
        return found.case, False
    kind, code = _class_of(system, str(given["class"]))
    case = command.report_case(
        source=system.source,
        class_kind=kind,
        class_code=code,
        description=given["description"],
        lon=given["lon"],
        lat=given["lat"],
        coord_sys=given.get("coord_sys", "cgcs2000"),
        address=given.get("address", ""),
        reporter=given.get("reporter", ""),
        contact=given.get("contact", ""),
        is_urgent=given.get("is_urgent", False),
    )
    PushedCase.objects.create(
        system=system,
        case=case,
        their_number=their_number,
        given=json.loads(json.dumps(dict(given), default=str)),
        at=clock.now(),
    )
    DispatchSystem.objects.filter(pk=system.pk).update(last_seen_at=clock.now())
    audit.record("system.case_pushed", case, by=system.account)
    return case, True


def _class_of(system: DispatchSystem, theirs: str) -> tuple[str, str]:
    mapping = system.mappings.order_by("-version").first()
    ours = mapping.classes.get(theirs, theirs) if mapping else theirs
    kind, colon, code = ours.partition(":")
    return (kind, code) if colon else (Kind.MATTER.value, ours)
