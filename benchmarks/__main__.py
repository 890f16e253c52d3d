"""Measure list, detail, create and transition of cases; print a table.

Needs DATABASE_URL of a PostgreSQL and REDIS_URL of a Redis; makes a database of its
own there and drops it at the end.
"""

import contextlib
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from benchmarks.load import Call, Result, run
from scripts.supervisor import BIN, ROOT, free_port, port_taken, stop, wait_until

SIZES = (10_000, 100_000)
NAME = "platform_bench"
# Calls a second that two cores should reach.
TARGETS = {"list": 190, "detail": 320, "create": 140, "transition": 120}


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """A fresh database on the server of `url`, dropped afterwards."""
    admin = psycopg2.connect(url.replace("postgres://", "postgresql://"))
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {NAME}")
        yield urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    finally:
        admin.close()


@contextlib.contextmanager
def server() -> Iterator[int]:
    """The web server as in service: two synchronous workers."""
    port = free_port()
    process = subprocess.Popen(
        [
            str(BIN / "gunicorn"),
            "platform_core.wsgi:application",
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"),
        ],
        start_new_session=True,
    )
    wait_until(lambda: port_taken(port), 60, "web server")
    try:
        yield port
    finally:
        stop(process)


def prepare(url: str) -> None:
    """Point this process and its children at the database, and fill it."""
    home = tempfile.mkdtemp(prefix="platform-bench-")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": "municipal",
        "NODE_CODE": "M37020001",
        "DATABASE_URL": url,
        "VAR_DIR": home,
        "STATIC_ROOT": home,
        "LOG_LEVEL": "ERROR",
        "THROTTLE_USER": "1000000/min",
    }
    for command in ("setup_node", "seed_sample"):
        subprocess.run(
            [sys.executable, "manage.py", command],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        )


def tokens() -> dict[str, str]:
    """An API token of each account that works in the benches."""
    from knox.models import AuthToken  # noqa: PLC0415  needs Django set up

    from platform_core.accounts.models import User  # noqa: PLC0415

    return {
        name: AuthToken.objects.create(User.objects.get(username=name))[1]
        for name in ("acceptor", "handler1")
    }


def plans(keys: dict[str, str]) -> dict[str, tuple[Callable[[int], Call], int]]:
    """What to call and how often, for each measurement."""
    from municipal.command.models import Case, UnitGrid  # noqa: PLC0415

    acceptor, scoped = keys["acceptor"], keys["handler1"]
    chance = random.Random(7)
    seen = list(Case.objects.order_by("?").values_list("uid", flat=True)[:2000])
    waiting = Case.objects.filter(state="pending_accept", number__startswith="B")
    ready = list(waiting.order_by("-pk").values_list("uid", flat=True)[:400])
    grids = list(UnitGrid.objects.all()[:500])

    def create(_: int) -> Call:
        grid = chance.choice(grids)
        body = {
            "source": "03",
            "class_kind": "matter",
            "class_code": "06001",
            "description": "路面有垃圾堆放，影响通行。",
            "lon": grid.lon,
            "lat": grid.lat,
        }
        return Call("POST", "/api/v1/cases/", json.dumps(body).encode(), acceptor)

    def read(number: int) -> Call:
        return Call("GET", f"/api/v1/cases/{seen[number % 2000]}/", token=acceptor)

    def accept(number: int) -> Call:
        path = f"/api/v1/cases/{ready[number]}/actions/accept/"
        return Call("POST", path, b"{}", acceptor)

    return {
        "list": (lambda _: Call("GET", "/api/v1/cases/", token=scoped), 800),
        "detail": (read, 1500),
        "create": (create, 800),
        "transition": (accept, len(ready)),
    }


def measure(port: int) -> dict[str, Result]:
    """All measurements at the present size, after a warm-up of the workers."""
    found = {}
    for name, (calls, count) in plans(tokens()).items():
        if name != "transition":
            run(port, calls, 40)
        found[name] = run(port, calls, count)
    return found


def show(found: dict[int, dict[str, Result]]) -> None:
    """The table; the slope is that of the time per call over the size."""
    head = f"{'what':<11}{'cases':>9}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}"
    print(f"{head}{'target/s':>10}{'slope':>7}  failed")
    small, large = (found[size] for size in SIZES)
    for name, target in TARGETS.items():
        growth = small[name].rate / large[name].rate
        slope = math.log(growth) / math.log(SIZES[1] / SIZES[0])
        for size in SIZES:
            result = found[size][name]
            print(
                f"{name:<11}{size:>9}{result.rate:>8.0f}{result.p50_ms:>8.1f}"
                f"{result.p95_ms:>8.1f}{target:>10}{slope:>7.2f}  {dict(result.failed)}"
            )


def main() -> None:
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if name not in os.environ]
    if missing:
        sys.exit(f"Set {' and '.join(missing)}; see docs/operation.md.")
    with database(os.environ["DATABASE_URL"]) as url:
        prepare(url)
        import django  # noqa: PLC0415  the environment had to be set first

        django.setup()
        from django.db import connections  # noqa: PLC0415

        from benchmarks.cases import fill  # noqa: PLC0415

        found = {}
        for size in SIZES:
            begun = time.perf_counter()
            fill(size)
            print(f"{size} cases after {time.perf_counter() - begun:.0f} s")
            with server() as port:
                found[size] = measure(port)
        show(found)
        connections.close_all()


if __name__ == "__main__":
    main()
