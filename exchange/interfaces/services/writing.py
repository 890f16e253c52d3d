"""Writing many rows."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from exchange.interfaces.models import Row
from platform_core.common import bulk

NAMES = bulk.columns(Row)
NUL = "\ufffd"


def put(made: Sequence[Row]) -> None:
    """Write new rows."""
    for row in made:
        row.content = storable(row.content)
        row.key = row.key.replace("\0", NUL)
    values = (row.__dict__ for row in made)
    bulk.insert(Row, ([one[name] for name in NAMES] for one in values))


def storable(value: Any) -> Any:
    """The value as JSON in a database can hold it.

    A number that is none becomes its name, a NUL character U+FFFD; dates and
    decimals become text.
    """
    try:
        text = json.dumps(
            value, cls=DjangoJSONEncoder, allow_nan=False, ensure_ascii=False
        )
    except ValueError:
        return _cleaned(value)
    return json.loads(text) if "\\u0000" not in text else _cleaned(json.loads(text))


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {_cleaned(str(name)): _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, str):
        return value.replace("\0", NUL)
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    return value


def storable_text(value: Any, text: bytes) -> bulk.Json:
    """The same, written out; `text` is the value as JSON if that is known."""
    if not text or b"\\u0000" in text:
        return bulk.Json(json.dumps(storable(value), ensure_ascii=False))
    return bulk.Json(text.decode())
