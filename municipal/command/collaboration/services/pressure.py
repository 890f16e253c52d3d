"""Supervision notices, instructions, consultations and meetings."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command.collaboration import policies
from municipal.command.collaboration.enums import OPEN_NOTICES, NoticeState
from municipal.command.collaboration.models import (
    FollowUp,
    Instruction,
    Meeting,
    Notice,
    NoticeEntry,
)
from municipal.command.enums import TERMINAL
from municipal.command.listeners import Happened
from municipal.command.models import Case
from municipal.command.services.steps import lock
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import Sequence

from .common import handlers, keep, require, required, tell


@transaction.atomic
def supervise(
    *, case: Case, by: User, level: str, requirement: str, due: datetime
) -> Notice:
    """Issue a formal notice to the unit of a case; the state stays."""
    case = lock(case)
    require(policies.may_supervise(case, by), _("This case cannot be supervised now."))
    assert case.handling_unit is not None
    now = clock.now()
    if due <= now:
        text = _("The answer must be due in the future.")
        raise DomainError(text, fields={"due": text})
    year = timezone.localtime(now).year
    notice = Notice.objects.create(
        case=case,
        number=f"DB{year}{Sequence.take(f'case.notice:{year}'):05d}",
        level=level,
        unit=case.handling_unit,
        requirement=required(requirement, "requirement", _("Say what is required.")),
        due=due,
        issued_by=by,
        created_at=now,
    )
    _set_level(case)
    audit.record("notice.issued", notice, by=by, data={"level": level})
    tell(
        handlers(case.handling_unit),
        title=_("Supervision notice %(number)s") % {"number": notice.number},
        body=requirement,
        link=notice.get_absolute_url(),
        level="urgent",
    )
    return notice


def _set_level(case: Case) -> None:
    """The case bears the highest level of its notices that are not released."""
    rows = Notice.objects.filter(case=case).exclude(state=NoticeState.RELEASED)
    case.supervise_level = max((int(row.level) for row in rows), default=0)
    keep(case)


def _held(notice: Notice) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",))
    return rows.select_related("case", "unit", "issued_by").get(pk=notice.pk)


def _say(notice: Notice, action: str, text: str, by: User | None) -> None:
    NoticeEntry.objects.create(
        notice=notice, action=action, text=text, by=by, at=clock.now()
    )
    notice.touch()
    notice.save()
    audit.record(f"notice.{action}", notice, by=by, data={"text": text})


@transaction.atomic
def reply(*, notice: Notice, by: User, text: str) -> Notice:
    """Answer a notice for the unit."""
    notice = _held(notice)
    require(policies.may_reply(notice, by), _("There is nothing for you to answer."))
    notice.state = NoticeState.REPLIED
    _say(notice, "reply", required(text, "text", _("Say what was done.")), by)
    tell(
        [notice.issued_by],
        title=_("Answer to %(number)s") % {"number": notice.number},
        body=text,
        link=notice.get_absolute_url(),
    )
    return notice


@transaction.atomic
def judge(*, notice: Notice, by: User, satisfied: bool, text: str = "") -> Notice:
    """Release a notice, or ask again; the rounds are counted."""
    notice = _held(notice)
    require(policies.may_judge(notice, by), _("There is no answer to judge."))
    if satisfied:
        notice.state, notice.released_at = NoticeState.RELEASED, clock.now()
        _say(notice, "release", text, by)
    else:
        notice.state, notice.round = NoticeState.OPEN, notice.round + 1
        _say(notice, "again", required(text, "text", _("Say what is missing.")), by)
    _set_level(lock(notice.case))
    tell(
        handlers(notice.unit),
        title=_("%(number)s was judged") % {"number": notice.number},
        body=text,
        link=notice.get_absolute_url(),
    )
    return notice


def follow(happened: Happened) -> None:
    """End the notices that are still open when their case ends."""
    case = happened.case
    if case.state not in TERMINAL:
        return
    rows = Notice.objects.select_for_update(of=("self",)).filter(case=case)
    waiting = rows.filter(state__in=OPEN_NOTICES).select_related("unit", "issued_by")
    for notice in waiting.order_by("pk"):
        _end(notice, happened)


def _end(notice: Notice, happened: Happened) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("The case ended: %(state)s") % {
            "state": happened.case.get_state_display()
        }
    notice.state = NoticeState.ENDED
    _say(notice, "end", text, happened.by)
    tell(
        {notice.issued_by, *handlers(notice.unit)},
        title=_("%(number)s ended with its case") % {"number": notice.number},
        body=text,
        link=notice.get_absolute_url(),
    )


@transaction.atomic
def instruct(
    *, case: Case, by: User, text: str, unit: OrgUnit | None = None
) -> Instruction:
    """Write a leader's instruction; the case is important from then on."""
    case = lock(case)
    require(policies.may_instruct(case, by), _("You may not instruct here."))
    told = unit or case.handling_unit
    found = Instruction.objects.create(
        case=case,
        text=required(text, "text", _("Write the instruction.")),
        unit=told,
        by=by,
        at=clock.now(),
    )
    case.is_important = True
    keep(case)
    audit.record("instruction.written", case, by=by, data={"text": text})
    tell(
        handlers(told),
        title=_("Instruction: %(title)s") % {"title": case.title},
        body=text,
        link=case.get_absolute_url(),
        level="urgent",
    )
    return found


