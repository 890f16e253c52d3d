"""Where a process of a platform can be made to end by kill -9.

Nothing in the product knows of it: the functions named here are wrapped in the test's
own processes. A point is armed by a file in the platform's folder; the process that
comes to it for the n-th time ends itself as if somebody had pulled the plug.
"""

import functools
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

SENDER, RECEIVER = "M37020001", "P37000001"
WRITER, WORKER, WEB = "writer", "worker", "web"
PUBLISH = "platform_core.datasets.services:publish"
SERVICES = "exchange.delivery.services"
KICK = f"{SERVICES}.housekeeping:kick"


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after a call of a function, in one part of one platform."""

    stage: str
    when: str
    function: str
    node: str
    part: str
    most: int = 1

    @property
    def name(self) -> str:
        return f"{self.stage}: {self.when} {self.function.rpartition('.')[2]}"


def _writer(stage: str, when: str, function: str, most: int = 1) -> Point:
    return Point(stage, when, function, SENDER, WRITER, most)


def _worker(stage: str, when: str, function: str, most: int = 1) -> Point:
    return Point(stage, when, f"{SERVICES}.{function}", SENDER, WORKER, most)


def _web(stage: str, when: str, function: str, most: int = 1) -> Point:
    return Point(stage, when, f"{SERVICES}.{function}", RECEIVER, WEB, most)


POINTS = (
    _writer("commit", "before", PUBLISH, 12),
    _writer("commit", "after", PUBLISH, 12),
    _writer("commit", "before", KICK, 4),
    _worker("position", "after", "pump:_give_positions", 2),
    _worker("position", "after", "pump:_seal", 2),
    _worker("position", "after", "pump:collect_some", 2),
    _worker("send", "after", "sending:_lease", 2),
    _worker("send", "after", "sending:_next_batch", 2),
    _worker("send", "before", "sending:render", 2),
    _worker("send", "before", "sending:_awaited", 2),
    _web("receive", "before", "receiving:receive", 2),
    _web("receive", "after", "envelopes:parse", 2),
    _web("apply", "before", "receiving:_apply_one", 8),
    _web("apply", "after", "receiving:_apply_one", 8),
    _web("apply", "before", "receiving:_write_ledger", 2),
    _web("apply", "after", "receiving:_write_ledger", 2),
    _web("answer", "after", "receiving:_receive_group", 2),
    _web("answer", "after", "receiving:receive", 2),
    _worker("answer", "after", "sending:_awaited", 2),
    _worker("answer", "after", "answers:_settle_parcel", 2),
    _worker("answer", "before", "sending:_settle", 2),
    _worker("answer", "after", "sending:_settle", 2),
)


class Trap:
    """The armed point of a platform's folder, seen from one of its processes."""

    def __init__(self, folder: Path) -> None:
        self.file, self.struck = folder / "armed", folder / "struck"
        self.seen: Counter[str] = Counter()
        self.lock = threading.Lock()

    def arm(self, point: Point, call: int) -> None:
        self.disarm()
        text = f"{uuid4()}|{point.name}|{call}"
        spare = self.file.with_suffix(".new")
        spare.write_text(text)
        spare.replace(self.file)

    def disarm(self) -> None:
        self.file.unlink(missing_ok=True)
        self.struck.unlink(missing_ok=True)

    def passing(self, name: str) -> None:
        """End this process if it has come to the armed call."""
        try:
            text = self.file.read_text()
        except OSError:
            return
        _mark, wanted, call = text.split("|")
        if name != wanted:
            return
        with self.lock:
            self.seen[text] += 1
            if self.seen[text] < int(call) or not self.file.exists():
                return
            self.file.rename(self.struck)
            os.kill(os.getpid(), signal.SIGKILL)


def lay(folder: Path) -> None:
    """Wrap the functions of all points; a name that is gone fails here."""
    trap = Trap(folder)
    for place in {point.function for point in POINTS}:
        module, _, name = place.partition(":")
        owner = import_module(module)
        setattr(owner, name, _wrapped(getattr(owner, name), place, trap))


def _wrapped(function: Callable, place: str, trap: Trap) -> Callable:
    names = {p.when: p.name for p in POINTS if p.function == place}

    @functools.wraps(function)
    def around(*given: Any, **named: Any) -> Any:
        if "before" in names:
            trap.passing(names["before"])
        result = function(*given, **named)
        if "after" in names:
            trap.passing(names["after"])
        return result

    return around
