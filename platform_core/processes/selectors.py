"""Definitions in force and histories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from platform_core.accounts.models import User
from platform_core.common.snapshots import Snapshot
from platform_core.workflow.definition import Definition, State

from .enums import DefinitionStatus
from .labels import action_label, role_label, state_label
from .models import ProcessDefinition, ProcessInstance, ProcessStep

snapshot = Snapshot("processes")


@dataclass(frozen=True)
class Pinned:
    """A stored version, ready to run."""

    pk: int
    version: int
    definition: Definition


@dataclass(frozen=True)
class HistoryStep:
    """One line of a timeline, with names in the reader's language."""

    seq: int
    action: str
    action_name: str
    from_state: str
    from_name: str
    to_state: str
    to_name: str
    at: datetime
    by_name: str
    role: str
    role_name: str
    unit_name: str
    note: str
    data: dict[str, Any]
    elapsed_seconds: int
    overdue: bool


# What of it stands in the table; the rest are names.
STORED = (
    *("seq", "action", "from_state", "to_state", "at", "by_name", "role"),
    *("unit_name", "note", "data", "elapsed_seconds", "overdue"),
)


class PastStep(NamedTuple):
    """What later steps want to know of one that was made; the unit is the person's."""

    pk: int
    action: str
    to_state: str
    at: datetime
    by: int | None
    unit: int | None
    overdue: bool
    data: dict[str, Any]


def published(code: str) -> Pinned:
    """The version of a process that new instances begin with, cached."""

    def load() -> Pinned:
        row = ProcessDefinition.objects.get(
            code=code, status=DefinitionStatus.PUBLISHED
        )
        return snapshot.get(row.pk, lambda: _pinned(row))

    return snapshot.get(code, load)


def definition(code: str) -> Definition:
    """The published definition of a process, cached."""
    return published(code).definition


def definition_of(instance: ProcessInstance) -> Definition:
    """The definition that an instance is pinned to, cached."""
    pk = instance.definition_id

    def load() -> Pinned:
        return _pinned(ProcessDefinition.objects.get(pk=pk))

    return snapshot.get(pk, load).definition


def _pinned(row: ProcessDefinition) -> Pinned:
    return Pinned(row.pk, row.version, Definition.from_dict(row.body))


def state(instance: ProcessInstance) -> State:
    """The present state with its stage, clock and names."""
    return definition_of(instance).by_code[instance.state]


def state_name(instance: ProcessInstance) -> str:
    """Name of the present state in the reader's language."""
    return state_label(definition_of(instance), instance.state)


def steps_of(user: User) -> QuerySet[ProcessStep, int]:
    """The processes in which somebody made a step, as keys for a filter."""
    return ProcessStep.objects.filter(by=user).values_list("instance", flat=True)


def history(instance: ProcessInstance) -> list[HistoryStep]:
    """All steps of an instance, oldest first; one query."""
    known = definition_of(instance)
    steps = ProcessStep.objects.filter(instance=instance).order_by("seq")
    return [
        HistoryStep(
            **row,
            action_name=action_label(known, row["from_state"], row["action"]),
            from_name=state_label(known, row["from_state"]),
            to_name=state_label(known, row["to_state"]),
            role_name=role_label(known, row["role"]),
        )
        for row in steps.values(*STORED)
    ]


def before(step: ProcessStep) -> list[PastStep]:
    """The steps of the same process before one of them, oldest first; one query."""
    steps = ProcessStep.objects.filter(instance=step.instance_id, seq__lt=step.seq)
    rows = steps.order_by("seq").values_list(
        *("pk", "action", "to_state", "at", "by_id", "by__unit_id", "overdue", "data")
    )
    return [PastStep(*row) for row in rows]
