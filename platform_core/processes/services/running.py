"""Run processes: start, see what is possible, take a step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, TransitionNotAllowed
from platform_core.processes.guards import reason_text
from platform_core.processes.labels import (
    action_label,
    role_label,
    state_label,
    transition_label,
)
from platform_core.processes.models import ProcessInstance, ProcessStep
from platform_core.processes.selectors import definition_of, published
from platform_core.workflow import engine
from platform_core.workflow.definition import SYSTEM, Definition, Transition
from platform_core.workflow.errors import Refusal, StepRefused


@dataclass(frozen=True)
class ActionOption:
    """What a user may do now, or why not; pages show both."""

    code: str
    name: str
    allowed: bool
    why: str
    reason_required: bool
    target: str
    role: str
    form: str


def start(code: str, *, at: datetime | None = None) -> ProcessInstance:
    """Begin a process in the initial state of the published version."""
    instance = begun(code, at=at)
    instance.save(force_insert=True)
    return instance


def begun(code: str, *, at: datetime | None = None) -> ProcessInstance:
    """A process whose first step follows at once: that step stores it as well."""
    pinned = published(code)
    moment = at or now()
    return ProcessInstance(
        definition_id=pinned.pk,
        state=pinned.definition.initial,
        entered_at=moment,
        started_at=moment,
    )


def options(
    instance: ProcessInstance,
    *,
    by: User | None = None,
    roles: Iterable[str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> list[ActionOption]:
    """All actions of the present state, each once, with the reason why not."""
    definition = definition_of(instance)
    grouped: dict[str, list[engine.Option]] = {}
    for option in engine.options(
        definition, instance.state, _roles(by, roles), facts or {}
    ):
        grouped.setdefault(option.transition.action, []).append(option)
    return [_action_option(definition, ways) for ways in grouped.values()]


def _action_option(definition: Definition, ways: list[engine.Option]) -> ActionOption:
    option = engine.best(ways)
    step = option.transition
    roles = [way.transition.role for way in ways]
    return ActionOption(
        code=step.action,
        name=transition_label(step),
        allowed=option.allowed,
        why=_why(definition, option.why, roles) if option.why else "",
        reason_required=step.reason_required,
        target=step.target,
        role=step.role,
        form=step.form,
    )


def fire(
    instance: ProcessInstance,
    action: str,
    *,
    by: User | None = None,
    roles: Iterable[str] | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    overdue: bool = False,
    by_name: str = "",
    unit_name: str = "",
) -> ProcessStep:
    """Take a step, or say why not; of several at the same moment one wins.

    Two queries: the compare-and-set on the step count, and the new row. Name
    and unit are the user's unless given, as for somebody of another platform.
    """
    definition, held = definition_of(instance), _roles(by, roles)
    try:
        transition = engine.fire(
            definition,
            instance.state,
            action,
            held,
            note=note,
            facts=facts or {},
        )
    except StepRefused as refused:
        raise _not_allowed(instance, definition, refused) from refused
    step = _next_step(instance, transition)
    step.by, step.role = by, SYSTEM if held == {SYSTEM} else transition.role
    step.by_name = by_name or str(by or "")
    step.unit_name = unit_name or str((by and by.unit) or "")
    step.note, step.data, step.overdue = note, dict(data or {}), overdue
    if not _stored(instance, step, definition):
        raise _too_late(instance, definition)
    return step


def _stored(
    instance: ProcessInstance, step: ProcessStep, definition: Definition
) -> bool:
    """Write a step unless somebody was faster; no savepoint is needed for that."""
    after = {
        "state": step.to_state,
        "entered_at": step.at,
        "step_count": step.seq,
        "ended_at": step.at if definition.by_code[step.to_state].terminal else None,
    }
    with transaction.atomic(savepoint=False):
        if not instance._state.adding and not _advanced(instance, after):
            return False
        for name, value in after.items():
            setattr(instance, name, value)
        if instance._state.adding:
            instance.save(force_insert=True)
        step.instance_id = instance.pk
        step.save(force_insert=True)
    return True


def _advanced(instance: ProcessInstance, after: Mapping[str, Any]) -> bool:
    """Compare and set: whether the process was still where it is thought to be."""
    unchanged = ProcessInstance.objects.filter(
        pk=instance.pk,
        step_count=instance.step_count,
        definition_id=instance.definition_id,
    )
    return bool(unchanged.update(**after))


def _next_step(instance: ProcessInstance, transition: Transition) -> ProcessStep:
    moment = now()
    elapsed = (moment - instance.entered_at).total_seconds()
    return ProcessStep(
        instance=instance,
        seq=instance.step_count + 1,
        action=transition.action,
        from_state=instance.state,
        to_state=transition.target,
        at=moment,
        elapsed_seconds=max(0, int(elapsed)),
    )


def _roles(by: User | None, roles: Iterable[str] | None) -> frozenset[str]:
    if roles is not None:
        return frozenset(roles)
    return by.role_codes if by else frozenset({SYSTEM})


def _why(definition: Definition, code: str, roles: Iterable[str]) -> str:
    if code == Refusal.ROLE:
        comma = pgettext("between roles", ", ")
        names = comma.join(role_label(definition, role) for role in roles)
        return _("only %(roles)s may do this") % {"roles": names}
    if code == Refusal.REASON_REQUIRED:
        return _("a reason is required")
    return reason_text(code)


def _not_allowed(
    instance: ProcessInstance, definition: Definition, refused: StepRefused
) -> TransitionNotAllowed:
    names = {
        "action": action_label(definition, refused.state, refused.action),
        "state": state_label(definition, refused.state),
    }
    if refused.code == Refusal.ENDED:
        text = _("“%(state)s” is final; nothing can be done any more.") % names
    elif refused.code in {Refusal.NOT_HERE, Refusal.UNKNOWN_STATE}:
        text = _("This cannot be done in the state “%(state)s”.") % names
    else:
        names["why"] = _why(definition, refused.code, refused.roles)
        text = _("“%(action)s” in the state “%(state)s”: %(why)s.") % names
    if refused.code in {Refusal.ENDED, Refusal.NOT_HERE}:
        text = f"{text} {_last_step(instance, definition)}".strip()
    return TransitionNotAllowed(
        text,
        fields={
            "reason": refused.code,
            "state": refused.state,
            "action": refused.action,
        },
    )


def _too_late(instance: ProcessInstance, definition: Definition) -> Conflict:
    text = _("Somebody else was faster; please look at the present state.")
    return Conflict(f"{text} {_last_step(instance, definition)}".strip())


def _last_step(instance: ProcessInstance, definition: Definition) -> str:
    """Who acted last and when, in words; empty before the first step."""
    last = ProcessStep.objects.filter(instance_id=instance.pk).order_by("-seq").first()
    if last is None:
        return ""
    return _("Last step: “%(action)s” by %(name)s at %(time)s.") % {
        "action": action_label(definition, last.from_state, last.action),
        "name": last.by_name or role_label(definition, last.role),
        "time": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M:%S"),
    }
