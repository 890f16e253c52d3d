"""Planning the centre's duty: shifts, roster, weeks, changes between people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from municipal.command.centre.common import require, tell, wrong
from municipal.command.centre.desk_enums import OPEN_SWAPS, Post, SwapState
from municipal.command.centre.models import DeskDuty, DeskShift, Swap
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.calendars.selectors import schedule
from platform_core.common import clock
from platform_core.common.errors import Conflict, Forbidden

from .selectors import DAY, works_on

MANAGE = "centre.manage_roster"
MOST_DAYS = 62


@dataclass
class Outcome:
    """What came of planning many days."""

    made: list[DeskDuty] = field(default_factory=list)
    known: int = 0
    off: int = 0


@transaction.atomic
def save_shift(*, shift: DeskShift, by: User) -> DeskShift:
    """Keep a shift; what is planned already keeps its hours."""
    require(by, MANAGE)
    shift.touch()
    shift.save()
    data = {"begins": shift.begins, "ends": shift.ends, "needed": shift.needed}
    audit.record("watch.shift_saved", shift, by=by, data=data)
    return shift


@transaction.atomic
def plan(
    *, person: User, day: date, shift: DeskShift, by: User, post: str = Post.OFFICER
) -> DeskDuty:
    """Put somebody on duty; refused where two duties would overlap."""
    require(by, MANAGE)
    if not works_on(shift, day, schedule()):
        raise wrong("day", _("This shift is not worked on that day."))
    duty = _duty(person, day, shift, post)
    if _overlapping(duty).exists():
        message = _("%(person)s is on duty at that time already.") % {"person": person}
        raise Conflict(message, fields={"person": message})
    duty.save()
    audit.record("watch.planned", duty, by=by, data={"day": day, "post": post})
    return duty


def _duty(person: User, day: date, shift: DeskShift, post: str) -> DeskDuty:
    begin, end = shift.span(day)
    return DeskDuty(
        person=person, day=day, shift=shift, post=post, begins_at=begin, ends_at=end
    )


def _overlapping(duty: DeskDuty) -> QuerySet[DeskDuty]:
    rows: QuerySet[DeskDuty] = DeskDuty.objects.filter(
        person=duty.person_id,
        begins_at__lt=duty.ends_at,
        ends_at__gt=duty.begins_at,
    )
    return rows.exclude(pk=duty.pk)


@transaction.atomic
def remove(*, duty: DeskDuty, by: User) -> None:
    """Take somebody off a duty that has not begun."""
    require(by, MANAGE)
    if duty.begins_at <= clock.now():
        raise Conflict(_("This duty has begun already."))
    audit.record("watch.removed", duty, by=by, data={"day": duty.day})
    duty.delete()


@transaction.atomic
def fill(
    *,
    people: Iterable[User],
    shift: DeskShift,
    first: date,
    last: date,
    by: User,
    post: str = Post.OFFICER,
) -> Outcome:
    """Put people on duty in turn, one a day, on the days the shift is worked."""
    require(by, MANAGE)
    if last < first or (last - first).days > MOST_DAYS:
        message = _("Give a period of at most %(most)s days.") % {"most": MOST_DAYS}
        raise wrong("last", message)
    turn, found, known = list(people), Outcome(), schedule()
    place = 0
    for number in range((last - first).days + 1):
        day = first + DAY * number
        if not works_on(shift, day, known):
            found.off += 1
            continue
        _put(found, _duty(turn[place % len(turn)], day, shift, post))
        place += 1
    data = {"made": len(found.made), "known": found.known, "off": found.off}
    audit.record("watch.filled", shift, by=by, data=data | {"from": first, "to": last})
    return found


def _put(found: Outcome, duty: DeskDuty) -> None:
    if _overlapping(duty).exists():
        found.known += 1
        return
    duty.save()
    found.made.append(duty)


@transaction.atomic
def copy_week(*, source: date, target: date, by: User) -> Outcome:
    """Plan a week like another; days on which a shift is not worked are left out."""
    require(by, MANAGE)
    start, begin = monday(source), monday(target)
    if start == begin:
        raise wrong("target", _("These are the same week."))
    rows = DeskDuty.objects.filter(day__range=(start, start + DAY * 6))
    found, known = Outcome(), schedule()
    for row in rows.select_related("shift", "person").order_by("day", "pk"):
        day = begin + (row.day - start)
        if works_on(row.shift, day, known):
            _put(found, _duty(row.person, day, row.shift, row.post))
        else:
            found.off += 1
    data = {"made": len(found.made), "known": found.known, "off": found.off}
    audit.record("watch.week_copied", by=by, data=data | {"from": start, "to": begin})
    return found


def monday(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


# Changes between people --------------------------------------------------------


@transaction.atomic
def ask_swap(
    *,
    duty: DeskDuty,
    other: User,
    reason: str,
    by: User,
    other_duty: DeskDuty | None = None,
) -> Swap:
    """Ask another person to take one's duty, or to change it for one of theirs."""
    duty = DeskDuty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    if duty.person_id != by.pk:
        raise Forbidden(_("This is the duty of somebody else."))
    if duty.begins_at <= clock.now():
        raise Conflict(_("This duty has begun already."))
    if other.pk == by.pk or (other_duty and other_duty.person_id != other.pk):
        raise wrong("other", _("Choose another person, and a duty of theirs."))
    if Swap.objects.filter(duty=duty, state__in=OPEN_SWAPS).exists():
        raise Conflict(_("A change of this duty was asked for already."))
    swap = Swap.objects.create(
        duty=duty, other=other, other_duty=other_duty, reason=reason, asked_by=by
    )
    audit.record("watch.swap_asked", swap, by=by)
    title = _("%(person)s asks you to take a duty: %(duty)s")
    link = swap.get_absolute_url()
    tell([other], "duty", title % {"person": by, "duty": duty}, link=link)
    return swap


