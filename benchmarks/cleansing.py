"""Check many rows by 20 rules, all errors collected; print seconds and memory.

Needs no server. BENCH_SIZES="200000 2000000" chooses the sizes; each runs in a
process of its own, so that its peak of memory is its own.
`python -m benchmarks.cleansing`.
"""

import itertools
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from exchange.aggregation.cleansing.engine.rules import Action, Rule, Severity
from exchange.aggregation.cleansing.engine.run import Cleansing
from platform_core.common.codes import CREDIT_ALPHABET, credit_check_character

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "200000 2000000").split()]
SECONDS, MEGABYTES = 60, 500
DIRTY = 0.002  # of the values of each field; about 3 % of the rows have a problem
AREA = {
    "type": "Polygon",
    "coordinates": [
        [
            [120, 36],
            [120.5, 35.9],
            [120.9, 36.2],
            [120.7, 36.6],
            [120.1, 36.5],
            [120, 36],
        ]
    ],
}
CLASSES = [f"01{number:02d}" for number in range(40)]
RULES = [
    Rule("required", ("name",)),
    Rule("required", ("unit",)),
    Rule("required", ("class",)),
    Rule("type", ("made",), {"type": "date"}, Action.FIX),
    Rule("type", ("checked",), {"type": "datetime"}, Action.FIX),
    Rule("type", ("height",), {"type": "decimal"}),
    Rule("length", ("name",), {"most": 40}),
    Rule("length", ("note",), {"least": 2, "most": 200}, severity=Severity.HINT),
    Rule("pattern", ("code",), {"pattern": r"C\d{8}"}),
    Rule("range", ("height",), {"least": 0, "most": 60}),
    Rule("range", ("made",), {"least": "2000-01-01", "most": "2026-12-31"}),
    Rule("code_list", ("class",), {}, Action.FIX, keys=CLASSES),
    Rule("reference", ("division",), keys=["370202", "370203", "370211"]),
    Rule("credit_code", ("unit",), {}, Action.FIX),
    Rule("phone", ("phone",), {}, Action.FIX),
    Rule("identity_number", ("keeper",)),
    Rule("coordinates", ("lon", "lat"), {"area": AREA}),
    Rule("time_order", ("made", "checked")),
    Rule("unique", ("code",)),
    Rule("duplicate", ("name", "phone"), {"near": True}, Action.REJECT),
]


def write(target: Path, count: int) -> None:
    """Rows of a component register, some of them wrong."""
    one = random.Random(count)
    units = [_unit(one) for _ in range(500)]
    keepers = [_keeper(one) for _ in range(500)]
    with target.open("w", encoding="utf-8") as stream:
        for number in range(count):
            content = _content(one, number, units, keepers)
            for name in content:
                if one.random() < DIRTY:
                    content[name] = one.choice(["", " ", "？", "2020/1/5", "x" * 300])
            line = {"row": number, "group": number % 5, "content": content}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def _content(
    one: random.Random, number: int, units: list[str], keepers: list[str]
) -> dict[str, str]:
    return {
        "code": f"C{number:08d}",
        "name": f"路灯 {number % 1_000_003}",
        "class": one.choice(CLASSES),
        "division": "370202",
        "unit": one.choice(units),
        "phone": f"138{one.randrange(10**8):08d}",
        "keeper": one.choice(keepers),
        "lon": f"{one.uniform(120.3, 120.6):.6f}",
        "lat": f"{one.uniform(36.1, 36.4):.6f}",
        "made": f"20{one.randint(10, 20)}-0{one.randint(1, 9)}-{one.randint(10, 28)}",
        "checked": f"2024-0{one.randint(1, 9)}-{one.randint(10, 28)} 08:30:00",
        "height": f"{one.uniform(2, 20):.1f}",
        "note": "按期巡查",
    }


def _unit(one: random.Random) -> str:
    body = "91370200" + "".join(one.choices(CREDIT_ALPHABET, k=9))
    return body + credit_check_character(body)


def _keeper(one: random.Random) -> str:
    body = f"37020219{one.randint(50, 99)}0101{one.randrange(1000):03d}"
    total = sum(int(c) * pow(2, 17 - n, 11) for n, c in enumerate(body))
    return body + "10X98765432"[total % 11]


def measure(count: int) -> None:
    """One size; the figures as JSON."""
    with tempfile.TemporaryDirectory(prefix="platform-bench-") as home:
        source = Path(home) / "rows.ndjson"
        write(source, count)
        started, busy = time.perf_counter(), time.process_time()
        with Cleansing(source, RULES, Path(home) / "work") as done:
            done.run()
            problems = sum(1 for _ in done.problems())
            changed = sum(1 for _ in done.changes())
            ends = {str(verdict): number for verdict, number in done.verdicts().items()}
        seconds, spent = time.perf_counter() - started, time.process_time() - busy
        size = source.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([count, size, problems, changed, ends, seconds, spent, peak]))


def main() -> None:
    """All sizes, and how the time grows."""
    heads = ("rows", "file MB", "problems", "s", "CPU s", "peak MB")
    print(f"{len(RULES)} rules; targets at 2 000 000: {SECONDS} s, {MEGABYTES} MB")
    print(" ".join(f"{head:>10}" for head in heads))
    found = []
    for count in SIZES:
        command = [sys.executable, "-m", "benchmarks.cleansing", str(count)]
        text = subprocess.run(command, check=True, capture_output=True, text=True)
        rows, size, problems, changed, ends, seconds, spent, peak = json.loads(
            text.stdout
        )
        figures = (rows, size / 1e6, problems, seconds, spent, peak)
        print(" ".join(f"{figure:>10.0f}" for figure in figures))
        print(f"{'':>10} repaired {changed}; {ends}")
        found.append((rows, spent))
    for (small, fast), (large, slow) in itertools.pairwise(found):
        slope = math.log(slow / fast) / math.log(large / small)
        print(f"slope of CPU time {small} → {large}: {slope:.2f} (1 = in proportion)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
