"""Keep a sample city alive: new reports come in, people do their work."""

import random
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.command.sample.crew import Crew
from municipal.command.sample.life import Life

MINUTE = 60.0


@contextmanager
def stopped_by(*signals: signal.Signals) -> Iterator[Event]:
    """An event that the signals set, so that no step ends halfway."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in signals
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Command(BaseCommand):
    help = "Report and work on cases at a pace, as the sample people. Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pace", type=float, default=20, help="steps a minute")
        parser.add_argument("--minutes", type=float, help="end after so long")
        parser.add_argument("--seed", type=int, help="the same life each time")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pace"] <= 0:
            raise CommandError("--pace is a number of steps a minute above 0")
        crew = Crew(random.Random(options["seed"]))  # noqa: S311
        if not crew.ready:
            raise CommandError("There is no sample city here; run seed_sample first.")
        life = Life(crew)
        with stopped_by(signal.SIGINT, signal.SIGTERM) as stop:
            self.live(life, options["pace"], options["minutes"], stop)
        self.stdout.write(f"{life.reports} reports, {life.steps} steps")

    def live(self, life: Life, pace: float, minutes: float | None, stop: Event) -> None:
        """Do one thing after the other, evenly spread over the minute."""
        begun = time.monotonic()
        done = 0
        while not stop.is_set() and (minutes is None or done < pace * minutes):
            self.stdout.write(life.tick())
            done += 1
            stop.wait(max(0.0, begun + done * MINUTE / pace - time.monotonic()))
