"""One peer of 51 hangs: how long do records for the others take? [D4] Print a table.

A real worker with its broker and its database sends one record every two seconds to
one peer; then one to each of 51, which answer at once; then one of these keeps each
call for 30 seconds. BENCH_ROUNDS says how many rounds the second and the third part
have. Needs DATABASE_URL of a PostgreSQL. With `--chart FILE` the delays of these two
are drawn as SVG.
`python -m benchmarks.hanging_peer [--chart docs/benchmarks/hanging-peer.svg]`.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles

from benchmarks import pair
from scripts.supervisor import ROOT, Broker, Node, free_port, stop

REST = 15
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "30"))
NORMAL, HANGS, END = REST, REST + ROUNDS, REST + 2 * ROUNDS
PARTS = {
    "one change at rest": range(NORMAL),
    "50 peers at once": range(NORMAL, HANGS),
    "50 and one hangs": range(HANGS, END),
}
HANG_SECONDS = 30
TARGET = 1.2
OTHERS = [f"M3702{number:02d}01" for number in range(50)]
HANGING = "M37029901"
DRAW = """
const echarts = require('echarts')
const chart = echarts.init(null, null, {renderer: 'svg', ssr: true,
  width: 900, height: 340})
chart.setOption(JSON.parse(require('fs').readFileSync(0, 'utf8')))
process.stdout.write(chart.renderToSVGString(), () => process.exit())
"""


class Peers(ThreadingHTTPServer):
    """All peers, one path each; notes when each record came in."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.delays: dict[int, list[float]] = defaultdict(list)
        self.hangs = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """One peer: takes everything, the hanging one late."""

    protocol_version = "HTTP/1.1"
    server: Peers

    def do_POST(self) -> None:
        arrived = time.time()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith("/deliveries"):
            self.send_response(204)
            self.end_headers()
            return
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        payload = json.loads(body)
        if payload["receiver"] == HANGING and self.server.hangs.is_set():
            time.sleep(HANG_SECONDS)
        results = [self.take(payload, group, arrived) for group in payload["groups"]]
        text = json.dumps({"batch": payload["batch"], "results": results}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def take(self, payload: dict, group: dict, arrived: float) -> dict:
        records = group["records"]
        if payload["receiver"] != HANGING and group["interface"] == "exchange.drill":
            for one in records:
                made = datetime.fromisoformat(one["occurred_at"]).timestamp()
                self.server.delays[one["data"]["number"]].append(arrived - made)
        return {"applied": len(records), "unchanged": 0, "rejected": []}

    def log_message(self, *args: object) -> None:
        """Nothing is logged: it would cost time."""


@contextmanager
def sender(home: Path, broker: Broker) -> Iterator[Node]:
    """A province with its worker."""
    node = Node(pair.PROVINCE, "Bench", free_port(), home / "node", broker.url(0))
    node.extra = {"EXCHANGE_ALLOW_PRIVATE": "1", "LOG_LEVEL": "ERROR"}
    node.extra["DATABASE_URL"] = pair.address(pair.PROVINCE)
    node.folder.mkdir(parents=True)
    node.manage("setup_node")
    try:
        yield node
    finally:
        stop(node.worker)


def act(environment: dict[str, str], *step: object) -> None:
    """A step of the sending platform, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.hanging_peer_node", *map(str, step)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


def measure(home: Path) -> dict[int, list[float]]:
    """Delays by round."""
    peers = Peers()
    threading.Thread(target=peers.serve_forever, daemon=True).start()
    broker = Broker(home / "broker", free_port())
    broker.start()
    try:
        with sender(home, broker) as node:
            environment = {**os.environ, **node.environment, "BENCH_PEERS": peers.url}
            act(environment, "connect")
            node.start_worker()
            time.sleep(10)
            act(environment, "send", 0, NORMAL, 1)
            act(environment, "send", NORMAL, HANGS, 51)
            peers.hangs.set()
            act(environment, "send", HANGS, END, 51)
            time.sleep(5)
    finally:
        broker.stop()
        peers.shutdown()
    return dict(peers.delays)


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def show(delays: dict[int, list[float]]) -> None:
    """The table, and whether the target is met."""
    found = {
        name: [one for number in rounds for one in delays.get(number, [])]
        for name, rounds in PARTS.items()
    }
    print(f"{'delay until sent':<20}{'records':>8}{'p50 s':>8}{'p95 s':>8}{'max s':>8}")
    for name, some in found.items():
        row = f"{median(some):>8.2f}{p95(some):>8.2f}{max(some):>8.2f}"
        print(f"{name:<20}{len(some):>8}{row}")
    _rest, normal, hanging = map(p95, found.values())
    print(f"p95 {hanging / normal:.2f} times the normal one; target {TARGET}")


def second(number: int) -> str:
    """When a round began, from the first to all peers."""
    return str(2 * (number - NORMAL))


def draw(delays: dict[int, list[float]], path: Path) -> None:
    """Median and p95 of each round, with the moment from which one peer hangs."""
    rounds = sorted(number for number in delays if number >= NORMAL)
    lines = {
        "p50": [round(median(delays[n]), 3) for n in rounds],
        "p95": [round(p95(delays[n]), 3) for n in rounds],
    }
    mark = {"symbol": "none", "data": [{"xAxis": second(HANGS), "name": "hang"}]}
    mark["label"] = {"formatter": "one of 51 peers hangs"}
    series = [
        {"name": name, "type": "line", "showSymbol": False, "data": values}
        for name, values in lines.items()
    ]
    series[0]["markLine"] = mark
    option = {
        "animation": False,
        "backgroundColor": "#fff",
        "legend": {"top": 4},
        "xAxis": {
            "type": "category",
            "name": "s",
            "data": [second(number) for number in rounds],
        },
        "yAxis": {"type": "value", "name": "delay of the others, s"},
        "series": series,
    }
    done = subprocess.run(
        ["node", "-e", DRAW],
        input=json.dumps(option).encode(),
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", type=Path)
    options = parser.parse_args()
    place = tempfile.TemporaryDirectory(prefix="platform-bench-")
    with pair.databases("migrate"), place as home:
        delays = measure(Path(home))
    show(delays)
    if options.chart:
        draw(delays, options.chart)


if __name__ == "__main__":
    main()
