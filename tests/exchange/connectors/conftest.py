"""A table of the standard, and sources that exist on this machine."""

import sqlite3
from datetime import timedelta

import pytest

from exchange.connectors.services import flows, running, sources
from exchange.interfaces.enums import Kind, Life, Need
from exchange.interfaces.models import CodeList, Field, Row, Table, TableVersion
from exchange.interfaces.services import land
from platform_core.common.clock import now
from tests.factories.accounts import UserFactory

# code, name, abbreviation, type, what its values must be, key
FIELDS = (
    ("code", "编号", "BH", Kind.STRING, {"length": 20, "need": Need.MANDATORY}, True),
    ("name", "名称", "MC", Kind.STRING, {"length": 10}, False),
    ("state", "状态", "ZT", Kind.CODE, {"code_list": "test_state"}, False),
    ("built", "建成日期", "JCRQ", Kind.DATE, {}, False),
    ("length", "长度", "CD", Kind.DECIMAL, {"length": 8, "decimals": 2}, False),
    ("count", "数量", "SL", Kind.INTEGER, {}, False),
    ("place", "位置", "WZ", Kind.GEOMETRY, {"shape": "point"}, False),
)


@pytest.fixture
def table(db):
    """A table with one field of each kind that matters."""
    CodeList.objects.create(
        code="test_state",
        values=[{"code": "1", "name": "正常"}, {"code": "2", "name": "损坏"}],
    )
    made = Table.objects.create(
        code="test_pipe", subset="external", name="管线", direction="sideways"
    )
    version = TableVersion.objects.create(table=made, state=Life.PUBLISHED)
    for place, (code, name, short, kind, facts, is_key) in enumerate(FIELDS):
        Field.objects.create(
            version=version,
            place=place,
            code=code,
            name=name,
            abbreviation=short,
            kind=kind,
            is_key=is_key,
            **facts,
        )
    made.current = version
    made.save()
    return Table.objects.get(pk=made.pk)


@pytest.fixture
def operator(db):
    return UserFactory(is_superuser=True)


@pytest.fixture
def folder(settings, tmp_path):
    """The folder of the exchange, empty, with one for a department in it."""
    settings.EXCHANGE_FOLDER = tmp_path
    made = tmp_path / "water"
    made.mkdir()
    return made


@pytest.fixture
def file_source(folder, operator):
    return sources.add(
        by=operator,
        name="水务局文件",
        kind="files",
        settings={"place": "folder", "folder": "water"},
    )


@pytest.fixture
def database(folder):
    """A database of a department."""
    path = folder.parent / "water.db"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE pipe (id INTEGER PRIMARY KEY, bh TEXT, mc TEXT, cd REAL,"
        " changed TIMESTAMP)"
    )
    yield connection
    connection.close()


@pytest.fixture
def database_source(database, operator):
    return sources.add(
        by=operator,
        name="水务局数据库",
        kind="database",
        settings={"engine": "sqlite", "database": "water.db"},
    )


def one(to, *names, steps=(), **facts):
    """One field of a mapping."""
    return {"to": to, "from": list(names), "steps": list(steps), **facts}


@pytest.fixture
def make_flow(table, operator):
    """An active flow."""

    def make(source, pick, fields, name="管线", mode="full", **facts):
        made = flows.add(
            by=operator,
            name=name,
            source=source,
            table=table,
            definition={"pick": pick, "fields": fields, "mode": mode, **facts},
        )
        return flows.activate(flow=made, by=operator)

    return make


@pytest.fixture
def make_out(table, operator):
    """An active flow that sends."""

    def make(source, pick, fields, name="送出", mode="full", **facts):
        made = flows.add(
            by=operator,
            name=name,
            source=source,
            table=table,
            direction="out",
            definition={"pick": pick, "fields": fields, "mode": mode, **facts},
        )
        return flows.activate(flow=made, by=operator)

    return make


@pytest.fixture
def keep(table):
    """Land records of the table, as if a while ago."""

    def do(*records):
        batch = land(table=table, rows=records, source="水务局")
        batch.rows.update(landed_at=now() - timedelta(minutes=1))
        return list(batch.rows.order_by("pk"))

    return do


@pytest.fixture
def run(operator, django_capture_on_commit_callbacks):
    """Run a flow to its end, as its worker would."""

    def do(flow, **facts):
        with django_capture_on_commit_callbacks(execute=True):
            made = running.start(flow=flow, by=operator, trigger="person", **facts)
        made.refresh_from_db()
        return made

    return do


@pytest.fixture
def landed(table):
    """Contents of the rows that count, by their key."""

    def read():
        rows = Row.objects.filter(table=table, current=True)
        return {row.key: row.content for row in rows}

    return read
