"""Moments and durations in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.clock import now

MINUTE, HOUR, DAY = 60, 3600, 86400


def duration(seconds: float) -> str:
    """A span of time in its two largest units."""
    total = int(abs(seconds))
    if total < MINUTE:
        return _("%(count)s s") % {"count": total}
    if total < HOUR:
        return _("%(count)s min") % {"count": total // MINUTE}
    if total < DAY:
        hours, minutes = total // HOUR, total % HOUR // MINUTE
        if not minutes:
            return _("%(count)s h") % {"count": hours}
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    days, hours = total // DAY, total % DAY // HOUR
    if not hours:
        return _("%(count)s d") % {"count": days}
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}


def stamp(moment: datetime, *, seconds: bool = False) -> str:
    """A moment in the platform's time zone, to the minute or second."""
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return timezone.localtime(moment).strftime(form)


def relative(moment: datetime) -> str:
    """How long ago, for a week; then the date."""
    seconds = (now() - moment).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    if abs(seconds) > 7 * DAY:
        return stamp(moment)
    if seconds < 0:
        return _("in %(time)s") % {"time": duration(seconds)}
    return _("%(time)s ago") % {"time": duration(seconds)}


def remaining(moment: datetime) -> str:
    """Time left until a deadline, or how much it is overdue."""
    seconds = (moment - now()).total_seconds()
    text = duration(seconds)
    if seconds < 0:
        return _("%(time)s overdue") % {"time": text}
    return _("%(time)s left") % {"time": text}
