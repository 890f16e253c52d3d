"""Keep a sample city alive: new reports come in, people do their work."""

import random
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.command.sample.crew import Crew
from municipal.command.sample.life import Life

MINUTE = 60.0


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
        try:
            self.live(life, options["pace"], options["minutes"])
        except KeyboardInterrupt:
            self.stdout.write("")
        self.stdout.write(f"{life.reports} reports, {life.steps} steps")

    def live(self, life: Life, pace: float, minutes: float | None) -> None:
        """Do one thing after the other, evenly spread over the minute."""
        begun = time.monotonic()
        done = 0
        while minutes is None or done < pace * minutes:
            self.stdout.write(life.tick())
            done += 1
            time.sleep(max(0.0, begun + done * MINUTE / pace - time.monotonic()))
