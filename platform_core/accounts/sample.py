"""Sample organisations and people; each tier describes its own as plain data.

Everything made here is marked as a sample, and nothing is overwritten.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.db import transaction

from platform_core.common.models import own_node
from platform_core.tiers import current_tier

from .models import OrgUnit, Post, User
from .services import create_post, create_unit, create_user

DEFAULT_PASSWORD = "City@2026run"  # noqa: S105 - of the demo; real nodes have none


@dataclass(frozen=True, slots=True)
class SampleUnit:
    """An organisation; `parent` is the code of the one above."""

    code: str
    name: str
    kind: str
    division: str
    parent: str = ""
    short_name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A person with a post; `title` says in English what the account is for."""

    username: str
    full_name: str
    unit: str
    role: str
    title: str
    post: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """All sample organisations and people of a node."""

    units: tuple[SampleUnit, ...]
    people: tuple[SamplePerson, ...]


def described(node: str = "") -> Organisation:
    """What the tier of this process describes for a node."""
    build: Callable[[str], Organisation]
    build = import_module(current_tier().sample).organisation
    return build(node or own_node())


def sample_accounts() -> list[dict[str, str]]:
    """The sample people who exist here, with role and title."""
    present = set(
        User.objects.filter(is_sample=True).values_list("username", flat=True)
    )
    return [
        {
            "role": person.role,
            "title": person.title,
            "title_zh": person.post,
            "username": person.username,
        }
        for person in described().people
        if person.username in present
    ]


@transaction.atomic
def load() -> str:
    """Write the sample organisations and people that are missing."""
    plan = described()
    for unit in plan.units:
        if not OrgUnit.objects.filter(code=unit.code).exists():
            _make_unit(unit)
    known = set(User.objects.values_list("username", flat=True))
    missing = [person for person in plan.people if person.username not in known]
    for person in missing:
        _make_person(person)
    return f"{len(plan.units)} organisations, {len(plan.people)} people"


def _make_unit(unit: SampleUnit) -> None:
    create_unit(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        division=unit.division,
        parent=OrgUnit.objects.get(code=unit.parent) if unit.parent else None,
        phone=unit.phone,
        is_sample=True,
    )


def _make_person(person: SamplePerson) -> None:
    unit = OrgUnit.objects.get(code=person.unit)
    post = Post.objects.filter(unit=unit, name=person.post).first()
    if post is None:
        post = create_post(unit=unit, name=person.post, role=person.role)
    create_user(
        username=person.username,
        full_name=person.full_name,
        password=os.environ.get("DEMO_PASSWORD", DEFAULT_PASSWORD),
        unit=unit,
        posts=[post],
        must_change_password=False,
        is_sample=True,
    )
