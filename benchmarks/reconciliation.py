"""Find and heal 100 planted differences among many records; print a table.

Two nodes on one machine: this process offers the records, a web server of another
node holds them. Needs DATABASE_URL of a PostgreSQL; BENCH_SIZES="100000 1000000"
chooses the sizes. `python -m benchmarks.reconciliation`.
"""

import math
import os

from benchmarks import pair

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "100000 1000000").split()]
SOURCE, HOLDER = pair.PROVINCE, pair.CITY
TARGET = 60
NODE = "benchmarks.reconciliation_node"


def measure(size: int) -> float:
    """Seconds from the first question to equal ends, for one size."""
    port = pair.new_port()
    step = ["-m", NODE]
    with pair.databases("migrate", "--verbosity=0"):
        pair.run(HOLDER, *step, "key")
        pair.run(SOURCE, *step, "key")
        pair.run(SOURCE, *step, "fill", str(size), port=port)
        pair.run(HOLDER, *step, "load", port=port)
        with pair.web(HOLDER, port, NODE):
            said = pair.run(SOURCE, *step, "compare", port=port)
    *lines, last = said.strip().splitlines()
    print(f"--- {size} records", *lines, sep="\n")
    return float(last)


def main() -> None:
    found = {size: measure(size) for size in SIZES}
    print(f"{'records':>10}{'seconds':>10}{'target':>8}")
    for size, seconds in found.items():
        print(f"{size:>10}{seconds:>10.1f}{TARGET:>8}")
    if len(SIZES) > 1:
        growth = math.log(found[SIZES[-1]] / found[SIZES[0]])
        print(f"slope {growth / math.log(SIZES[-1] / SIZES[0]):.2f}")


if __name__ == "__main__":
    main()
