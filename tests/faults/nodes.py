"""Two platforms in processes of their own, that can be hurt and started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from scripts.supervisor import ROOT, Broker, Node, free_port, port_taken, wait_until

from .clockwork import Clock
from .killing import RECEIVER, SENDER, WEB, WORKER, Trap

PARTS = (WEB, WORKER)
SERVER = os.environ.get("DATABASE_URL", "").replace("postgres://", "postgresql://")
# Simulated seconds that pass in a real one while a run waits.
HASTE = 40
# At most so many at once, however slow the machine is.
LEAP = 5
POLL = 0.05


class Platform(Node):
    """A node whose parts come out of a launcher."""

    def __init__(self, code: str, home: Path, broker: str) -> None:
        super().__init__(code, code, free_port(), home / code, broker)
        self.folder.mkdir(parents=True)
        self.trap = Trap(self.folder)
        self.pids: dict[str, int] = {}
        self.extra = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.database or f"sqlite:///{self.folder}/db.sqlite3",
            "EXCHANGE_ALLOW_PRIVATE": "1",
            "EXCHANGE_REQUESTS_PER_MINUTE": "1000000",
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def database(self) -> str:
        """The database of this node beside the one that is given, if one is."""
        if not SERVER:
            return ""
        parts = urlsplit(SERVER)
        return urlunsplit(parts._replace(path=f"{parts.path}_{self.code.lower()}"))

    def launch(self, clock: Path) -> None:
        """Start the launcher; `wait_launched` ends when it is ready."""
        with (self.folder / "launcher.log").open("ab") as log:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.launcher", str(clock)],
                env={**os.environ, **self.environment},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )

    def wait_launched(self) -> None:
        if self.launcher.stdout.readline() != "ready\n":
            raise RuntimeError((self.folder / "launcher.log").read_text()[-2000:])

    def say(self, line: str) -> str:
        self.launcher.stdin.write(line + "\n")
        self.launcher.stdin.flush()
        return self.launcher.stdout.readline().rstrip("\n")

    def call(self, step: str, **given: Any) -> Any:
        """Do a step of `steps` on this platform; what it gave."""
        answer = json.loads(self.say(f"call {step} {json.dumps(given)}"))
        if answer == "failed":
            raise RuntimeError((self.folder / "steps.log").read_text()[-2000:])
        return answer

    def spawn(self, part: str, *arguments: object) -> int:
        """Start a part."""
        if part == WEB:
            arguments = (self.port,)
        line = " ".join(["spawn", part, *map(str, arguments)])
        self.pids[part] = int(self.say(line))
        return self.pids[part]

    def alive(self, part: str) -> bool:
        pid = self.pids.get(part)
        try:
            os.kill(pid or -1, 0) if pid else None
        except ProcessLookupError:
            return False
        return bool(pid)

    def kill(self, *parts: str) -> None:
        """kill -9 of parts with all they started; they are gone afterwards."""
        for part in parts:
            if part in self.pids:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pids[part], signal.SIGKILL)
        wait_until(lambda: not any(map(self.alive, parts)), 30, self.code)

    def serves(self) -> bool:
        """Is every part there again that was ever started?"""
        there = all(self.alive(part) for part in PARTS if part in self.pids)
        return there and port_taken(self.port)

    def revive(self) -> None:
        """What every supervisor does: start again what ended."""
        for part in PARTS:
            if part in self.pids and not self.alive(part):
                self.kill(part)
                self.spawn(part)

    def take_away(self) -> None:
        """kill -9, and nobody starts it again."""
        self.kill(*PARTS)
        for part in PARTS:
            self.pids.pop(part, None)

    def come_back(self) -> None:
        for part in PARTS:
            self.spawn(part)

    def shut(self) -> None:
        """End everything, softly where that is quick."""
        self.kill(*self.pids)
        if hasattr(self, "launcher"):
            self.launcher.stdin.close()
            self.launcher.wait(10)
            self.launcher.stdout.close()


class Pair:
    """A city that sends and a province that receives, with a broker of their own."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.clock = Clock(home / "clock")
        self.clock_file = home / "clock"
        self.broker = Broker(home / "broker", free_port())
        self.sender = Platform(SENDER, home, self.broker.url(0))
        self.receiver = Platform(RECEIVER, home, self.broker.url(1))
        self.both = (self.sender, self.receiver)

    def __enter__(self) -> "Pair":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def start(self) -> None:
        """Databases, processes, enrolment."""
        self.broker.start()
        self._databases(make=True)
        for node in self.both:
            node.launch(self.clock_file)
        for node in self.both:
            node.wait_launched()
            node.call("tables")
            node.spawn(WEB)
            node.spawn(WORKER)
        for node in self.both:
            wait_until(lambda n=node: port_taken(n.port), 30, node.code)
        up, me = self.receiver, self.sender
        token = up.call("invite", code=me.code, url=me.url)
        me.call("join", parent_url=up.url, token=token)
        self.drain(60)

    def stop(self) -> None:
        for node in self.both:
            node.shut()
        self.broker.stop()
        self._databases(make=False)

    def _databases(self, *, make: bool) -> None:
        if not SERVER:
            return
        with admin() as cursor:
            for node in self.both:
                name = urlsplit(node.database).path[1:]
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                if make:
                    cursor.execute(f'CREATE DATABASE "{name}"')

    def drop_connections(self, node: Platform) -> None:
        """What a restart of the database does to those who use it."""
        if not SERVER:
            node.kill(*node.pids)
            return
        with admin() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s",
                [urlsplit(node.database).path[1:]],
            )

    def restart_broker(self) -> None:
        """kill -9 of the broker, and a new one on what it wrote down."""
        self.broker.process.kill()
        self.broker.process.wait()
        self.broker.start()

    def revive(self) -> None:
        for node in self.both:
            node.revive()

    def wait(
        self, condition: Callable[[], Any], patience: float, haste: float = HASTE
    ) -> bool:
        """Put the clock forward and start ended parts until it holds."""
        begun = seen = time.monotonic()
        while not condition():
            if time.monotonic() - begun > patience:
                return False
            self.revive()
            time.sleep(POLL)
            passed, seen = time.monotonic() - seen, time.monotonic()
            self.clock.forward(min(passed * (haste - 1), LEAP))
        return True

    def drain(self, patience: float, haste: float = HASTE) -> float:
        """Simulated seconds until nothing waits at either end."""
        begun, ahead = time.monotonic(), self.clock.ahead
        if not self.wait(self.drained, patience, haste):
            raise TimeoutError(f"not drained within {patience:.0f} s")
        return time.monotonic() - begun + self.clock.ahead - ahead

    def drained(self) -> bool:
        """Both ends serve, also what was killed with nothing left to send."""
        return all(node.serves() for node in self.both) and not any(
            node.call("waiting") for node in self.both
        )


@contextlib.contextmanager
def admin() -> Iterator[Any]:
    """A cursor on the database server, outside the nodes' databases."""
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor
