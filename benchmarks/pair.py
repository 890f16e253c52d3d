"""Two nodes on one machine, a province and a city, each with its own database."""

import atexit
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg2

from scripts.supervisor import BIN, ROOT, free_port, stop, wait_until

PROVINCE, CITY = "P37000001", "M37020001"
NAMES = {PROVINCE: "platform_bench_province", CITY: "platform_bench_city"}
STATISTICS_SECONDS = 4
TIERS = {PROVINCE: "provincial", CITY: "municipal"}
# Keys and files of both; a given place is kept, and so are the databases made once.
KEPT = "BENCH_HOME" in os.environ
HOME = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="platform-bench-"))


def address(code: str) -> str:
    """The database of a node."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{NAMES[code]}"))


def environment(code: str, port: int = 0) -> dict[str, str]:
    """A node of its own; the port is that of the other one's web server."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": TIERS[code],
        "NODE_CODE": code,
        "DATABASE_URL": address(code),
        "VAR_DIR": str(HOME / code),
        "STATIC_ROOT": str(HOME / code),
        "LOG_LEVEL": "ERROR",
        "EXCHANGE_ALLOW_PRIVATE": "1",
        "EXCHANGE_REQUESTS_PER_MINUTE": "1000000",
        "BENCH_PORT": str(port),
        "BENCH_HOME": str(HOME),
        "BENCH_OTHER": address(PROVINCE if code == CITY else CITY),
    }


@contextlib.contextmanager
def databases(*command: str) -> Iterator[None]:
    """Both databases, made by a command of `manage.py`; dropped at the end.

    The command fills a model of each, once.
    """
    if "DATABASE_URL" not in os.environ:
        sys.exit("Set DATABASE_URL; see docs/operation.md.")
    url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")
    admin = psycopg2.connect(url)
    admin.autocommit = True
    with contextlib.closing(admin), admin.cursor() as cursor:
        for code, name in NAMES.items():
            model = f"{name}_{command[0]}"
            drop(cursor, name)
            if not exists(cursor, model):
                cursor.execute(f"CREATE DATABASE {name}")
                run(code, "manage.py", *command)
                cursor.execute(f"ALTER DATABASE {name} RENAME TO {model}")
                if not KEPT:
                    atexit.register(forget, url, model)
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
        yield
        for name in NAMES.values():
            drop(cursor, name)


@contextlib.contextmanager
def statistics() -> Iterator[None]:
    """Keeps what the planner knows of both databases, whether or not the server does.

    A node in service has statistics; one that began a second ago has none. As with
    autovacuum the pauses grow with what is there.
    """
    done = threading.Event()

    def keep() -> None:
        urls = [address(code).replace("postgres://", "postgresql://") for code in NAMES]
        pause = STATISTICS_SECONDS
        while not done.wait(pause):
            pause *= 2
            for url in urls:
                made = psycopg2.connect(url)
                made.autocommit = True
                with contextlib.closing(made), made.cursor() as cursor:
                    cursor.execute("ANALYZE")

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def exists(cursor: "psycopg2.extensions.cursor", name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def drop(cursor: "psycopg2.extensions.cursor", name: str) -> None:
    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def forget(url: str, name: str) -> None:
    """Drop a model when the bench ends."""
    admin = psycopg2.connect(url)
    admin.autocommit = True
    with contextlib.closing(admin), admin.cursor() as cursor:
        drop(cursor, name)


def begin(code: str, *command: str, port: int = 0) -> "subprocess.Popen[bytes]":
    """A Python process of a node."""
    return subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(code, port),
    )


def run(code: str, *command: str, port: int = 0) -> str:
    """The same to its end; what it said."""
    with begin(code, *command, port=port) as process:
        said = process.communicate()[0].decode()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return said


@contextlib.contextmanager
def web(
    code: str, port: int, module: str = "platform_core.wsgi"
) -> Iterator["subprocess.Popen[bytes]"]:
    """The web server of a node as in service, for `module`'s `application`."""
    process = subprocess.Popen(
        [
            str(BIN / "gunicorn"),
            f"{module}:application",
            *("--bind", f"127.0.0.1:{port}", "--workers", "2"),
            *("--log-level", "error"),
        ],
        start_new_session=True,
        cwd=ROOT,
        env=environment(code, port),
    )
    try:
        wait_until(lambda: answers(port), 60, "web server")
        yield process
    finally:
        stop(process)


def answers(port: int) -> bool:
    """Has the worker behind the port loaded everything?"""
    try:
        with urlopen(f"http://127.0.0.1:{port}/exchange/v1/health", timeout=60):
            return True
    except OSError:
        return False


def spent(pid: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sessions(code: str) -> list[int]:
    """Processes of the database that serve a node now, where it runs here."""
    made = psycopg2.connect(address(code).replace("postgres://", "postgresql://"))
    with contextlib.closing(made), made.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def new_port() -> int:
    """A port that nobody uses."""
    return free_port()
