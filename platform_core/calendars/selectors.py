"""The schedule of a calendar, kept in memory."""

from datetime import time

from platform_core.common.snapshots import Snapshot

from .enums import WORKING_KINDS
from .models import WorkCalendar
from .worktime import DayNote, Schedule

snapshot = Snapshot("calendars")


def schedule(code: str | None = None) -> Schedule:
    """Working spans and special days of a calendar; the default one without a code."""

    def load() -> Schedule:
        wanted = {"code": code} if code else {"is_default": True}
        calendar = WorkCalendar.objects.get(**wanted)
        return Schedule(
            sessions=[
                (row.valid_from, _spans(row.spans))
                for row in calendar.sessions.order_by("valid_from")
            ],
            days={
                row.date: DayNote(row.kind in WORKING_KINDS, row.name)
                for row in calendar.days.all()
            },
        )

    return snapshot.get(code, load)


def _spans(spans: list[list[str]]) -> tuple[tuple[time, time], ...]:
    return tuple(
        (time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in spans
    )
