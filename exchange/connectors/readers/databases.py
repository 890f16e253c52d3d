"""Tables and views of databases, by a cursor that stays at the server."""

import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

import sqlalchemy as sa
from django.utils.translation import gettext as _
from pymysql.err import MySQLError
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import NoSuchTableError, SAWarning, SQLAlchemyError

from exchange.connectors import places
from exchange.connectors.enums import Mode
from exchange.connectors.errors import Drifted, Unreachable, Unreadable
from exchange.connectors.models import Source

from .base import Began, Ended, Event, Item, Position

DRIVERS = {"postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql"}
PORTS = {"postgresql": 5432, "mysql": 3306}
BUFFER = 1_000
# Seconds that one answer of a MySQL server may take.
SILENCE = 600
KINDS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
}


def connect(source: Source, *, writing: bool = False) -> sa.Engine:
    """An engine for the source; nothing is connected to yet."""
    given = source.settings
    if given["engine"] == "sqlite":
        path = places.inside(given["database"])
        if not path.is_file():
            raise Unreachable(_("There is no such file: %(name)s") % {"name": path})
        mode = "rw" if writing else "ro"
        return sa.create_engine(
            f"sqlite:///file:{path}?mode={mode}&uri=true", poolclass=sa.pool.NullPool
        )
    port = given.get("port") or PORTS[given["engine"]]
    host = given.get("host") or ""
    judged = places.address(host, port, private=source.allow_private)
    url = sa.URL.create(
        DRIVERS[given["engine"]],
        username=given.get("username") or None,
        password=source.secret or None,
        host=host if given["engine"] == "postgresql" else judged,
        port=port,
        database=given["database"],
    )
    return sa.create_engine(
        url, connect_args=_arguments(given, judged), poolclass=sa.pool.NullPool
    )


class NamedContext(ssl.SSLContext):
    """Verifies the name that was asked for, while the judged address is called."""

    host: str

    def __new__(cls, host: str) -> Self:
        made = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        made.host = host
        made.load_default_certs()
        return made

    def wrap_socket(self, sock: Any, *args: Any, **options: Any) -> Any:
        return super().wrap_socket(
            sock, *args, **{**options, "server_hostname": self.host}
        )


def _arguments(given: Mapping[str, Any], judged: str) -> dict[str, Any]:
    """Time limits, encryption, and the address that was judged."""
    found: dict[str, Any] = {"connect_timeout": places.SECONDS}
    if given["engine"] == "postgresql":
        if judged != given.get("host"):
            found["hostaddr"] = judged
        if given.get("tls"):
            found["sslmode"] = "verify-full"
        return found
    if given["engine"] == "mysql":
        # A slow batch of ours must not make the server give up, nor a silent server
        # hold us for ever.
        found |= {"read_timeout": SILENCE, "write_timeout": SILENCE}
        found["init_command"] = f"SET SESSION net_write_timeout = {SILENCE}"
    if given.get("tls"):
        found["ssl"] = NamedContext(given["host"])
    return found


def tables(source: Source) -> list[str]:
    """Names of the tables and views that the account may see."""
    engine = connect(source)
    try:
        inspector = sa.inspect(engine)
        names = inspector.get_table_names() + inspector.get_view_names()
    except SQLAlchemyError as error:
        raise Unreachable(said(error)) from error
    finally:
        engine.dispose()
    return sorted(names)


