"""Measure the speed of a city at two sizes; print a table with the slopes.

Needs DATABASE_URL of a PostgreSQL and REDIS_URL of a Redis. Each size has a
database of its own there, generated when it is missing: BENCH_SIZES="300000 3000000"
chooses the sizes, BENCH_KEEP=1 leaves the databases for the next time.
"""

import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from benchmarks.load import Call, Result, run
from scripts.supervisor import BIN, ROOT, free_port, port_taken, stop, wait_until

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "300000 3000000").split()]
NAME = "platform_bench_{}"
# Calls a second that two cores should reach.
TARGETS = {
    "list, department": 190,
    "list, super-user": 190,
    "detail": 320,
    "create": 140,
    "transition": 120,
    "map tile": 250,
    "wall data": 20,
}
# What the targets stand beside: the same two calls without any of the platform.
BARE = {"bare list": 570, "bare detail": 1100}
# Milliseconds that one look-up may take.
AT_MOST = {
    "nearest component": 5.0,
    "grid around a point": 0.1,
    "hot spots of 30 days beside 30": 50.0,
}
BARE_ROUNDS = 2000
HOME = tempfile.mkdtemp(prefix="platform-bench-")


@contextlib.contextmanager
def database(url: str, size: int) -> Iterator[str]:
    """The database of a size, generated where it is missing."""
    name = NAME.format(size)
    admin = psycopg2.connect(url.replace("postgres://", "postgresql://"))
    admin.autocommit = True
    own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with contextlib.closing(admin), admin.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {name}")
            generate(own, size)
        migrate(own)
        yield own
        if not os.environ.get("BENCH_KEEP"):
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def environment(url: str) -> dict[str, str]:
    """A node of its own, without limits for callers."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": "municipal",
        "NODE_CODE": "M37020001",
        "DATABASE_URL": url,
        "VAR_DIR": HOME,
        "STATIC_ROOT": HOME,
        "LOG_LEVEL": "ERROR",
        "THROTTLE_USER": "1000000/min",
    }


def generate(url: str, size: int) -> None:
    """A city with so many cases."""
    begun = time.perf_counter()
    for command in (["setup_node"], ["seed_city", "--scale=full", f"--cases={size}"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(url),
        )
    tidy(url)
    print(f"{size} cases generated in {time.perf_counter() - begun:.0f} s")


def tidy(url: str) -> None:
    """What autovacuum does of itself where it is switched on."""
    connection = psycopg2.connect(url.replace("postgres://", "postgresql://"))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def migrate(url: str) -> None:
    """Bring a kept database up to date."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        check=True,
        cwd=ROOT,
        env=environment(url),
    )


@contextlib.contextmanager
def server(url: str, **more: str) -> Iterator[tuple[int, int]]:
    """The web server as in service: two synchronous workers; its port and process."""
    port = free_port()
    process = subprocess.Popen(
        [
            str(BIN / "gunicorn"),
            "platform_core.wsgi:application",
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"),
        ],
        start_new_session=True,
        env=environment(url) | more,
    )
    wait_until(lambda: port_taken(port), 60, "web server")
    try:
        yield port, process.pid
    finally:
        stop(process)


@dataclass(frozen=True)
class Found:
    """What one size came to."""

    calls: dict[str, Result]
    times: dict[str, float]


def measure(url: str, size: int) -> Found:
    """One size: in a process of its own, for Django knows one database only."""
    with server(url) as (port, pid):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.cases", str(port), str(pid)],
            check=True,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(url),
        )
    with server(url, DJANGO_SETTINGS_MODULE="benchmarks.bare_settings") as (port, _):
        plain = bare(port)
    *said, last = done.stdout.decode().splitlines()
    print(f"--- {size} cases", *said, sep="\n")
    answer = json.loads(last)
    calls = {name: Result(**values) for name, values in answer["calls"].items()}
    return Found(plain | calls, answer["times"])


def bare(port: int) -> dict[str, Result]:
    """What this machine makes of a list of 25 and of a detail without the platform."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/divisions/") as answer:
        codes = [row["code"] for row in json.load(answer)["results"]]
    plans = {
        "bare list": lambda _: Call("GET", "/divisions/"),
        "bare detail": lambda n: Call("GET", f"/divisions/{codes[n % 25]}/"),
    }
    found = {}
    for name, calls in plans.items():
        run(port, calls, 80)
        found[name] = run(port, calls, BARE_ROUNDS)
    return found


def slope(costs: list[float]) -> float:
    """How the cost of the first and the last size grows: 0 not at all, 1 like it."""
    if len(SIZES) < 2:
        return math.nan
    return math.log(costs[-1] / costs[0]) / math.log(SIZES[-1] / SIZES[0])


def show(found: dict[int, Found]) -> None:
    """The table; the slope is that of the time per call over the size."""
    head = f"{'what':<18}{'cases':>9}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}"
    print(f"{head}{'target/s':>10}{'slope':>7}  failed")
    for name, target in (BARE | TARGETS).items():
        growth = slope([1 / found[size].calls[name].rate for size in SIZES])
        for size in SIZES:
            one = found[size].calls[name]
            print(
                f"{name:<18}{size:>9}{one.rate:>8.0f}{one.p50_ms:>8.1f}"
                f"{one.p95_ms:>8.1f}{target:>10}{growth:>7.2f}  {dict(one.failed)}"
            )
    print(f"{'what':<32}{'cases':>9}{'ms':>8}{'at most':>9}{'slope':>7}")
    for name, most in AT_MOST.items():
        growth = slope([found[size].times[name] for size in SIZES])
        for size in SIZES:
            spent = found[size].times[name]
            print(f"{name:<32}{size:>9}{spent:>8.3f}{most:>9}{growth:>7.2f}")


def main() -> None:
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if name not in os.environ]
    if missing:
        sys.exit(f"Set {' and '.join(missing)}; see docs/operation.md.")
    found = {}
    for size in SIZES:
        with database(os.environ["DATABASE_URL"], size) as url:
            found[size] = measure(url, size)
    show(found)


if __name__ == "__main__":
    main()
