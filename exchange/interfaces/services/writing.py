"""Writing many rows; a PostgreSQL takes them as a stream."""

import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from exchange.interfaces.enums import CHUNK
from exchange.interfaces.models import Row

FIELDS = [field for field in Row._meta.concrete_fields if not field.primary_key]
COLUMNS = [str(field.column) for field in FIELDS]
NAMES = [str(field.attname) for field in FIELDS]
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NUL = "\ufffd"


def put(made: Sequence[Row]) -> None:
    """Write new rows."""
    for row in made:
        row.content = storable(row.content)
        row.key = row.key.replace("\0", NUL)
    if connection.vendor != "postgresql" or len(made) < CHUNK // 10:
        Row.objects.bulk_create(made, batch_size=CHUNK)
        return
    _copy(made)


def _copy(made: Sequence[Row]) -> None:
    stream = StringIO()
    for row in made:
        values = row.__dict__
        line = "\t".join([_plain(values[name]) for name in NAMES])
        stream.write(f"{line}\n")
    stream.seek(0)
    names = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    table = connection.ops.quote_name(Row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", stream)


def _plain(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, dict):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return str(value).translate(ESCAPED)


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
