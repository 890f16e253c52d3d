"""What the apps above add to the data standard; they register when they start.

`ended` hears that a version of an interface ends: its name, the version, the last
day (None for at once) and the reason. `subscribers` counts who has it in use.
"""

from collections.abc import Callable
from datetime import date

ended: list[Callable[[str, int, date | None, str], None]] = []
subscribers: list[Callable[[str, int], int]] = []


def end(interface: str, version: int, last_day: date | None, reason: str) -> None:
    """Tell those who use it."""
    for hook in ended:
        hook(interface, version, last_day, reason)


def users(interface: str, version: int) -> int:
    """How many use this version."""
    return sum(hook(interface, version) for hook in subscribers)
