"""Hours in which records travel: written by people, asked by the clock."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

LINE = re.compile(r"(?:([1-7](?:[-,][1-7])*)\s+)?(\d\d:[0-5]\d)-(\d\d:[0-5]\d)")
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
DAY_MINUTES = 24 * 60


class Window(TypedDict):
    """Days of the week (Monday is 1) with beginning and end, local time."""

    days: list[int]
    start: str
    end: str


def parse(text: str) -> list[Window]:
    """Windows out of lines such as `1-5 08:00-18:00`; days may be left out."""
    return [_line(line.strip()) for line in text.splitlines() if line.strip()]


def _line(line: str) -> Window:
    found = LINE.fullmatch(line)
    if found is None or not all(
        _minutes(at) <= DAY_MINUTES for at in found.groups()[1:]
    ):
        message = _("“%(line)s” is no time window such as 1-5 08:00-18:00.")
        text = message % {"line": line}
        raise DomainError(text, code="format", fields={"windows": text})
    days = _days(found[1]) if found[1] else EVERY_DAY
    return {"days": days, "start": found[2], "end": found[3]}


def _days(text: str) -> list[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        days.update(range(int(first), int(last[-1:] or first) + 1))
    return sorted(days)


def render(windows: Sequence[Window]) -> str:
    """The lines that `parse` reads."""
    return "\n".join(
        f"{_spoken(one['days'])} {one['start']}-{one['end']}" for one in windows
    )


def _spoken(days: Sequence[int]) -> str:
    """Days with runs written as first-last."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs
    )


def wait(windows: Sequence[Window], moment: datetime) -> int:
    """Seconds until the next window opens; 0 inside one, or where there is none."""
    if not windows:
        return 0
    local = timezone.localtime(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    openings = []
    for offset in range(-1, 9):
        day = midnight + timedelta(days=offset)
        for one in windows:
            if day.isoweekday() not in one["days"]:
                continue
            start, end = _span(one)
            opens, closes = day + timedelta(minutes=start), day + timedelta(minutes=end)
            if opens <= local < closes:
                return 0
            if opens > local:
                openings.append(int((opens - local).total_seconds()) + 1)
    return min(openings, default=DAY_MINUTES * 60)


def _span(window: Window) -> tuple[int, int]:
    """Minutes of the day; an end before the start is on the next day."""
    start, end = _minutes(window["start"]), _minutes(window["end"])
    return start, end if end > start else end + DAY_MINUTES


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
