"""Tasks, their assignments to receivers, and the messages about them."""

from .assignment import Assignment
from .messages import Feedback, Notice
from .reminders import Reminder, ReminderRule
from .task import Task

__all__ = ["Assignment", "Feedback", "Notice", "Reminder", "ReminderRule", "Task"]
