"""What another version would make of recorded histories, and moving to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import transaction

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.processes.models import (
    ProcessDefinition,
    ProcessInstance,
    ProcessStep,
)
from platform_core.workflow import engine
from platform_core.workflow.definition import Definition
from platform_core.workflow.errors import StepRefused

CHUNK = 500


@dataclass(frozen=True)
class Obstacle:
    """The first recorded step that a definition has no place for.

    `seq` is 0 where the steps fit but end in another state.
    """

    instance: int
    seq: int
    action: str
    state: str
    why: str


@dataclass(frozen=True)
class MoveReport:
    """How many instances fit a definition, and what stops the others."""

    total: int
    fitting: int
    obstacles: tuple[Obstacle, ...]
    moved: int = 0


def replay_history(draft: ProcessDefinition) -> MoveReport:
    """What a draft would do to all recorded histories of its process."""
    definition = Definition.from_dict(draft.body)
    instances = ProcessInstance.objects.filter(definition__code=draft.code)
    total, obstacles = 0, []
    for chunk in _chunks(list(instances.order_by("pk").values_list("pk", flat=True))):
        rows = list(ProcessInstance.objects.filter(pk__in=chunk))
        total += len(rows)
        obstacles += _obstacles(definition, rows)
    return MoveReport(total, total - len(obstacles), tuple(obstacles))


def move_instances(
    code: str,
    *,
    from_version: int,
    to_version: int,
    dry_run: bool = True,
    by: User | None = None,
) -> MoveReport:
    """Pin running instances to another version where their history fits it."""
    old = ProcessDefinition.objects.get(code=code, version=from_version)
    new = ProcessDefinition.objects.get(code=code, version=to_version)
    definition = Definition.from_dict(new.body)
    running = ProcessInstance.objects.filter(definition=old, ended_at=None)
    total, moved, obstacles = 0, 0, []
    for chunk in _chunks(list(running.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            rows = list(running.filter(pk__in=chunk).select_for_update(of=("self",)))
            found = _obstacles(definition, rows)
            blocked = {item.instance for item in found}
            fitting = [row.pk for row in rows if row.pk not in blocked]
            if not dry_run:
                moved += running.filter(pk__in=fitting).update(definition=new)
        total += len(rows)
        obstacles += found
    if moved:
        data = {"from": from_version, "to": to_version, "count": moved}
        audit.record("process.moved", new, by=by, data=data)
    return MoveReport(total, total - len(obstacles), tuple(obstacles), moved)


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(keys), CHUNK):
        yield keys[first : first + CHUNK]


def _obstacles(
    definition: Definition, instances: list[ProcessInstance]
) -> list[Obstacle]:
    steps = ProcessStep.objects.filter(
        instance_id__in=[item.pk for item in instances]
    ).order_by("instance_id", "seq")
    by_instance = {
        key: list(group) for key, group in groupby(steps, attrgetter("instance_id"))
    }
    found = (
        _obstacle(definition, item, by_instance.get(item.pk, [])) for item in instances
    )
    return [item for item in found if item]


def _obstacle(
    definition: Definition, instance: ProcessInstance, steps: list[ProcessStep]
) -> Obstacle | None:
    state = definition.initial
    for step in steps:
        try:
            state = engine.follow(definition, state, step.action)
        except StepRefused as refused:
            why = refused.code
        else:
            why = "" if state == step.to_state else "other_target"
        if why:
            return Obstacle(
                instance.pk, step.seq, step.action, step.from_state, str(why)
            )
    if state != instance.state:
        return Obstacle(instance.pk, 0, "", state, "other_state")
    return None
