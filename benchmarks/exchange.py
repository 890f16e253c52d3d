"""Records of 1 KB from a city to its province, sealed and verified. [P4] Print a table.

The records lie in the outbox as announced; measured is from there until the province
has them in its landing area and the city has the answer, once pushed and once pulled.
Needs DATABASE_URL of a PostgreSQL; BENCH_SIZES="100000 1000000" chooses the backlogs.
`python -m benchmarks.exchange`.
"""

import json
import math
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import pair

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "100000 1000000").split()]
SOURCE, HOLDER = pair.CITY, pair.PROVINCE
TARGET, MOST_MB = 6_000, 300
NODE = "benchmarks.exchange_node"
WAYS = ("push", "pull")


@dataclass(frozen=True)
class Found:
    """One backlog on one way, and what each process took.

    Memory at half time and at last; processor seconds there and in the database.
    """

    seconds: float
    memory: dict[str, list[float]]
    cost: dict[str, list[float]]


def workers(process: "subprocess.Popen[bytes]") -> list[int]:
    """The workers of a web server."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def resident(pid: int) -> float:
    """Megabytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def served_for(process: "subprocess.Popen[bytes]", code: str) -> list[float]:
    """Processor seconds of the workers and of their database sessions."""
    both = (workers(process), pair.sessions(code))
    return [sum(map(pair.spent, pids)) for pids in both]


def measure(way: str, size: int) -> Found:
    """Fill the city's outbox, then move all of it."""
    port = pair.new_port()
    step = ["-m", NODE]
    with pair.databases("setup_node"):
        for code in (SOURCE, HOLDER):
            pair.run(code, *step, "key")
        for code in (SOURCE, HOLDER):
            pair.run(code, *step, "connect", way, port=port)
        pair.run(SOURCE, *step, "fill", way, str(size))
        served = HOLDER if way == "push" else SOURCE
        with pair.statistics(), pair.web(served, port) as server:
            active = SOURCE if way == "push" else HOLDER
            before = served_for(server, served)
            helper = pair.begin(SOURCE, *step, "collect", port=port)
            answer = last_line(pair.run(active, *step, way, str(size), port=port))
            collected = last_line(helper.communicate()[0].decode())
            after = served_for(server, served)
            last = max(map(resident, workers(server)))
    name = "sender" if way == "push" else "fetcher"
    told = {"collector": collected, name: answer}
    memory = {name: one["memory"] for name, one in told.items()}
    cost = {name: one["cost"] for name, one in told.items()}
    cost["web worker"] = [now - then for now, then in zip(after, before, strict=True)]
    return Found(answer["seconds"], memory | {"web worker": [math.nan, last]}, cost)


def last_line(said: str) -> dict[str, Any]:
    """What a node told at last."""
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def show(found: dict[tuple[str, int], Found]) -> None:
    """The table; the slope is that of the time over the size."""
    print(f"{'way':<6}{'records':>9}{'s':>8}{'per s':>8}{'target':>8}{'slope':>7}")
    for way in WAYS:
        first, last = (found[way, size].seconds for size in (SIZES[0], SIZES[-1]))
        growth = math.nan
        if len(SIZES) > 1:
            growth = math.log(last / first) / math.log(SIZES[-1] / SIZES[0])
        for size in SIZES:
            one = found[way, size]
            rate = size / one.seconds
            row = f"{way:<6}{size:>9}{one.seconds:>8.1f}{rate:>8.0f}{TARGET:>8}"
            print(f"{row}{growth:>7.2f}")
    print(f"megabytes at half time and at the end, at most {MOST_MB};")
    print("processor time of a record, µs, here and in the database")
    for (way, size), one in found.items():
        for name, (half, last) in one.memory.items():
            here, there = (1e6 * spent / size for spent in one.cost[name])
            row = f"{way:<6}{size:>9}  {name:<12}{half:>7.0f}{last:>7.0f}"
            print(f"{row}{here:>9.0f}{there:>7.0f}")
        total = 1e6 * sum(map(sum, one.cost.values())) / size
        print(f"{way:<6}{size:>9}  together{total:>34.0f}")


def main() -> None:
    found = {}
    for way in WAYS:
        for size in SIZES:
            found[way, size] = measure(way, size)
            print(way, size, f"{size / found[way, size].seconds:.0f}/s", flush=True)
    show(found)


if __name__ == "__main__":
    main()
