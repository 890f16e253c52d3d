"""Joint handling: parts are given, signed, answered; records on the way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from municipal.command.collaboration import policies
from municipal.command.collaboration.enums import OPEN_PARTS, PartKind, PartState
from municipal.command.collaboration.models import Part, StageRecord
from municipal.command.enums import TERMINAL, Purpose
from municipal.command.listeners import Happened
from municipal.command.models import Case
from municipal.command.services.steps import lock
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.files import services as files
from platform_core.files.models import Attachment

from . import district
from .common import handlers, require, required, tell

TAKEN_AWAY = frozenset({"redispatch", "back_filing"})


@transaction.atomic
def send(
    *,
    case: Case,
    kind: str,
    unit: OrgUnit,
    by: User | None,
    person: User | None = None,
    task: str = "",
    deadline: datetime | None = None,
) -> Part:
    """Give a unit, team or person a part; once more changes nothing."""
    case = lock(case)
    known = Part.objects.open().filter(case=case, kind=kind, unit=unit, person=person)
    if found := known.first():
        return found
    _check_unit(case, kind, unit)
    serial = Part.objects.filter(case=case).aggregate(n=Count("pk"))["n"] + 1
    part = Part.objects.create(
        case=case,
        number=f"{case.number}-{serial:02d}",
        kind=kind,
        unit=unit,
        person=person,
        task=task[:500],
        deadline=deadline or case.handling_deadline,
        sent_by=by,
        created_at=clock.now(),
    )
    audit.record("part.sent", part, by=by, data={"unit": unit.code, "kind": kind})
    tell(
        [person] if person else handlers(unit),
        title=_("A part of a case: %(title)s") % {"title": case.title},
        body=task or part.number,
        link=part.get_absolute_url(),
    )
    return part


def _check_unit(case: Case, kind: str, unit: OrgUnit) -> None:
    problem = ""
    if not unit.is_active:
        problem = _("This unit is no longer active.")
    elif kind == PartKind.ASSIST and unit.pk == case.handling_unit_id:
        problem = _("The unit that leads cannot assist itself.")
    if problem:
        raise DomainError(problem, fields={"unit": problem})


@transaction.atomic
def involve(
    *,
    case: Case,
    units: Sequence[OrgUnit],
    by: User,
    task: str = "",
    deadline: datetime | None = None,
) -> list[Part]:
    """Call in units that assist the one that leads."""
    require(policies.may_involve(case, by), _("You may not call in units here."))
    return [
        send(
            case=case,
            kind=PartKind.ASSIST,
            unit=unit,
            by=by,
            task=task,
            deadline=deadline,
        )
        for unit in units
    ]


@transaction.atomic
def give_to_team(
    *,
    case: Case,
    unit: OrgUnit,
    by: User,
    person: User | None = None,
    task: str = "",
    deadline: datetime | None = None,
) -> Part:
    """Give the case on to a team or person inside the unit that has it."""
    require(policies.may_give_on(case, by), _("The case is with another unit."))
    if not policies.below(unit, by):
        text = _("Choose a team of your own unit.")
        raise DomainError(text, fields={"unit": text})
    if case.handling_deadline and deadline and deadline > case.handling_deadline:
        text = _("The team's deadline cannot be later than that of the case.")
        raise DomainError(text, fields={"deadline": text})
    return send(
        case=case,
        kind=PartKind.TEAM,
        unit=unit,
        by=by,
        person=person,
        task=task,
        deadline=deadline,
    )


def _held(part: Part) -> Part:
    found = Part.objects.select_for_update(of=("self",)).select_related("unit", "case")
    return found.get(pk=part.pk)


@transaction.atomic
def sign(*, part: Part, by: User) -> Part:
    """Take a part on."""
    part = _held(part)
    require(policies.may_work(part, by), _("This part is not yours."))
    if part.state != PartState.SENT:
        raise Conflict(_("This part was signed already."))
    part.state, part.signed_by, part.signed_at = PartState.SIGNED, by, clock.now()
    part.touch()
    part.save()
    audit.record("part.signed", part, by=by)
    return part


@transaction.atomic
def answer(
    *,
    part: Part,
    by: User,
    result: str,
    cost: Decimal | None = None,
    attachments: Sequence[Attachment] = (),
) -> Part:
    """Say that a part is done, with pictures and cost."""
    part = _held(part)
    require(policies.may_work(part, by), _("This part is not yours."))
    if part.state == PartState.SENT:
        raise Conflict(_("Sign the part first."))
    text = required(result, "result", _("Say what was done."))
    files.attach(attachments, part, purpose=Purpose.HANDLE)
    if cost:
        note_stage(case=part.case, part=part, by=by, text=text, cost=cost)
    _end(part, PartState.ANSWERED, by, text)
    tell(
        handlers(part.case.handling_unit),
        title=_("A part was answered: %(title)s") % {"title": part.case.title},
        body=text,
        link=part.case.get_absolute_url(),
    )
    return part


@transaction.atomic
def refuse(*, part: Part, by: User, reason: str) -> Part:
    """Say that a part is not one's own business."""
    part = _held(part)
    require(policies.may_work(part, by), _("This part is not yours."))
    _end(part, PartState.REFUSED, by, required(reason, "reason", _("Say why.")))
    if part.sent_by:
        tell(
            [part.sent_by],
            title=_("A part was refused: %(title)s") % {"title": part.case.title},
            body=part.result,
            link=part.case.get_absolute_url(),
            level="warning",
        )
    return part


