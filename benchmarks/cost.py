"""Processor time of single requests, in this process and in its database session.

Unlike calls a second it says something on a machine that others use as well.
Needs DATABASE_URL of a database that seed_city filled and REDIS_URL:
`python -m benchmarks.cost [CALLS]`.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.__main__ import environment

os.environ |= environment(os.environ["DATABASE_URL"])
os.environ["ALLOWED_HOSTS"] = "testserver"

from django.db import connection
from django.test import Client

from benchmarks import cases
from benchmarks.load import Call

WARM = 20
ASKED = {
    "list, department": lambda: cases.lists(cases.token("handler1")),
    "list, super-user": lambda: cases.lists(cases.token(cases.ROOT_NAME)),
    "list by state": lambda: plain("handler1", "/api/v1/cases/?state=handling"),
    "detail": lambda: cases.details(cases.token("acceptor")),
    "map tile": lambda: cases.tiles("acceptor"),
    "open as GeoJSON": lambda: plain("acceptor", "/api/v1/cases/geojson/?open=true"),
    "create": lambda: cases.reports(cases.token("acceptor")),
}


def plain(name: str, path: str) -> cases.Calls:
    """The same address again and again."""
    key = cases.token(name)
    return lambda _: Call("GET", path, token=key)


def ask(client: Client, call: Call) -> None:
    """Make a call in this process."""
    headers = {"Authorization": f"Token {call.token}"} if call.token else {}
    if call.cookie:
        headers["Cookie"] = call.cookie
    answer = client.generic(
        call.method, call.path, call.body, "application/json", headers=headers
    )
    assert answer.status_code < 300, answer.content[:300]


def database_seconds() -> float:
    """Processor time of this session's server process, where it runs here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        key = cursor.fetchone()[0]
    spent = Path(f"/proc/{key}/stat").read_text().rpartition(") ")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, calls: Callable[[int], Call], count: int) -> None:
    """Print a line: milliseconds here, in the database, together."""
    client = Client()
    for number in range(WARM):
        ask(client, calls(number))
    here, there = time.process_time(), database_seconds()
    for number in range(WARM, WARM + count):
        ask(client, calls(number))
    there = (database_seconds() - there) / count * 1000
    here = (time.process_time() - here) / count * 1000
    line = f"{name:<18}{here:>8.1f}{there:>9.1f}{here + there:>8.1f}"
    print(line, flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"{'what':<18}{'here ms':>8}{'there ms':>9}{'both':>8}")
    for name, plan in ASKED.items():
        measure(name, plan(), min(count, 20) if "GeoJSON" in name else count)
    measure("transition", cases.steps(cases.token("acceptor"), WARM + count), count)


if __name__ == "__main__":
    main()
