"""Models of performance evaluation."""

from .appeals import Appeal
from .flags import ClosedDay, Exemption, RollUp, StepFlags
from .runs import Result, Run
from .schemes import Scheme, Timetable

__all__ = [
    "Appeal",
    "ClosedDay",
    "Exemption",
    "Result",
    "RollUp",
    "Run",
    "Scheme",
    "StepFlags",
    "Timetable",
]
