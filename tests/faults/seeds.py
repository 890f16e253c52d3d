"""One seed: somebody writes, something is killed, and both ends must agree."""

import os
import time
from dataclasses import dataclass
from random import Random

from .killing import POINTS, RECEIVER, SENDER, WEB, WRITER, Point
from .nodes import Pair

# Kills at a moment of chance, beside those at a named point.
AT_RANDOM = (
    *("web", "worker", "writer", "receiver", "sender"),
    *("database of the receiver", "database of the sender", "broker"),
)
KINDS = (*[point.name for point in POINTS], *AT_RANDOM)
# Seconds a seed may take until nothing waits, times PATIENCE on a busy machine.
PATIENCE = 60 * float(os.environ.get("PATIENCE", "1"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a seed came to."""

    seed: int
    kind: str
    struck: bool
    drained_after: float
    seconds: float
    entries: int
    lost: int
    twice: int
    equal: bool

    @property
    def good(self) -> bool:
        return self.struck and self.equal and not self.lost and not self.twice


def run(pair: Pair, seed: int) -> Outcome:
    """Play one seed on the running pair."""
    random, begun = Random(seed), time.monotonic()
    kind = KINDS[seed % len(KINDS)]
    point = next((one for one in POINTS if one.name == kind), None)
    struck = at_point(pair, point, random) if point else at_random(pair, kind, random)
    pair.wait(lambda: not pair.sender.alive(WRITER), PATIENCE)
    return compared(pair, seed, struck, begun, pair.drain(PATIENCE))


def compared(
    pair: Pair, seed: int, struck: bool, begun: float, drained: float
) -> Outcome:
    """The same rows, each with one effect, and the same digest?"""
    ours, theirs = pair.sender.call("books"), pair.receiver.call("books")
    known = {tuple(entry) for entry in theirs}
    return Outcome(
        seed=seed,
        kind=KINDS[seed % len(KINDS)],
        struck=struck,
        drained_after=drained,
        seconds=time.monotonic() - begun,
        entries=len(ours),
        lost=sum(tuple(entry) not in known for entry in ours),
        twice=pair.receiver.call("twice"),
        equal=ours == theirs and pair.sender.call("equal", code=RECEIVER) is True,
    )


def write(pair: Pair, random: Random) -> None:
    pair.sender.spawn(WRITER, random.getrandbits(32), random.randint(4, 12))


def at_point(pair: Pair, point: Point, random: Random) -> bool:
    """Kill at a call of a function; work goes on until it has happened."""
    node = pair.sender if point.node == SENDER else pair.receiver
    node.trap.arm(point, random.randint(1, point.most))
    write(pair, random)

    def struck() -> bool:
        if not node.trap.struck.exists() and not pair.sender.alive(WRITER):
            write(pair, random)
        return node.trap.struck.exists()

    done = pair.wait(struck, PATIENCE)
    node.trap.disarm()
    return done


def at_random(pair: Pair, kind: str, random: Random) -> bool:
    """Kill at some moment while work is done."""
    write(pair, random)
    time.sleep(random.random() * 0.6)
    match kind.split():
        case ["web"]:
            pair.receiver.kill(WEB)
        case ["worker" | "writer"]:
            pair.sender.kill(kind)
        case ["receiver" | "sender"]:
            node = getattr(pair, kind)
            node.kill(*node.pids)
        case ["database", _of, _the, name]:
            pair.drop_connections(getattr(pair, name))
        case _:
            pair.restart_broker()
    return True
