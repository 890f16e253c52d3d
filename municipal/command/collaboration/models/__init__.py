"""Everything that collaborative work keeps."""

from .duty import (
    AutoDispatch,
    DepartmentType,
    DutyChoice,
    DutyCount,
    DutyRevision,
    DutyRule,
    DutySuggestion,
)
from .merging import Batch, Merge
from .parts import DistrictCase, DistrictPlatform, Part, StageRecord
from .pressure import FollowUp, Instruction, Meeting, Notice, NoticeEntry
from .systems import Callback, DispatchSystem, PushedCase, SystemMapping

__all__ = [
    "AutoDispatch",
    "Batch",
    "Callback",
    "DepartmentType",
    "DispatchSystem",
    "DistrictCase",
    "DistrictPlatform",
    "DutyChoice",
    "DutyCount",
    "DutyRevision",
    "DutyRule",
    "DutySuggestion",
    "FollowUp",
    "Instruction",
    "Meeting",
    "Merge",
    "Notice",
    "NoticeEntry",
    "Part",
    "PushedCase",
    "StageRecord",
    "SystemMapping",
]
