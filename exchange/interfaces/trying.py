"""Records tried against a version of a table: everything wrong, nothing kept."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError
from platform_core.datasets import schema as schemas

from .models import TableVersion

MOST = 100


@dataclass(frozen=True, slots=True)
class Tried:
    """One record and what is wrong with it."""

    number: int
    key: str
    problems: list[schemas.Problem]


def records(text: str) -> list[dict[str, Any]]:
    """One record or a list of them as JSON; DomainError for what is neither."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise _wrong(_("This is no JSON: %(error)s") % {"error": error}) from error
    found = given if isinstance(given, list) else [given]
    if not found or not all(isinstance(one, dict) for one in found):
        raise _wrong(_("A record or a list of records is expected."))
    if len(found) > MOST:
        raise _wrong(_("At most %(count)s records at once.") % {"count": MOST})
    return found


def _wrong(text: str) -> DomainError:
    return DomainError(text, code="format", fields={"records": text})


def attempt(version: TableVersion, text: str) -> list[Tried]:
    """Each record with all that the schema of the version finds wrong."""
    checker = schemas.validator(version.schema)
    keys = [one.code for one in version.fields.all() if one.is_key]
    return [
        Tried(
            number,
            "|".join(str(one.get(name, "")) for name in keys),
            schemas.problems(checker, one),
        )
        for number, one in enumerate(records(text), 1)
    ]
