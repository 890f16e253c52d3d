"""The whole federation on one machine: one nation, one province, two cities."""

import argparse
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.supervisor import ROOT, Broker, Node, enrol, port_taken

HOME = ROOT / "var" / "demo"
NODES = (
    ("N10000001", "国家城市运行管理服务平台", None),
    ("P37000001", "山东省城市运行管理服务平台", "N10000001"),
    ("M37020001", "青岛市城市运行管理服务平台", "P37000001"),
    ("M37080001", "济宁市城市运行管理服务平台", "P37000001"),
)
PASSWORD = os.environ.get("DEMO_PASSWORD", "City@2026run")
PORT_BASE = int(os.environ.get("DEMO_PORT_BASE", "8100"))


def say(text: str) -> None:
    print(text, flush=True)


def broker() -> Broker:
    """The demo's broker, with the password of its first start."""
    path = HOME / "broker" / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16))
    return Broker(HOME / "broker", PORT_BASE + 9, path.read_text())


def make_nodes(queue: Broker) -> dict[str, Node]:
    extra = {"DEMO": "1", "DEMO_PASSWORD": PASSWORD, "EXCHANGE_ALLOW_PRIVATE": "1"}
    nodes = {}
    for number, (code, name, _) in enumerate(NODES):
        url = queue.url(number)
        node = Node(code, name, PORT_BASE + number, HOME / code, url, extra)
        node.write_environment(HOME / f"{code}.env")
        nodes[code] = node
    return nodes


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


def set_up(nodes: dict[str, Node]) -> None:
    """Tables and reference data; then processes, enrolment and sample data."""
    say("Preparing databases …")
    each(nodes.values(), lambda node: node.manage("setup_node"))
    say("Starting nodes …")
    for node in nodes.values():
        node.start()
    each(nodes.values(), Node.wait_ready)
    for code, _, parent in NODES:
        if parent:
            node = nodes[code]
            once(node, "enrolled", lambda up=nodes[parent], me=node: enrol(up, me))
    if not all((node.folder / ".seeded").exists() for node in nodes.values()):
        say("Loading sample data (only the first time) …")
    each(
        nodes.values(),
        lambda node: once(node, "seeded", lambda: node.manage("seed_sample")),
    )


def describe(nodes: dict[str, Node]) -> dict[str, list[dict[str, str]]]:
    """Addresses and accounts, as written to federation.json."""
    accounts: list[dict[str, str]] = []
    for node in nodes.values():
        rows = json.loads(node.manage("demo_accounts", "--json"))
        accounts += [{"node": node.code, **row, "password": PASSWORD} for row in rows]
    return {
        "nodes": [
            {"code": n.code, "tier": n.tier, "name": n.name, "url": n.url}
            for n in nodes.values()
        ],
        "accounts": accounts,
    }


def announce(facts: dict[str, list[dict[str, str]]]) -> None:
    for node in facts["nodes"]:
        say(f"\n{node['name']}  {node['url']}  ({node['code']})")
        for account in facts["accounts"]:
            if account["node"] == node["code"]:
                say(f"    {account['username']:<12} {account['title']}")
    cities = [node for node in facts["nodes"] if node["tier"] == "municipal"]
    say(f"\nCitizens report at {cities[0]['url']}/public/")
    say(f"Password of every account: {PASSWORD}")
    say("The federation runs. Ctrl-C stops it; a second start keeps its data.")


def watch(nodes: dict[str, Node]) -> None:
    """Keep the nodes up until somebody stops the demo."""
    while True:
        time.sleep(2)
        for node in nodes.values():
            for part in node.ended():
                say(f"{node.code}: {part} ended and is started again")
                getattr(node, f"start_{part}")()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def check_ports() -> None:
    taken = [port for port in range(PORT_BASE, PORT_BASE + 4) if port_taken(port)]
    if taken or port_taken(PORT_BASE + 9):
        say(f"Port {taken[0] if taken else PORT_BASE + 9} is in use.")
        say("Set DEMO_PORT_BASE to move the ports of the demo.")
        sys.exit(1)


def run(until_ready: bool) -> None:
    check_ports()
    queue = broker()
    nodes = make_nodes(queue)
    signal.signal(signal.SIGTERM, interrupt)
    begun = time.monotonic()
    try:
        queue.start()
        set_up(nodes)
        facts = describe(nodes)
        path = HOME / "federation.json"
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
        announce(facts)
        say(f"Ready after {time.monotonic() - begun:.0f} s.")
        if not until_ready:
            watch(nodes)
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        each(nodes.values(), Node.stop)
        queue.stop()
        say("Stopped.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget all data first")
    parser.add_argument("--until-ready", action="store_true", help="start, then stop")
    options = parser.parse_args()
    if options.reset:
        shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    run(options.until_ready)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
