"""Everything that supervision and command keeps."""

from .board import Change, Count, Spot, Standing
from .contacts import Contact, DutyNotice, NoticeReader
from .duty import (
    DeskDuty,
    DeskShift,
    DutyLog,
    Handover,
    HandoverItem,
    Swap,
)
from .emergencies import (
    CallOut,
    Emergency,
    EmergencyCase,
    EmergencyEntry,
    EmergencyStep,
)
from .plans import EmergencyPlan, EmergencyRules, PlanVersion, Resource
from .screens import Screen
from .video import (
    Detection,
    StreamServer,
    VideoLook,
    VideoPlan,
    VideoPoint,
    VideoWalk,
)

__all__ = [
    "CallOut",
    "Change",
    "Contact",
    "Count",
    "DeskDuty",
    "DeskShift",
    "Detection",
    "DutyLog",
    "DutyNotice",
    "Emergency",
    "EmergencyCase",
    "EmergencyEntry",
    "EmergencyPlan",
    "EmergencyRules",
    "EmergencyStep",
    "Handover",
    "HandoverItem",
    "NoticeReader",
    "PlanVersion",
    "Resource",
    "Screen",
    "Spot",
    "Standing",
    "StreamServer",
    "Swap",
    "VideoLook",
    "VideoPlan",
    "VideoPoint",
    "VideoWalk",
]
