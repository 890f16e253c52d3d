"""Into a table of a database: new rows are inserted, known ones changed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from django.conf import settings
from django.utils.translation import gettext as _
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from exchange.connectors import steps
from exchange.connectors.errors import BadValue, Drifted, Unreachable
from exchange.connectors.models import Source
from exchange.connectors.readers.databases import connect, reflect, said, unknown_types

from .base import Letter, Refused

Values = dict[str, Any]


def names(text: str) -> list[str]:
    """Names written with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


class DatabaseWriter:
    """Rows of one table, known by its key; all of a batch or none."""

    whole = False
    removes = True

    def __init__(self, source: Source, definition: Mapping[str, Any]) -> None:
        self.pick = definition["pick"]
        self.keys = names(self.pick["keys"])
        self.engine = connect(source, writing=True)
        try:
            self.connection = self.engine.connect()
            self.table = self._reflected()
        except SQLAlchemyError as error:
            self.close()
            raise Unreachable(said(error)) from error
        except Drifted:
            self.close()
            raise

    def _reflected(self) -> sa.Table:
        try:
            return reflect(self.engine, self.pick["table"])
        except NoSuchTableError as error:
            text = _("The target has no table: %(name)s")
            raise Drifted(text % {"name": self.pick["table"]}) from error

    def columns(self) -> list[str]:
        """The columns there are."""
        return [column.name for column in self.table.columns]

    def check(self, columns: Sequence[str]) -> None:
        gone = [name for name in columns if name not in self.table.c]
        if gone:
            text = _("The target has no column: %(names)s")
            raise Drifted(text % {"names": ", ".join(gone)})
        if set(self.keys) not in self._unique():
            text = _("The target has no unique key over: %(names)s")
            raise Drifted(text % {"names": ", ".join(self.keys)})

    def _unique(self) -> list[set[str]]:
        """The sets of columns that name a row."""
        inspector = sa.inspect(self.engine)
        name, schema = self.table.name, self.table.schema
        with unknown_types():
            constraints = inspector.get_unique_constraints(name, schema=schema)
            indexes = inspector.get_indexes(name, schema=schema)
        return [
            {column.name for column in self.table.primary_key},
            *(set(one["column_names"]) for one in constraints),
            *(
                {str(c) for c in one["column_names"]}
                for one in indexes
                if one["unique"]
            ),
        ]

    def write(self, letters: Sequence[Letter]) -> list[Refused]:
        refused: list[Refused] = []
        ready: dict[tuple[Any, ...], tuple[Letter, Values]] = {}
        for letter in letters:
            if wrong := self.unfit(letter):
                refused.append(wrong)
                continue
            values = self._values(letter.record)
            # The last one of a key is the newest.
            ready[tuple(values[name] for name in self.keys)] = (letter, values)
        return refused + self._put(list(ready.values()))

    def unfit(self, letter: Letter) -> Refused | None:
        """What the columns cannot hold of a record."""
        try:
            self._values(letter.record)
        except BadValue as error:
            field = error.fields.get("column", "")
            return Refused(letter, str(error.message), field, error.code)
        return None

    def _values(self, record: Mapping[str, Any]) -> Values:
        made = {}
        for name, value in record.items():
            try:
                made[name] = fitting(self.table.c[name], value)
            except BadValue as error:
                raise BadValue(
                    error.message, code=error.code, fields={"column": name}
                ) from error
        for name in self.keys:
            if made.get(name) is None:
                text = _("The value is missing.")
                raise BadValue(text, code="required", fields={"column": name})
        return made

    def _put(self, ready: list[tuple[Letter, Values]]) -> list[Refused]:
        """All at once; where the database refuses, one by one to find out which."""
        try:
            with self.connection.begin():
                self._store(ready)
        except SQLAlchemyError as error:
            self._raise_if_lost(error)
        else:
            return []
        refused = []
        for letter, values in ready:
            try:
                with self.connection.begin():
                    self._store([(letter, values)])
            except SQLAlchemyError as error:
                self._raise_if_lost(error)
                refused.append(Refused(letter, said(error)))
        return refused

    def _raise_if_lost(self, error: SQLAlchemyError) -> None:
        if getattr(error, "connection_invalidated", False) or self.connection.closed:
            raise Unreachable(said(error)) from error

    def _store(self, ready: list[tuple[Letter, Values]]) -> None:
        gone = [values for letter, values in ready if letter.withdrawn]
        there = [values for letter, values in ready if not letter.withdrawn]
        if there:
            statement = UPSERTS[self.engine.dialect.name](self.table, self.keys, there)
            self.connection.execute(statement, there)
        if gone:
            where = [self.table.c[n] == sa.bindparam(f"key_{n}") for n in self.keys]
            named = [{f"key_{n}": values[n] for n in self.keys} for values in gone]
            self.connection.execute(sa.delete(self.table).where(*where), named)

    def finish(self) -> None:
        """Each batch was committed by itself."""

    def close(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        self.engine.dispose()


def _changed(keys: Sequence[str], rows: Sequence[Values]) -> list[str]:
    return [name for name in rows[0] if name not in keys]


def _on_conflict(insert: Any) -> Callable[..., Any]:
    def upsert(table: sa.Table, keys: Sequence[str], rows: Sequence[Values]) -> Any:
        made, changed = insert(table), _changed(keys, rows)
        if not changed:
            return made.on_conflict_do_nothing(index_elements=list(keys))
        new = {name: made.excluded[name] for name in changed}
        return made.on_conflict_do_update(index_elements=list(keys), set_=new)

    return upsert


def _on_duplicate(table: sa.Table, keys: Sequence[str], rows: Sequence[Values]) -> Any:
    made = mysql.insert(table)
    names_set = _changed(keys, rows) or list(keys)
    return made.on_duplicate_key_update({n: made.inserted[n] for n in names_set})


UPSERTS: dict[str, Callable[..., Any]] = {
    "postgresql": _on_conflict(postgresql.insert),
    "sqlite": _on_conflict(sqlite.insert),
    "mysql": _on_duplicate,
}


def fitting(column: sa.Column, value: Any) -> Any:
    """A value as the column wants it; BadValue where it cannot be so."""
    if value is None or value == "":
        return None if value is None or not _textual(column) else value
    try:
        wanted = column.type.python_type
    except NotImplementedError:
        wanted = str
    return FITTING.get(wanted, _text)(value, column)


def _textual(column: sa.Column) -> bool:
    return isinstance(column.type, sa.String)


def _text(value: Any, column: sa.Column) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return steps.text(value)


def _whole(value: Any, column: sa.Column) -> int:
    if isinstance(value, bool):
        return int(value)
    found = steps.number(value)
    if found != found.to_integral_value():
        raise BadValue(_("A whole number is expected."), code="type")
    return int(found)


def _moment(value: Any, column: sa.Column) -> datetime:
    found = steps.moment(value)
    if getattr(column.type, "timezone", False):
        return found
    return found.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)


def _yes(value: Any, column: sa.Column) -> Any:
    return value if isinstance(value, bool) else steps.STEPS["boolean"](value, {}, {})


FITTING: dict[type, Callable[[Any, sa.Column], Any]] = {
    int: _whole,
    float: lambda value, column: float(steps.number(value)),
    Decimal: lambda value, column: steps.number(value),
    bool: _yes,
    datetime: _moment,
    date: lambda value, column: steps.moment(value).date(),
    dict: lambda value, column: value,
    list: lambda value, column: value,
}
