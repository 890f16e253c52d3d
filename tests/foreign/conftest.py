"""Two cities of others below the demo's province, and the people of the province."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from scripts.federation import Federation
from tests.journeys.desk import eventually, rows

from .client import Client
from .digests import Record
from .node import Node, moment
from .office import Office, at_work
from .server import serving

PROVINCE, NATION = "P37000001", "N10000001"
FIGURES = "monitoring.indicator_value"
STATUS = "/exchange/status/peers/"
KEYS = "select node from delivery_nodekey"
PEERS = "select code from delivery_peer"


def local(minutes: int = 0) -> datetime:
    """The province's clock on the wall."""
    return datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=minutes)


def title() -> str:
    """A title that no other task has."""
    return f"排查整治 {uuid4().hex[:8]}"


def record(data: dict, revision: int = 1, uid: str = "") -> Record:
    """A record of whatever contract."""
    return {
        "uid": uid or str(uuid4()),
        "revision": revision,
        "op": "upsert",
        "occurred_at": moment().isoformat(),
        "data": data,
    }


def figure(division: str, value: float, **more) -> Record:
    """A figure of `monitoring.indicator_value`, told apart by its period."""
    data = {"indicator": "cases.closed", "division": division, "value": value}
    data |= {
        "period": f"{local():%Y-%m-%d}",
        "unit": "case",
        "measured_at": moment().isoformat(),
    }
    return record(data | more.pop("data", {}), **more)


@pytest.fixture(scope="session")
def database(federation: Federation) -> Callable[..., list[tuple]]:
    """Read one of our databases from the side."""

    def read(code: str, query: str, *values: object) -> list[tuple]:
        path = federation.nodes[code].folder / "db.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    return read


@pytest.fixture(scope="session")
def offices(federation: Federation) -> Iterator[Callable[[str], Office]]:
    """People of the province at their pages."""
    with ExitStack() as stack:
        made: dict[str, Office] = {}

        def sit(name: str) -> Office:
            if name not in made:
                url = federation.nodes[PROVINCE].url
                made[name] = stack.enter_context(at_work(url, name))
            return made[name]

        yield sit


@pytest.fixture(scope="session")
def newcomer(
    federation, database, offices
) -> Iterator[Callable[[str, str, str], Client]]:
    """Make a platform with a server and a client; it leaves when all is done."""
    with ExitStack() as stack:
        made: list[str] = []

        def make(prefix: str, name: str, alg: str) -> Client:
            taken = {code for (code,) in database(PROVINCE, PEERS)}
            codes = (f"{prefix}{number:02}" for number in range(1, 100))
            node = Node(next(code for code in codes if code not in taken), name, alg)
            stack.enter_context(serving(node))
            client = Client(node, federation.nodes[PROVINCE].url)
            stack.callback(client.close)
            made.append(node.code)
            return client

        yield make
        for code in made:
            terms = {"state": "disabled", "reason": "test over"}
            offices("admin").submit(f"{STATUS}{code}/state/", **terms)


def registered(admin: Office, node: Node) -> None:
    """Enter a child on the page of the connections."""
    facts = {"code": node.code, "name": node.name, "url": node.url}
    admin.submit(f"{STATUS}add/", tier="municipal", **facts)


@pytest.fixture(scope="session")
def weihai(federation: Federation, newcomer, offices) -> Client:
    """A city with an Ed25519 key, invited on the command line."""
    client = newcomer("M371000", "威海市城市运行管理服务平台", "ed25519")
    registered(offices("admin"), client.node)
    manage = federation.nodes[PROVINCE].manage
    client.token = manage("exchange_peer", "invite", client.node.code).split()[-1]
    client.enrol(client.token)
    client.learn_interfaces()
    return client


@pytest.fixture(scope="session")
def rizhao(newcomer, offices) -> Client:
    """A city with an SM2 key, invited on the pages."""
    pytest.importorskip("gmssl")
    client = newcomer("M371100", "日照市城市运行管理服务平台", "sm2-sm3")
    admin = offices("admin")
    registered(admin, client.node)
    page = admin.submit(f"{STATUS}{client.node.code}/invite/")
    token = re.search(r"\b[0-9a-f]{48}\b", page)
    assert token is not None
    client.enrol(token[0])
    client.learn_interfaces()
    return client


@pytest.fixture
def read(desk) -> Callable[[str, Record], tuple[float, int] | None]:
    """Value and revision of a figure as one of our platforms has it, if it has."""

    def known(code: str, one: Record) -> tuple[float, int] | None:
        terms = {name: one["data"][name] for name in ("indicator", "division")}
        terms |= dict.fromkeys(("period_from", "period_to"), one["data"]["period"])
        found = rows(desk(code, "clerk").get("indicator-values", **terms))
        every = {row["uid"]: (row["value"], row["revision"]) for row in found}
        return every.get(one["uid"])

    return known


@pytest.fixture
def issue(desk) -> Callable[..., str]:
    """Issue a task to a platform, as the province's clerk and leader do."""

    def give(receiver: str, title: str, **more) -> str:
        clerk, leader = desk(PROVINCE, "clerk"), desk(PROVINCE, "leader")
        terms = {"content": "排查并整改。", "category": "special_action"} | more
        deadline = (moment() + timedelta(days=30)).isoformat()
        task = clerk.post(
            "tasks",
            title=title,
            deadline=deadline,
            targets=[{"node": receiver}],
            **terms,
        )
        path = f"tasks/{task['uid']}/actions"
        clerk.post(f"{path}/submit")
        leader.post(f"{path}/approve")
        return title

    return give


def arrived(client: Client, title: str) -> Record:
    """The task of this title, once the province has delivered it."""
    shelf = client.node.shelf("held", "supervision.task", PROVINCE)

    def found() -> Record | None:
        every = list(shelf.records.values())
        return next((one for one in every if one["data"]["title"] == title), None)

    return eventually(found)


def feedback(task: Record, kind: str, **more) -> Record:
    """A `supervision.feedback` on a task of the province."""
    data = {
        "task": {"origin": PROVINCE, "uid": task["uid"]},
        "kind": kind,
        "content": "已签收",
        "by": {"unit": "市城市管理局"},
        "made_at": moment().isoformat(),
        "attachments": [],
    }
    return record(data | more)


@pytest.fixture(scope="session")
def below(database) -> Callable[[str], Node]:
    """Make a county of a division that no platform has heard of yet."""

    def make(division: str) -> Node:
        known = {code for (code,) in database(PROVINCE, KEYS)} | made
        codes = (f"C{division}{number:02}" for number in range(1, 100))
        node = Node(next(code for code in codes if code not in known), division)
        made.add(node.code)
        return node

    made: set[str] = set()
    return make
