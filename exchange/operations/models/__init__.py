"""Tables of the operator's part."""

from .alarms import Alarm, AlarmRule, AlarmStep
from .figures import Flow, Traffic
from .reminders import Reminder
from .reports import MonthlyReport
from .schedules import Schedule

__all__ = [
    "Alarm",
    "AlarmRule",
    "AlarmStep",
    "Flow",
    "MonthlyReport",
    "Reminder",
    "Schedule",
    "Traffic",
]
