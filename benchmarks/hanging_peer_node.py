"""The sending platform of the bench of a hanging peer; given what it has to do."""

import os
import sys
import time
from uuid import uuid4

import django

django.setup()

from benchmarks.hanging_peer import HANGING, OTHERS  # noqa: E402  after the set-up
from exchange.delivery.enums import PeerState, Relation  # noqa: E402
from exchange.delivery.models import Peer  # noqa: E402
from exchange.drills import services  # noqa: E402

SECONDS = 2.0


def connect() -> None:
    """Know all peers."""
    for code in (*OTHERS, HANGING):
        Peer.objects.create(
            code=code,
            name=code,
            tier="municipal",
            relation=Relation.CHILD,
            state=PeerState.ENABLED,
            url=f"{os.environ['BENCH_PEERS']}/{code}",
        )


def send(first: int, end: int, peers: int) -> None:
    """One record for each of so many peers every two seconds."""
    run, begun = uuid4(), time.monotonic()
    receivers = [*OTHERS, HANGING][:peers]
    for number in range(first, end):
        services.send(run=run, number=number, receivers=receivers, many=1)
        due = begun + (number - first + 1) * SECONDS
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["connect"]:
            connect()
        case ["send", *numbers]:
            send(*map(int, numbers))
