"""Monthly performance of all areas, units and posts of a city with 3 M cases.

Needs DATABASE_URL of a PostgreSQL: `python -m benchmarks.performance [CASES]` makes a
database of its own there, fills the flags of last month and drops it at the end,
unless BENCH_KEEP=1.
"""

import os
import sys
import tempfile
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import django

from benchmarks.__main__ import database

if TYPE_CHECKING:
    from municipal.command.performance.periods import Period

CASES = 3_000_000
SECONDS = 5


def prepare(url: str) -> None:
    """Point this process at the database."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": "municipal",
        "NODE_CODE": "M37020001",
        "DATABASE_URL": url,
        "VAR_DIR": tempfile.mkdtemp(prefix="platform-bench-"),
        "LOG_LEVEL": "ERROR",
    }
    django.setup()


def fill() -> tuple[int, float]:
    """Write the flags of the cases of a month from their steps: how many, how fast."""
    from django.db import connection  # noqa: PLC0415

    from municipal.command.performance import rebuilding, rewriting  # noqa: PLC0415
    from municipal.command.performance.models import RollUp  # noqa: PLC0415

    if RollUp.objects.exists():
        return 0, 0.0
    period = month()
    first = period.first - timedelta(days=3)
    found = rebuilding.cases_of({"first": str(first), "last": str(period.last)})
    started, after, count = time.perf_counter(), 0, 0
    while keys := rebuilding.next_keys(found, after):
        after = keys[-1]
        count += rewriting.rewrite(keys, wait=True)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE performance_rollup")
    return count, count / seconds


def month() -> "Period":
    """The last whole month."""
    from municipal.command.performance.periods import period_of  # noqa: PLC0415
    from platform_core.common.clock import today  # noqa: PLC0415

    return period_of("month", today()).previous()


def measure() -> dict[str, tuple[int, float]]:
    """Objects and seconds of the monthly sums of each kind."""
    from municipal.command.performance.enums import ObjectKind  # noqa: PLC0415
    from municipal.command.performance.sums import sums  # noqa: PLC0415

    period, found = month(), {}
    for kind in ObjectKind:
        started = time.perf_counter()
        rows = sums(kind, period)
        found[kind.value] = len(rows), time.perf_counter() - started
    return found


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with database(os.environ["DATABASE_URL"], cases) as url:
        prepare(url)
        count, speed = fill()
        if count:
            print(f"flags of {count} cases written, {speed:.0f} cases/s")
        found = measure()
        django.db.connections.close_all()
    for kind, (rows, seconds) in found.items():
        print(f"{kind:<12}{rows:>8} objects{seconds:>8.2f} s")
    total = sum(seconds for _rows, seconds in found.values())
    print(f"all together {total:.2f} s, target {SECONDS} s")


if __name__ == "__main__":
    main()
