"""Tables of the operator's part."""

from .alarms import Alarm, AlarmRule, AlarmStep
from .figures import Flow, Traffic
from .reminders import Reminder
from .reports import ExchangeReport
from .schedules import Schedule

__all__ = [
    "Alarm",
    "AlarmRule",
    "AlarmStep",
    "ExchangeReport",
    "Flow",
    "Reminder",
    "Schedule",
    "Traffic",
]
