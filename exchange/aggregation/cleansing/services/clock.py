"""How long a sender has, by working time."""

from datetime import datetime

from exchange.aggregation.cleansing.models import Sender
from platform_core.calendars import services as calendars
from platform_core.calendars.enums import Unit


def due_at(sender: Sender, start: datetime) -> datetime:
    """The moment by which its problems are to be settled."""
    return calendars.deadline(start, sender.days, Unit.WORK_DAY).at
