"""Many new rows at once; a PostgreSQL takes them as a stream.

No row becomes an object and no key comes back: that is most of what `bulk_create`
costs.
"""

import json
from collections.abc import Iterable, Sequence
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
HARMLESS = (int, UUID, datetime)


class Json(str):
    """A value of a JSON column, written out already."""

    __slots__ = ()


def columns(model: type[models.Model]) -> list[str]:
    """What a row is given in: all of the model but its key, in this order."""
    fields = model._meta.concrete_fields
    return [str(field.attname) for field in fields if not field.primary_key]


def insert(model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, their values in the order of `columns`."""
    made = list(rows)
    if connection.vendor == "postgresql" and len(made) >= FEW:
        _copy(model, made)
        return
    names = columns(model)
    objects = [model(**dict(zip(names, map(_read, row), strict=True))) for row in made]
    model._default_manager.bulk_create(objects, batch_size=CHUNK)


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, Json) else value


def _copy(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    text = "".join(["\t".join(map(_plain, row)) + "\n" for row in rows])
    quote, meta = connection.ops.quote_name, model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"COPY {quote(meta.db_table)} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(statement, StringIO(text))


def _plain(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, HARMLESS):
        return str(value)
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    text = str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if not text.isprintable():
        for mark, escaped in (("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(mark, escaped)
    return text
