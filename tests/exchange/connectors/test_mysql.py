"""A MySQL or MariaDB of a department, for real: the one that MYSQL_URL names.

Such as `MYSQL_URL=mysql://root@127.0.0.1:3306/test`; the account must be allowed to
make tables there.
"""

import os
from contextlib import closing
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pymysql
import pytest

from exchange.connectors import probing
from exchange.connectors.errors import Drifted, Unreachable
from exchange.connectors.models import Reject
from exchange.connectors.readers import databases
from exchange.connectors.services import sources

from .conftest import one

URL = os.environ.get("MYSQL_URL", "")
pytestmark = pytest.mark.skipif(
    not URL, reason="MySQL is NOT tested: no MYSQL_URL in the environment"
)
FIELDS = [
    one("code", "bh"),
    one("name", "mc"),
    one("built", "jcrq"),
    one("length", "cd"),
]


@pytest.fixture
def mysql():
    """A connection that commits at once."""
    where = urlsplit(URL)
    with closing(
        pymysql.connect(
            host=where.hostname,
            port=where.port or 3306,
            user=unquote(where.username or ""),
            password=unquote(where.password or ""),
            database=where.path.strip("/"),
            autocommit=True,
        )
    ) as connection:
        yield connection


@pytest.fixture
def do(mysql):
    """Run a statement."""

    def run(text, rows=None):
        with mysql.cursor() as cursor:
            (cursor.execute if rows is None else cursor.executemany)(text, rows)
            return cursor.fetchall()

    return run


@pytest.fixture
def pipe(do):
    """A table with columns of most kinds, gone again afterwards."""
    name = f"pipe_{uuid4().hex[:12]}"
    do(
        f"CREATE TABLE {name} (id BIGINT PRIMARY KEY AUTO_INCREMENT, bh VARCHAR(20)"
        " NOT NULL UNIQUE, mc VARCHAR(40), cd DECIMAL(8,2), jcrq DATE, ok TINYINT(1),"
        " changed DATETIME(6), spent TIME, deep DOUBLE, facts JSON, place POINT,"
        " raw BLOB, KEY (changed)) CHARACTER SET utf8mb4"
    )
    yield name
    do(f"DROP TABLE IF EXISTS {name}")


@pytest.fixture
def mysql_source(operator):
    where = urlsplit(URL)
    return sources.add(
        by=operator,
        name="水务局MySQL",
        kind="database",
        secret=unquote(where.password or ""),
        settings={
            "engine": "mysql",
            "host": where.hostname,
            "port": where.port or 3306,
            "database": where.path.strip("/"),
            "username": unquote(where.username or ""),
        },
        allow_private=True,
    )


def fill(do, pipe, first, count, moment="2026-11-20 08:00:00.123456"):
    do(
        f"INSERT INTO {pipe} (bh, mc, cd, jcrq, ok, changed) VALUES"
        " (%s, %s, %s, %s, 1, %s)",
        [
            (f"P{n:05}", "干管𠮷", "1.50", "2026-01-02", moment)
            for n in range(first, first + count)
        ],
    )


@pytest.mark.function("DA-11", at="connectors:source-test")
def test_tables_and_views_are_offered(do, pipe, mysql_source, operator):
    do(f"CREATE VIEW {pipe}_v AS SELECT bh FROM {pipe}")
    try:
        offered = sources.test(source=mysql_source, by=operator)
    finally:
        do(f"DROP VIEW {pipe}_v")
    assert {pipe, f"{pipe}_v"} <= set(offered)


def test_rows_land_with_their_characters_and_types(
    do, pipe, mysql_source, make_flow, run, landed
):
    fill(do, pipe, 1, 250)
    done = run(make_flow(mysql_source, {"table": pipe}, FIELDS, batch_size=100))
    assert (done.state, done.read, done.landed, done.chunks) == ("done", 250, 250, 3)
    assert landed()["P00250"] == {
        "code": "P00250",
        "name": "干管𠮷",
        "built": "2026-01-02",
        "length": 1.5,
    }