@transaction.atomic
def answer_instruction(*, instruction: Instruction, by: User, text: str) -> Instruction:
    """Answer an instruction, once."""
    rows = Instruction.objects.select_for_update(of=("self",))
    held = rows.select_related("unit", "case", "by").get(pk=instruction.pk)
    mine = policies.below(held.unit, by) or by.has_perm("command.dispatch_case")
    require(mine, _("The instruction went to another unit."))
    if held.answered_at is not None:
        raise Conflict(_("This instruction was answered already."))
    held.answer = required(text, "text", _("Say what was done."))
    held.answered_by, held.answered_at = by, clock.now()
    held.save()
    audit.record("instruction.answered", held.case, by=by, data={"text": text})
    tell(
        [held.by],
        title=_("Answer to your instruction: %(title)s") % {"title": held.case.title},
        body=text,
        link=held.case.get_absolute_url(),
    )
    return held


class Task(NamedTuple):
    """What a unit has to do after a meeting."""

    unit: OrgUnit
    task: str
    due: date | None = None


@transaction.atomic
def record_meeting(
    *,
    case: Case,
    by: User,
    kind: str,
    title: str,
    held_at: datetime,
    conclusions: str,
    units: Iterable[OrgUnit] = (),
    follow_ups: Iterable[Task] = (),
    venue: str = "",
    host: str = "",
    people: str = "",
) -> Meeting:
    """Write down a consultation or meeting with what follows from it."""
    require(policies.may_coordinate(case, by), _("You may not record meetings here."))
    meeting = Meeting.objects.create(
        case=case,
        kind=kind,
        title=title,
        held_at=held_at,
        venue=venue,
        host=host,
        people=people,
        conclusions=required(conclusions, "conclusions", _("Write the conclusions.")),
        recorded_by=by,
    )
    meeting.units.set(units)
    for row in follow_ups:
        FollowUp.objects.create(meeting=meeting, **row._asdict())
        tell(
            handlers(row.unit),
            title=_("To do after “%(title)s”") % {"title": title},
            body=row.task,
            link=meeting.get_absolute_url(),
        )
    audit.record("meeting.recorded", case, by=by, data={"title": title})
    return meeting


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User, result: str) -> FollowUp:
    """Say what came of a follow-up, once."""
    rows = FollowUp.objects.select_for_update(of=("self",))
    held = rows.select_related("unit", "meeting__case").get(pk=follow_up.pk)
    mine = policies.below(held.unit, by) or by.pk == held.meeting.recorded_by_id
    require(mine, _("This belongs to another unit."))
    if held.done_at is not None:
        raise Conflict(_("This was done already."))
    held.result = required(result, "result", _("Say what was done."))
    held.done_by, held.done_at = by, clock.now()
    held.save()
    audit.record("meeting.followed_up", held.meeting.case, by=by)
    return held
