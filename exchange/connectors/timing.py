"""When a flow runs: lines of cron, in the platform's time zone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab
from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.calendars.selectors import schedule
from platform_core.common.errors import DomainError

from .enums import Days

# A schedule that meets no working day for so long never will.
LONGEST = timedelta(days=800)


def check(line: str) -> str:
    """A line of cron, or empty for never; DomainError for what is neither."""
    if line.strip():
        _crontab(line, datetime.now(ZoneInfo(settings.TIME_ZONE)))
    return line.strip()


def following(line: str, after: datetime, days: str = Days.EVERY) -> datetime | None:
    """The next moment behind another one; None where there is none.

    With `days` those of the work calendar, a moment on a day off is left out.
    """
    if not line:
        return None
    found = _next(line, after)
    if days == Days.WORK:
        works, end = schedule().works, after + LONGEST
        while not works(found.date()):
            found = _next(line, found)
            if found > end:
                return None
    return found


def of(definition: Mapping[str, Any], after: datetime) -> datetime | None:
    """When a flow with this definition runs next."""
    days = definition.get("days", Days.EVERY)
    return following(definition.get("schedule", ""), after, days)


def _next(line: str, after: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    local = after.astimezone(zone)
    start, wait, _now = _crontab(line, local).remaining_delta(local, tz=zone)
    found: datetime = start + wait
    return found


def _crontab(line: str, moment: datetime) -> crontab:
    parts = line.split()
    try:
        minute, hour, day, month, weekday = parts
        return crontab(
            minute=minute,
            hour=hour,
            day_of_month=day,
            month_of_year=month,
            day_of_week=weekday,
            nowfun=lambda: moment,
        )
    except (ValueError, ParseException) as error:
        text = _("“%(line)s” is no schedule: minute, hour, day, month, weekday.")
        raise DomainError(
            text % {"line": line}, code="format", fields={"schedule": text}
        ) from error
