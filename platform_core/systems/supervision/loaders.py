"""The processes that ship with key tasks."""

import json
from pathlib import Path

from platform_core.processes.services import ship
from platform_core.workflow.definition import Definition

from .enums import ASSIGNMENT_PROCESS, TASK_PROCESS

FOLDER = Path(__file__).parent / "definitions"
SHIPPED = (
    (ASSIGNMENT_PROCESS, "assignment.json", "重点工作任务办理"),
    (TASK_PROCESS, "task.json", "重点工作任务审批"),
)


def load_processes() -> str:
    """Store the two definitions; a version only where they changed."""
    for code, name, title in SHIPPED:
        text = (FOLDER / name).read_text(encoding="utf-8")
        ship(code, title, Definition.from_dict(json.loads(text)))
    return f"{len(SHIPPED)} processes"
