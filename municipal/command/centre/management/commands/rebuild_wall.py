"""Count the figures of the wall anew from the cases."""

from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand

from municipal.command.centre.board.rebuilding import rebuild


class Command(BaseCommand):
    help = "Count the figures of the wall anew, from all cases and their steps."

    def handle(self, *args: Any, **options: Any) -> None:
        begun = perf_counter()
        done = rebuild()
        self.stdout.write(f"{done} cases counted in {perf_counter() - begun:.0f} s")