@contextmanager
def unknown_types() -> Iterator[None]:
    """A geometry has no type here; its values come and go as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def reflect(engine: sa.Engine, named: str) -> sa.Table:
    """A table or view as it is there, with its schema before a dot or without."""
    schema, _dot, name = named.rpartition(".")
    with unknown_types():
        return sa.Table(
            name, sa.MetaData(), schema=schema or None, autoload_with=engine
        )


def said(error: Exception) -> str:
    """What the database said, without the statement."""
    original = getattr(error, "orig", None) or error
    words = original.args[-1] if isinstance(original, MySQLError) else original
    return str(words).strip().splitlines()[0][:300]


class DatabaseReader:
    """Rows of one table or view, in the order of a key where there is one."""

    def __init__(
        self, source: Source, definition: Mapping[str, Any], seen: frozenset[str]
    ) -> None:
        self.pick = definition["pick"]
        self.incremental = definition.get("mode") == Mode.INCREMENTAL
        self.key = definition.get("key", "")
        # For a look: some servers send all rows whether they are read or not.
        self.limit: int | None = definition.get("limit")
        self.engine = connect(source)
        try:
            self.connection = self.engine.connect()
            self.table = self._reflected()
        except SQLAlchemyError as error:
            self.close()
            raise Unreachable(said(error)) from error
        except Drifted:
            self.close()
            raise
        self.order = self._order()

    def _reflected(self) -> sa.Table:
        try:
            found = reflect(self.engine, self.pick["table"])
        except NoSuchTableError as error:
            text = _("The source no longer has the table: %(name)s")
            raise Drifted(text % {"name": self.pick["table"]}) from error
        if self.engine.dialect.name == "sqlite":
            _keep_texts(found)
        elif self.engine.dialect.name == "mysql":
            _keep_plain(found)
        return found

    def _order(self) -> sa.Column | None:
        if self.incremental:
            if self.key not in self.table.c:
                self.close()
                text = _("The source no longer has the column: %(names)s")
                raise Drifted(text % {"names": self.key})
            found: sa.Column = self.table.c[self.key]
            return found
        keys = list(self.table.primary_key)
        return keys[0] if len(keys) == 1 else None

    def columns(self) -> list[str]:
        return [column.name for column in self.table.columns]

    def total(self) -> int:
        """How many rows there are."""
        count = sa.select(sa.func.count()).select_from(self.table)
        return int(self.connection.execute(count).scalar_one())

    def items(self, position: Position) -> Iterator[Event]:
        yield Began(self.columns())
        try:
            yield from self._items(position)
        except SQLAlchemyError as error:
            raise Unreadable(said(error)) from error

    def _items(self, position: Position) -> Iterator[Item]:
        line, same = position.get("row", 0), position.get("same", 0)
        last = position.get("key")
        streamed = self.connection.execution_options(
            stream_results=True, max_row_buffer=BUFFER
        )
        query = self._query(position).limit(self.limit)
        for row in streamed.execute(query).mappings():
            line += 1
            made = {name: _value(value) for name, value in row.items()}
            here: Position = {"row": line}
            if self.order is not None:
                key = _tagged(made[self.order.name])
                same = same + 1 if key == last else 1
                last = key
                here |= {"key": key, "same": same}
            yield Item(made, line, here)

    def _query(self, position: Position) -> sa.Select:
        query = sa.select(self.table)
        if self.order is None:
            return query.offset(position["row"]) if position.get("row") else query
        if self.incremental:
            query = query.where(self.order.is_not(None))
        keys = [one for one in self.table.primary_key if one is not self.order]
        query = query.order_by(self.order, *keys)
        if position.get("key") is None:
            return query
        value = _untagged(position["key"])
        # Rows of the same key that were read already come first.
        return query.where(self.order >= value).offset(position.get("same", 0))

    def settle(self, ended: Ended) -> None:
        """There are no files here."""

    def close(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        self.engine.dispose()


def _keep_texts(table: sa.Table) -> None:
    """SQLite holds moments as texts of any precision: they compare as texts only."""
    for column in table.columns:
        if isinstance(column.type, sa.DateTime | sa.Date | sa.Time):
            column.type = sa.String()


def _keep_plain(table: sa.Table) -> None:
    """The library would cut long durations to a day, and doubles to ten decimals."""
    for column in table.columns:
        if isinstance(column.type, mysql.TIME):
            column.type = sa.types.NullType()
        elif isinstance(column.type, mysql.DOUBLE):
            column.type = sa.Float()


def _duration(value: timedelta) -> str:
    """Hours, minutes and seconds, however many hours."""
    minutes, seconds = divmod(abs(value).total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:09.6f}".removesuffix(".000000")


def _value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _tagged(value: Any) -> Any:
    """A key as JSON keeps it."""
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    return ["", value if isinstance(value, int | float) else str(value)]


def _untagged(kept: Any) -> Any:
    kind, value = kept
    return KINDS[kind](value) if kind else value
