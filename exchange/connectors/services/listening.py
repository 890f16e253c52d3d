"""Landing messages as they come, in small batches, in a process of its own."""

from typing import Any

from exchange.connectors.enums import Trigger
from exchange.connectors.models import Flow, Run

from . import carrying, running


class Stop:
    """Set by a signal: the batch at hand is kept, then listening ends."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, *args: Any) -> None:
        self.asked = True


def listen(*, flow: Flow, stop: Stop, seconds: float | None = None) -> Run:
    """Listen until told to stop, or until nothing came for `seconds`."""
    run = running.open_run(flow=flow, by=None, trigger=Trigger.MESSAGE)
    carrying.follow(run, stop=lambda: stop.asked, seconds=seconds)
    run.refresh_from_db()
    return run
