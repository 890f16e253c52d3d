"""Code maps, tasks, runs, pairs, masters."""

from .codes import CodeEntry, CodeMap, CodeMapVersion, UnmatchedCode
from .masters import Master, MasterRevision, Member
from .pairs import Pair
from .runs import Run
from .tasks import Task, TaskVersion

__all__ = [
    "CodeEntry",
    "CodeMap",
    "CodeMapVersion",
    "Master",
    "MasterRevision",
    "Member",
    "Pair",
    "Run",
    "Task",
    "TaskVersion",
    "UnmatchedCode",
]
