"""Many new rows at once; a PostgreSQL takes them as a stream.

No row becomes an object and no key comes back: that is most of what `bulk_create`
costs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

# Below, a stream is not worth its beginning and its end.
FEW = 50
CHUNK = 500
# What never looks like anything else when written down.
HARMLESS = {int, bool, UUID, datetime}
ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


class Json(str):
    """A value of a JSON column, written out already."""

    __slots__ = ()


def columns(model: type[models.Model], *but: str) -> list[str]:
    """What a row is given in: all of the model but its key and these, in this order."""
    fields = model._meta.concrete_fields
    names = [str(field.attname) for field in fields if not field.primary_key]
    return [name for name in names if name not in but]


def insert(
    model: type[models.Model], rows: Iterable[Sequence[Any]], **same: Any
) -> None:
    """Write rows, their values in the order of `columns`.

    What is the same for all of them is given once, by its name, and left out of rows.
    """
    made = list(rows)
    if connection.vendor == "postgresql" and len(made) >= FEW:
        _copy(model, made, same)
        return
    names = columns(model, *same)
    objects = [
        model(**same, **dict(zip(names, map(_read, row), strict=True))) for row in made
    ]
    model._default_manager.bulk_create(objects, batch_size=CHUNK)


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, Json) else value


def _copy(
    model: type[models.Model], rows: Sequence[Sequence[Any]], same: Mapping[str, Any]
) -> None:
    end = "".join("\t" + _plain(value) for value in same.values()) + "\n"
    text = "".join(["\t".join(map(_plain, row)) + end for row in rows])
    quote, meta = connection.ops.quote_name, model._meta
    column = {field.attname: field.column for field in meta.concrete_fields}
    names = [*columns(model, *same), *same]
    places = ", ".join(quote(str(column[name])) for name in names)
    statement = f"COPY {quote(meta.db_table)} ({places}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(statement, StringIO(text))


def _plain(value: Any) -> str:
    """A value as COPY reads it."""
    if type(value) in HARMLESS:
        return str(value)
    if value is None:
        return "\\N"
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    text = str(value)
    for mark, escaped in ESCAPES:
        if mark in text:
            text = text.replace(mark, escaped)
    return text
