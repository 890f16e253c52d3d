"""One nation, one province, two cities: set up, described, stopped."""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

from scripts.supervisor import Broker, Node, enrol, port_taken

NODES = (
    ("N10000001", "国家城市运行管理服务平台", None),
    ("P37000001", "山东省城市运行管理服务平台", "N10000001"),
    ("M37020001", "青岛市城市运行管理服务平台", "P37000001"),
    ("M37080001", "济宁市城市运行管理服务平台", "P37000001"),
)
PASSWORD = os.environ.get("DEMO_PASSWORD", "City@2026run")
BROKER_OFFSET = 9


class Facts(TypedDict):
    """What federation.json says."""

    nodes: list[dict[str, str]]
    accounts: list[dict[str, str]]


def each(nodes: Iterable[Node], action: Callable[[Node], object]) -> None:
    """Do something on all nodes, two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(action, nodes))


def once(node: Node, step: str, action: Callable[[], object]) -> None:
    """Do a step of the set-up only the first time."""
    mark = node.folder / f".{step}"
    if not mark.exists():
        action()
        mark.touch()


class Federation:
    """The nodes of the demo in a folder of their own, on neighbouring ports."""

    def __init__(
        self, home: Path, port_base: int, say: Callable[[str], None] = print
    ) -> None:
        self.home, self.port_base, self.say = home, port_base, say
        home.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(
            home / "broker", port_base + BROKER_OFFSET, self._broker_password()
        )
        self.nodes = {
            code: self._node(number, code, name)
            for number, (code, name, _) in enumerate(NODES)
        }

    def _broker_password(self) -> str:
        """The password of the first start."""
        path = self.home / "broker.password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(16))
        return path.read_text()

    def _node(self, number: int, code: str, name: str) -> Node:
        extra = {"DEMO": "1", "DEMO_PASSWORD": PASSWORD, "EXCHANGE_ALLOW_PRIVATE": "1"}
        url, port = self.broker.url(number), self.port_base + number
        node = Node(code, name, port, self.home / code, url, extra)
        node.write_environment(self.home / f"{code}.env")
        return node

    @staticmethod
    def taken(port_base: int) -> list[int]:
        """Ports of a federation that something else listens on."""
        wanted = [port_base + offset for offset in (*range(len(NODES)), BROKER_OFFSET)]
        return [port for port in wanted if port_taken(port)]

    def start(self) -> Facts:
        """Bring everything up; the first time with enrolment and sample data."""
        self.broker.start()
        self.say("Preparing databases …")
        each(self.nodes.values(), lambda node: node.manage("setup_node"))
        self.say("Starting nodes …")
        for node in self.nodes.values():
            node.start()
        each(self.nodes.values(), Node.wait_ready)
        self._enrol()
        self._seed()
        return self.describe()

    def _enrol(self) -> None:
        for code, _, parent in NODES:
            if parent:
                up, me = self.nodes[parent], self.nodes[code]
                once(me, "enrolled", lambda up=up, me=me: enrol(up, me))  # type: ignore[misc]

    def _seed(self) -> None:
        fresh = [n for n in self.nodes.values() if not (n.folder / ".seeded").exists()]
        if fresh:
            self.say("Loading sample data (only the first time) …")
        # From the top down: who is below answers what has come from above.
        for tier in ("national", "provincial", "municipal"):
            below = [node for node in fresh if node.tier == tier]
            each(below, lambda n: once(n, "seeded", lambda: n.manage("seed_sample")))

    def describe(self) -> Facts:
        """Addresses and accounts; also written to federation.json."""
        accounts: list[dict[str, str]] = []
        for node in self.nodes.values():
            rows = json.loads(node.manage("demo_accounts", "--json"))
            accounts += [
                {"node": node.code, **row, "password": PASSWORD} for row in rows
            ]
        nodes = [
            {"code": n.code, "tier": n.tier, "name": n.name, "url": n.url}
            for n in self.nodes.values()
        ]
        facts = Facts(nodes=nodes, accounts=accounts)
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        (self.home / "federation.json").write_text(text)
        return facts

    def revive(self) -> None:
        """Start again what ended although nobody stopped it."""
        for node in self.nodes.values():
            for part in node.ended():
                self.say(f"{node.code}: {part} ended and is started again")
                getattr(node, f"start_{part}")()

    def stop(self) -> None:
        each(self.nodes.values(), Node.stop)
        self.broker.stop()
