"""Tables of departments' databases."""

import socket
import ssl
from datetime import datetime

import pytest

from exchange.connectors.errors import Busy
from exchange.connectors.models import Run
from exchange.connectors.readers import databases
from exchange.connectors.services import running, sources

from .conftest import one

FIELDS = [one("code", "bh"), one("name", "mc"), one("length", "cd")]


def fill(database, first, count, moment="2026-11-20 08:00:00"):
    database.executemany(
        "INSERT INTO pipe VALUES (?, ?, ?, ?, ?)",
        [(n, f"P{n:04}", "干管", 1.5, moment) for n in range(first, first + count)],
    )
    database.commit()


@pytest.mark.function("DA-11", at="connectors:source-test")
def test_test_lists_the_tables_and_notes_the_result(
    database, database_source, operator
):
    offered = sources.test(source=database_source, by=operator)
    assert offered == ["pipe"]
    database_source.refresh_from_db()
    assert database_source.state == "working"


def test_everything_is_landed_in_batches(
    database, database_source, make_flow, run, landed
):
    fill(database, 1, 250)
    flow = make_flow(database_source, {"table": "pipe"}, FIELDS, batch_size=100)
    done = run(flow)
    assert (done.state, done.read, done.landed, done.chunks) == ("done", 250, 250, 3)
    assert landed()["P0250"] == {"code": "P0250", "name": "干管", "length": 1.5}


@pytest.mark.function("DA-12", at="connectors:flow")
def test_incremental_run_reads_what_is_new_only(
    database, database_source, make_flow, run, landed
):
    fill(database, 1, 5)
    flow = make_flow(
        database_source, {"table": "pipe"}, FIELDS, mode="incremental", key="changed"
    )
    assert run(flow).landed == 5
    assert run(flow).read == 0
    # Rows of the very moment that was read last must not be lost.
    fill(database, 6, 2)
    fill(database, 8, 1, "2026-11-20 09:00:00")
    assert run(flow).read == 3
    assert len(landed()) == 8
    assert run(flow).read == 0


def test_run_from_the_start_reads_all_again(database, database_source, make_flow, run):
    fill(database, 1, 5)
    flow = make_flow(
        database_source, {"table": "pipe"}, FIELDS, mode="incremental", key="changed"
    )
    run(flow)
    assert run(flow, again=True).read == 5


def test_vanished_column_pauses_run_and_flow(database, database_source, make_flow, run):
    fill(database, 1, 3)
    flow = make_flow(database_source, {"table": "pipe"}, FIELDS)
    database.execute("ALTER TABLE pipe DROP COLUMN mc")
    database.commit()
    done = run(flow)
    flow.refresh_from_db()
    assert (done.state, flow.state, done.landed) == ("paused", "paused", 0)
    assert "mc" in done.error
    assert "mc" in flow.reason


def test_vanished_table_is_named(database, database_source, make_flow, run):
    flow = make_flow(database_source, {"table": "pipe"}, FIELDS)
    database.execute("DROP TABLE pipe")
    database.commit()
    assert "pipe" in run(flow).error


def test_moment_of_a_database_becomes_a_date(
    database, database_source, make_flow, run, landed
):
    fill(database, 1, 1, datetime(2026, 1, 2, 3, 4).isoformat(" "))
    fields = [one("code", "bh"), one("built", "changed")]
    run(make_flow(database_source, {"table": "pipe"}, fields))
    assert landed()["P0001"]["built"] == "2026-01-02"


def test_log_says_what_happened(database, database_source, make_flow, run):
    fill(database, 1, 3)
    done = run(make_flow(database_source, {"table": "pipe"}, FIELDS))
    assert [line.level for line in done.log.all()] == ["info", "info"]
    assert "3" in done.log.last().text


def test_no_second_run_while_one_is_open(database_source, make_flow, operator):
    flow = make_flow(database_source, {"table": "pipe"}, FIELDS)
    Run.objects.create(flow=flow, version=flow.current, trigger="person")
    with pytest.raises(Busy):
        running.start(flow=flow, by=operator, trigger="person")


def test_encrypted_mysql_is_asked_for_its_own_name():
    given = {"engine": "mysql", "host": "db.example", "tls": True}
    context = databases._arguments(given, "203.0.113.9")["ssl"]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    here, there = socket.socketpair()
    with there, context.wrap_socket(here, do_handshake_on_connect=False) as line:
        assert line.server_hostname == "db.example"
