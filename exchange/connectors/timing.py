"""When a flow runs: lines of cron, in the platform's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab
from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError


def check(line: str) -> str:
    """A line of cron, or empty for never; DomainError for what is neither."""
    if line.strip():
        _crontab(line, datetime.now(ZoneInfo(settings.TIME_ZONE)))
    return line.strip()


def following(line: str, after: datetime) -> datetime | None:
    """The next moment behind another one; None where there is no schedule."""
    if not line:
        return None
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
