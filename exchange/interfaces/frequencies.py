"""How old the newest data of a table may be, by its frequency.  [exchange 6]"""

from datetime import timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The period and the grace behind it together.
ALLOWED = {
    "minute": timedelta(minutes=6),
    "10_minutes": timedelta(minutes=15),
    "hour": HOUR + timedelta(minutes=30),
    "hourly": HOUR + timedelta(minutes=30),
    "day": DAY + 8 * HOUR,
    "daily": DAY + 8 * HOUR,
    "week": 8 * DAY,
    "month": 36 * DAY,
    "monthly": 36 * DAY,
    "quarter": 102 * DAY,
    "quarterly": 102 * DAY,
    "half_year": 204 * DAY,
    "year": 396 * DAY,
}


def allowed(frequency: str) -> timedelta | None:
    """The longest of its periods with the grace; None where none is promised.

    Several are joined by a plus, such as "day+realtime".
    """
    words = frequency.replace("+", " ").replace("/", " ").split()
    return max((ALLOWED[word] for word in words if word in ALLOWED), default=None)
