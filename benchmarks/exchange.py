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

from benchmarks import pair

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "100000 1000000").split()]
SOURCE, HOLDER = pair.CITY, pair.PROVINCE
TARGET, MOST_MB = 6_000, 300
NODE = "benchmarks.exchange_node"
WAYS = ("push", "pull")


@dataclass(frozen=True)
class Found:
    """One backlog on one way; the memory of each process at half time and at last."""

    seconds: float
    memory: dict[str, tuple[float, float]]


def memory(process: "subprocess.Popen[bytes]") -> float:
    """Megabytes of a server with its worker."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(process.pid)],
        stdout=subprocess.PIPE,
        check=False,
    )
    return max((int(n) for n in listed.stdout.split()), default=0) / 1024


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
        with pair.web(served, NODE, port) as server:
            active = SOURCE if way == "push" else HOLDER
            helper = pair.begin(SOURCE, *step, "collect", port=port)
            said = pair.run(active, *step, way, str(size), port=port)
            collected = json.loads(helper.communicate()[0].decode().splitlines()[-1])
            last = memory(server)
    answer = json.loads(said.strip().splitlines()[-1])
    held = {
        "collector": tuple(collected),
        "sender" if way == "push" else "fetcher": tuple(answer["memory"]),
        "web worker": (math.nan, last),
    }
    return Found(answer["seconds"], held)


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
    print(f"megabytes at half time and at the end; at most {MOST_MB}")
    for (way, size), one in found.items():
        for name, (half, last) in one.memory.items():
            print(f"{way:<6}{size:>9}  {name:<12}{half:>7.0f}{last:>7.0f}")


def main() -> None:
    found = {}
    for way in WAYS:
        for size in SIZES:
            found[way, size] = measure(way, size)
            print(way, size, f"{size / found[way, size].seconds:.0f}/s", flush=True)
    show(found)


if __name__ == "__main__":
    main()