@pytest.mark.function("DA-12", at="connectors:flow")
def test_only_what_is_new_is_read(do, pipe, mysql_source, make_flow, run, landed):
    fill(do, pipe, 1, 5)
    flow = make_flow(
        mysql_source, {"table": pipe}, FIELDS, mode="incremental", key="changed"
    )
    assert run(flow).landed == 5
    assert run(flow).read == 0
    fill(do, pipe, 6, 2)  # the very moment that was read last
    fill(do, pipe, 8, 1, "2026-11-20 08:00:00.123457")
    assert run(flow).read == 3
    assert len(landed()) == 8


def test_values_of_every_kind_can_be_looked_at(do, pipe, mysql_source):
    do("SET SESSION sql_mode = ''")
    do(
        f"INSERT INTO {pipe} (bh, jcrq, changed, spent, deep, facts, place, raw)"
        " VALUES ('P1', '0000-00-00', '0000-00-00 00:00:00', '-100:00:01',"
        " 0.1234567890123, '{\"a\": 1}', POINT(1, 2), x'ff00')"
    )
    found = probing.sample(mysql_source, {"table": pipe})
    row = found.items[0].row
    assert (row["bh"], row["raw"]) == ("P1", "ff00")
    assert (row["spent"], row["deep"]) == ("-100:00:01", 0.1234567890123)


def test_date_that_is_none_sets_its_row_aside(
    do, pipe, mysql_source, make_flow, run, landed
):
    fill(do, pipe, 1, 1)
    do("SET SESSION sql_mode = ''")
    do(f"INSERT INTO {pipe} (bh, jcrq) VALUES ('P00002', '0000-00-00')")
    done = run(make_flow(mysql_source, {"table": pipe}, FIELDS))
    assert (done.state, done.landed, done.rejected) == ("done", 1, 1)
    assert Reject.objects.get().field == "built"


def sent(do):
    """Bytes that the server has sent to anybody."""
    ((_name, value),) = do("SHOW GLOBAL STATUS LIKE 'Bytes_sent'")
    return int(value)


def test_look_at_a_large_table_does_not_fetch_it(do, mysql_source):
    name = f"large_{uuid4().hex[:12]}"
    do(f"CREATE TABLE {name} (id INT PRIMARY KEY AUTO_INCREMENT, x VARCHAR(200))")
    try:
        do(f"INSERT INTO {name} (x) VALUES (REPEAT('x', 150))")
        for _doubling in range(18):
            do(f"INSERT INTO {name} (x) SELECT x FROM {name}")
        before = sent(do)
        found = probing.sample(mysql_source, {"table": name})
        fetched = sent(do) - before
    finally:
        do(f"DROP TABLE {name}")
    assert len(found.items) == 20
    assert fetched < 20_000_000  # of forty million


def test_what_is_wrong_is_said(do, pipe, mysql_source):
    with pytest.raises(Drifted, match="nothing_here"):
        databases.DatabaseReader(
            mysql_source, {"pick": {"table": "nothing_here"}}, frozenset()
        )
    mysql_source.settings["username"] = "nobody"
    with pytest.raises(Unreachable, match="^Access denied"):
        databases.tables(mysql_source)
    mysql_source.settings["port"] = 9
    with pytest.raises(Unreachable, match="^Can't connect"):
        databases.tables(mysql_source)


def test_rows_are_written_and_changed(do, pipe, mysql_source, make_out, run, keep):
    keep(
        {"code": "P1", "name": "干管𠮷", "built": "2026-01-02", "length": 1.5},
        {"code": "P2", "name": "x" * 41},
    )
    fields = [one("bh", "code"), one("mc", "name")]
    fields += [one("jcrq", "built"), one("cd", "length")]
    fields += [one("changed", "_landed_at")]
    pick = {"table": pipe, "keys": "bh"}
    flow = make_out(mysql_source, pick, fields, mode="incremental")
    done = run(flow)
    assert (done.state, done.landed, done.rejected) == ("done", 1, 1)
    assert "Data too long" in Reject.objects.get().reason
    keep({"code": "P1", "name": "新"})
    assert run(flow).landed == 1
    assert do(f"SELECT bh, mc, cd FROM {pipe}") == (("P1", "新", None),)
