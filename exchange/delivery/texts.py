"""JSON of others, read as strictly as the protocol wants it."""

import json
from typing import Any

import orjson
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError


def parse_object(text: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8; DomainError for anything else."""
    if b"\\u0000" in text:
        raise DomainError(_("The body contains a null character."), code="format")
    try:
        payload = _read(text)
    except (ValueError, RecursionError) as error:
        raise DomainError(_("The body is not valid JSON."), code="format") from error
    if not isinstance(payload, dict):
        raise DomainError(_("The body is not a JSON object."), code="type")
    return payload


def _read(text: bytes) -> Any:
    """The fast reader where it can: it knows no halves of characters, nor the depth."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(name)