def _open_swap(swap: Swap, *states: str) -> Swap:
    rows = Swap.objects.select_for_update(of=("self",)).select_related("duty", "other")
    found: Swap = rows.get(pk=swap.pk)
    if found.state not in states:
        raise Conflict(_("This change was decided already."))
    return found


@transaction.atomic
def agree_swap(*, swap: Swap, by: User) -> Swap:
    """The other person says yes; whoever plans the roster decides."""
    swap = _open_swap(swap, SwapState.ASKED)
    if swap.other_id != by.pk:
        raise Forbidden(_("Somebody else was asked."))
    swap.state = SwapState.AGREED
    return _decided(swap, by, "watch.swap_agreed")


@transaction.atomic
def decline_swap(*, swap: Swap, by: User, answer: str) -> Swap:
    """The other person, or whoever plans the roster, says no."""
    swap = _open_swap(swap, *OPEN_SWAPS)
    if swap.other_id != by.pk:
        require(by, MANAGE)
    swap.state, swap.answer = SwapState.REFUSED, answer
    return _decided(swap, by, "watch.swap_refused")


@transaction.atomic
def withdraw_swap(*, swap: Swap, by: User) -> Swap:
    """Whoever asked takes it back."""
    swap = _open_swap(swap, *OPEN_SWAPS)
    if swap.asked_by_id != by.pk:
        raise Forbidden(_("This is the duty of somebody else."))
    swap.state = SwapState.WITHDRAWN
    return _decided(swap, by, "watch.swap_withdrawn")


@transaction.atomic
def approve_swap(*, swap: Swap, by: User) -> Swap:
    """Change the roster; refused where somebody would be on duty twice at once."""
    require(by, MANAGE)
    swap = _open_swap(swap, SwapState.AGREED)
    first, second = swap.duty, swap.other_duty
    leaver = first.person
    first.person = swap.other
    taken = [first]
    if second is not None:
        second.person = leaver
        taken.append(second)
    keys = [duty.pk for duty in taken]
    for duty in taken:
        if _overlapping(duty).exclude(pk__in=keys).exists():
            raise Conflict(
                _("%(person)s is on duty at that time already.")
                % {"person": duty.person}
            )
        duty.touch()
        duty.save()
    swap.state = SwapState.APPROVED
    return _decided(swap, by, "watch.swap_approved")


def _decided(swap: Swap, by: User, event: str) -> Swap:
    swap.decided_by, swap.decided_at = by, clock.now()
    swap.touch()
    swap.save()
    audit.record(event, swap, by=by, data={"answer": swap.answer})
    others = [one for one in (swap.asked_by, swap.other) if one.pk != by.pk]
    title = _("Change of duty: %(state)s") % {"state": swap.get_state_display()}
    tell(others, "duty", title, link=swap.get_absolute_url(), body=str(swap))
    return swap
