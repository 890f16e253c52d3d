"""Starts the parts of one platform by forking, so that a new one is there at once.

Reads a command a line: `spawn PART …` answers with the process, `call STEP {…}` does a
step in a child and answers what it gave. The parts are real: gunicorn, a Celery worker
with its beat, a writer. `python -m tests.faults.launcher CLOCK`.
"""

import contextlib
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import django

from tests.faults import clockwork

clockwork.follow(Path(sys.argv[1]))
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402  after the set-up
from django.urls import get_resolver  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

from platform_core.celery import app  # noqa: E402
from tests.faults import killing, steps  # noqa: E402
from tests.faults.books import services  # noqa: E402

FOLDER = Path(os.environ["VAR_DIR"])
# The beat keeps pace with a clock that is put forward.
PACE = {"delivery.pump": 0.2, "delivery.heartbeats": 2.0}


class Server(BaseApplication):
    """A gunicorn as the demo has it."""

    def __init__(self, port: str) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Any:
        return get_wsgi_application()


def web(port: str) -> None:
    Server(port).run()


def worker() -> None:
    """A Celery worker with its beat as the demo has it."""
    app.worker_main(
        [
            *("worker", "-B", "-P", "threads", "-c", "4", "--without-mingle"),
            *("--without-gossip", "-s", str(FOLDER / "beat"), "-l", "WARNING"),
            *("-n", f"{os.environ['NODE_CODE']}@%h"),
        ]
    )


def writer(seed: str, rounds: str) -> None:
    """Somebody at work: some transactions after one another."""
    random = Random(f"{seed} writer")
    for _ in range(int(rounds)):
        made, changed = random.randint(1, 4), random.randint(0, 2)
        services.write(made=made, changed=changed, random=random)
        time.sleep(random.random() * 0.03)


def burst(seconds: str, a_second: str) -> None:
    """So many new entries in each second of the shared clock, which this drives."""
    clock, random = clockwork.Clock(Path(sys.argv[1])), Random(0)
    for _ in range(int(seconds)):
        services.write(made=int(a_second), changed=0, random=random)
        clock.forward(1)


PARTS: dict[str, Callable[..., None]] = {
    "web": web,
    "worker": worker,
    "writer": writer,
    "burst": burst,
}


children: list[int] = []


def end_children() -> None:
    """Whoever started this platform is gone: leave nothing behind."""
    for pid in children:
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == os.getpid():
                os.killpg(pid, signal.SIGKILL)


def child(action: Callable[[], object], log: str) -> int:
    """A process group of its own that does it and ends."""
    pid = os.fork()
    if pid:
        children.append(pid)
        return pid
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with (FOLDER / log).open("ab") as stream:
            for number in (1, 2):
                os.dup2(stream.fileno(), number)
        action()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def called(name: str, given: dict[str, Any]) -> str:
    """What a step gave, done in a child."""
    inlet, outlet = os.pipe()

    def step() -> None:
        answer = getattr(steps, name)(**given)
        os.write(outlet, json.dumps(answer).encode())

    child(step, "steps.log")
    os.close(outlet)
    with os.fdopen(inlet, "rb") as stream:
        return stream.read().decode() or '"failed"'


def obey(line: str) -> str:
    kind, name, *given = line.rstrip("\n").split(" ", 2)
    if kind == "call":
        return called(name, json.loads(given[0]))
    arguments = given[0].split(" ") if given else []
    return str(child(lambda: PARTS[name](*arguments), f"{name}.log"))


def main() -> None:
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for name, seconds in PACE.items():
        app.conf.beat_schedule[name]["schedule"] = seconds
    killing.lay(FOLDER)
    _ = get_resolver().url_patterns
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(obey(line) + "\n")
        sys.stdout.flush()
    end_children()


if __name__ == "__main__":
    main()
