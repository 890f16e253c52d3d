"""P6: what the wall asks for, and the open cases per class, from sums."""

import statistics
import time

from municipal.command.centre.board import rebuilding, selectors
from municipal.command.centre.models import Count
from platform_core.regions import selectors as regions

ADDRESS = "/duty-desk/wall/data/?span=week&at={}"
ROUNDS = 40


def ready() -> None:
    """Sums of a city that was generated past the services."""
    if not Count.objects.exists():
        begun = time.perf_counter()
        done = rebuilding.rebuild()
        print(f"wall: {done} cases summed in {time.perf_counter() - begun:.0f} s")


def measure() -> dict[str, float]:
    """Milliseconds of the longest span's hot spots alone, the middle of many."""
    city = regions.own_division().code
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        selectors.hot(city, "month")
        spent.append(time.perf_counter() - begun)
    return {"hot spots of 30 days beside 30": statistics.median(spent) * 1000}
