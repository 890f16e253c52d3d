"""JSON of others, read as strictly as the protocol wants it."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

UNKNOWN = "\ufffd"
# Escapes that can stand for what no database keeps: NUL and halves of characters.
RARE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
BROKEN = re.compile("[\0\ud800-\udfff]")


def parse_object(text: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8; DomainError for anything else."""
    return _read(text, lambda payload: payload)


def parse_delivery(text: bytes) -> dict[str, Any]:
    """The same, of a delivery: what is wrong inside a record is that record's fault."""
    return _read(text, _around)


def _read(text: bytes, judged: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    try:
        payload = json.loads(text, parse_constant=_no_constant)
        proper = not isinstance(payload, dict) or not RARE.search(text)
        proper = proper or not broken(judged(payload))
    except (ValueError, RecursionError) as error:
        raise DomainError(_("The body is not valid JSON."), code="format") from error
    if not isinstance(payload, dict):
        raise DomainError(_("The body is not a JSON object."), code="type")
    if not proper:
        raise DomainError(_("The body contains a null character."), code="format")
    return payload


def _around(payload: dict[str, Any]) -> list[Any]:
    """A delivery without its records."""
    groups = payload.get("groups")
    known = groups if isinstance(groups, list) else []
    known = [one for one in known if isinstance(one, dict)]
    outside = [{k: v for k, v in one.items() if k != "records"} for one in known]
    return [{k: v for k, v in payload.items() if k != "groups"}, outside]


def _no_constant(name: str) -> None:
    raise ValueError(name)


def broken(value: Any) -> bool:
    """Is there a NUL or half a character somewhere inside?"""
    if isinstance(value, str):
        return BROKEN.search(value) is not None
    if isinstance(value, dict):
        return any(broken(name) or broken(one) for name, one in value.items())
    return isinstance(value, list) and any(map(broken, value))


def clean(text: str) -> str:
    """The text as any database keeps it."""
    return BROKEN.sub(UNKNOWN, text)


def echo(value: Any) -> Any:
    """A value of others, to be told back and kept beside a reason."""
    if value is None or (isinstance(value, int | float) and abs(value) < 1 << 63):
        return value
    return clean(str(value))[:200]


def parse_answer(text: bytes) -> Any:
    """What a peer answered, as any database keeps it; ValueError for no JSON."""
    found = json.loads(text, parse_constant=_nothing, parse_float=_finite)
    return _cleaned(found) if RARE.search(text) else found


def _nothing(name: str) -> None:
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean(name): _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return clean(value) if isinstance(value, str) else value
