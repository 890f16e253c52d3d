"""Key tasks, drafted and issued through their services."""

from datetime import timedelta

from platform_core.common.clock import now
from platform_core.regions.models import Node
from platform_core.systems.supervision import services
from platform_core.systems.supervision.models import Assignment, Task

from .accounts import OrgUnitFactory, UserFactory
from .regions import NodeFactory

CONTENT = "对辖区窨井盖开展全面排查，建立问题台账，限期整改。"


def later(days: float = 20):
    """A moment so many days from now."""
    return now() + timedelta(days=days)


def draft(by=None, **values) -> Task:
    """A complete draft for one unit of this node."""
    by = by or UserFactory(roles=["bureau_leader"])
    if "targets" not in values:
        values["targets"] = [services.Target(unit=OrgUnitFactory().code)]
    values.setdefault("deadline", later())
    values.setdefault("title", "城市窨井盖安全隐患排查整治专项行动")
    values.setdefault("content", CONTENT)
    return services.draft_task(by=by, **values)


def issued(by=None, leader=None, **values) -> Task:
    """A task that has been approved and given to its receivers."""
    by = by or UserFactory(roles=["bureau_leader"])
    task = draft(by, **values)
    services.submit_for_approval(task=task, by=by)
    return services.approve_and_issue(task=task, by=leader or by)


def local_assignment(unit=None, **values) -> Assignment:
    """An assignment to a unit of this node, just issued."""
    unit = unit or OrgUnitFactory()
    task = issued(targets=[services.Target(unit=unit.code)], **values)
    return task.assignments.get()


def child_assignment(code="P37000001", own="N10000001", **values) -> Assignment:
    """An assignment to a platform below, just issued."""
    NodeFactory(code=code)
    Node.objects.filter(code=code).update(parent_code=own)
    task = issued(targets=[services.Target(node=code)], **values)
    return task.assignments.get()