@transaction.atomic
def withdraw(*, part: Part, by: User | None, reason: str) -> Part:
    """Take a part back that is still open."""
    part = _held(part)
    if not part.is_open:
        raise Conflict(_("This part has ended already."))
    if by is not None:
        may = policies.may_involve(part.case, by) or part.sent_by_id == by.pk
        require(may, _("You may not take this part back."))
    _end(part, PartState.WITHDRAWN, by, reason)
    return part


def _end(part: Part, state: str, by: User | None, result: str) -> None:
    part.state, part.ended_by, part.ended_at = state, by, clock.now()
    part.result = result[:2000]
    part.touch()
    part.save()
    audit.record(f"part.{state}", part, by=by, data={"result": part.result})
    if part.kind == PartKind.INNER:
        district.part_ended(part)


@transaction.atomic
def note_stage(
    *,
    case: Case,
    by: User,
    text: str,
    cost: Decimal | None = None,
    part: Part | None = None,
    attachments: Sequence[Attachment] = (),
) -> StageRecord:
    """Note what was done on the way and what it cost; never changed afterwards."""
    require(policies.may_record(case, by), _("You do not work on this case."))
    unit = part.unit if part else by.unit
    assert unit is not None
    if cost is not None and cost < 0:
        message = _("A cost is not negative.")
        raise DomainError(message, fields={"cost": message})
    record = StageRecord.objects.create(
        case=case,
        part=part,
        unit=unit,
        text=required(text, "text", _("Say what was done.")),
        cost=cost or 0,
        by=by,
        at=clock.now(),
    )
    files.attach(attachments, record, purpose=Purpose.HANDLE)
    audit.record("part.stage_noted", case, by=by, data={"cost": record.cost})
    return record


# What follows from the steps of the case -------------------------------------


def follow(happened: Happened) -> None:
    """Call in the units named with a dispatch; end parts that lost their case."""
    case, given = happened.case, happened.given
    if happened.action in TAKEN_AWAY or case.state in TERMINAL:
        _end_open(case, happened, tuple(PartKind.values))
    if happened.action == "feedback":
        _end_open(case, happened, (PartKind.TEAM,))
    if happened.action in {"dispatch", "redispatch"}:
        for unit in given.get("assisting") or ():
            send(
                case=case,
                kind=PartKind.ASSIST,
                unit=unit,
                by=happened.by,
                task=str(given.get("assist_task") or ""),
                deadline=given.get("assist_until"),
            )


def _end_open(case: Case, happened: Happened, kinds: Sequence[str]) -> None:
    for part in Part.objects.open().filter(case=case, kind__in=kinds):
        withdraw(part=part, by=None, reason=_("The case went on."))


def open_assisting(case: Case) -> list[Part]:
    """The assisting parts that are not back yet."""
    rows = Part.objects.filter(
        case=case, kind=PartKind.ASSIST, state__in=OPEN_PARTS
    ).select_related("unit")
    return list(rows)


def object_to_feedback(case: Case, action: str, given: Mapping[str, Any] | None) -> str:
    """The lead answers after those who assist, or says why not."""
    if action != "feedback" or given is None or given.get("without_parts"):
        return ""
    waiting = open_assisting(case)
    if not waiting:
        return ""
    names = "、".join(str(part.unit) for part in waiting)
    return _("Not back yet: %(units)s. Wait, or give a reason.") % {"units": names}
