"""Phones and what is done on them; duty, tracks and what helps to lead."""

from .duty import Attendance, Leave, RosterEntry, Shift
from .helpers import RollAnswer, RollCall, WorkLog
from .rules import PatrolRules
from .sync import Device, SyncEntry
from .track import Mark, TrackPoint

__all__ = [
    "Attendance",
    "Device",
    "Leave",
    "Mark",
    "PatrolRules",
    "RollAnswer",
    "RollCall",
    "RosterEntry",
    "Shift",
    "SyncEntry",
    "TrackPoint",
    "WorkLog",
]
