"""Interfaces of departments over HTTP."""

import pytest
from tenacity.wait import wait_none

from exchange.connectors.errors import Unreachable
from exchange.connectors.models import Reject
from exchange.connectors.readers import rest
from exchange.connectors.services import rejects, sources

from .conftest import one
from .servers import RestServer

FIELDS = [one("code", "bh"), one("name", "mc")]
ITEMS = {"items": "data.items"}
STYLES = {
    "": {"paging": "none"},
    "pages": {"paging": "page", "page_param": "p", "size_param": "size", "size": 3},
    "offset": {"paging": "offset"},
    "cursor": {"paging": "cursor"},
    "link": {"paging": "link"},
}


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(rest, "wait", wait_none())
    made = RestServer()
    yield made
    made.stop()


@pytest.fixture
def make_source(server, operator):
    def make(auth="none", secret="", **settings):
        return sources.add(
            by=operator,
            name="水务局接口",
            kind="rest",
            secret=secret,
            settings={"url": server.url, "auth": auth, **settings},
        )

    return make


@pytest.mark.parametrize("path", STYLES)
def test_every_style_of_paging(make_source, make_flow, run, landed, path):
    flow = make_flow(make_source(), {**ITEMS, **STYLES[path], "path": path}, FIELDS)
    done = run(flow)
    assert (done.state, done.read, done.landed) == ("done", 7, 7)
    assert set(landed()) == {f"P{n}" for n in range(1, 8)}


def test_only_what_is_new_is_asked_for(server, make_source, make_flow, run):
    pick = {**ITEMS, "since_param": "since"}
    flow = make_flow(make_source(), pick, FIELDS, mode="incremental", key="at")
    assert run(flow).read == 7
    assert run(flow).read == 0
    assert server.asked[-1][1] == {"since": "7"}


@pytest.mark.parametrize(
    ("auth", "settings", "header", "value"),
    [
        ("basic", {"username": "u"}, "Authorization", "Basic dTpz"),
        ("bearer", {}, "Authorization", "Bearer s"),
        ("header", {"header": "X-Key"}, "X-Key", "s"),
    ],
)
def test_ways_to_sign_in(
    server, make_source, make_flow, run, auth, settings, header, value
):
    run(make_flow(make_source(auth, "s", **settings), ITEMS, FIELDS))
    assert server.asked[0][2][header] == value


def test_passing_faults_are_tried_again(server, make_source, make_flow, run):
    server.failures = 2
    assert run(make_flow(make_source(), ITEMS, FIELDS)).landed == 7


def test_lasting_fault_is_told(server, make_source, make_flow, run):
    server.failures = 9
    done = run(make_flow(make_source(), ITEMS, FIELDS))
    assert (done.state, len(server.asked)) == ("failed", 3)
    assert "503" in done.error


@pytest.mark.parametrize("answer", [b"<html>", {"data": {}}, {"data": {"items": 5}}])
def test_other_answers_are_refused(server, make_source, make_flow, run, answer):
    server.answer = answer
    assert run(make_flow(make_source(), ITEMS, FIELDS)).state == "failed"


def test_next_page_at_another_address_is_refused(make_source, make_flow, run):
    pick = {**ITEMS, "paging": "link", "path": "elsewhere"}
    done = run(make_flow(make_source(), pick, FIELDS))
    assert done.state == "failed"


def test_own_network_is_refused_unless_it_is_allowed(make_source, operator, settings):
    source = make_source()
    settings.EXCHANGE_ALLOW_PRIVATE = False
    with pytest.raises(Exception, match="."):
        sources.test(source=source, by=operator)
    source.refresh_from_db()
    assert source.state == "failing"
    source.allow_private = True
    source.save()
    assert sources.test(source=source, by=operator) == ["data"]


def test_nobody_there(make_source, operator, server):
    source = make_source()
    server.stop()
    with pytest.raises(Unreachable):
        sources.test(source=source, by=operator)


class Failing(list):
    """What was posted; behind so many the server fails for a while."""

    def __init__(self, server, after):
        super().__init__()
        self.server, self.after = server, after

    def append(self, found):
        super().append(found)
        if len(self) == self.after:
            self.server.failures = 3


OUT = [one("bh", "code"), one("mc", "name")]
RECORDS = [{"code": f"P{n}", "name": "管"} for n in range(1, 4)]


@pytest.mark.parametrize("body", ["one", "list"])
def test_records_are_posted_with_a_key_each_counting_once(
    server, make_source, make_out, run, keep, body
):
    keep(*RECORDS)
    pick = {"path": "pipes", "body": body}
    flow = make_out(make_source("bearer", "t0ken"), pick, OUT, mode="incremental")
    server.failures = 2  # tried again
    done = run(flow)
    assert (done.state, done.landed) == ("done", 3)
    taken = [row for rows in server.keys.values() for row in rows]
    assert taken == [{"bh": f"P{n}", "mc": "管"} for n in range(1, 4)]
    assert server.asked[-1][2]["Authorization"] == "Bearer t0ken"
    run(flow, again=True)  # the same revisions: the same keys
    assert len(server.keys) == (3 if body == "one" else 1)
    keep({"code": "P1", "name": "新"})
    run(flow)
    assert len(server.keys) == (4 if body == "one" else 2)


@pytest.mark.parametrize("body", ["one", "list"])
def test_what_the_interface_refuses_is_set_aside(
    server, make_source, make_out, run, keep, operator, body
):
    keep(*RECORDS)
    server.refuses = {"P2"}
    done = run(make_out(make_source(), {"body": body}, OUT))
    assert (done.state, done.landed, done.rejected) == ("done", 2, 1)
    reject = Reject.objects.get()
    assert "no such pipe P2" in reject.reason
    server.refuses = set()
    rejects.resend(reject=reject, by=operator)
    assert {row["bh"] for _key, rows in server.posted for row in rows} == {
        "P1",
        "P2",
        "P3",
    }


def test_interface_that_breaks_off_goes_on_behind_what_it_took(
    server, make_source, make_out, run, keep
):
    keep(*RECORDS)
    flow = make_out(make_source(), {}, OUT, mode="incremental", batch_size=1)
    store = server.posted = Failing(server, after=2)
    done = run(flow)
    assert (done.state, done.landed) == ("failed", 2)
    flow.refresh_from_db()
    assert run(flow).landed == 1
    assert [rows[0]["bh"] for _key, rows in store] == ["P1", "P2", "P3"]
