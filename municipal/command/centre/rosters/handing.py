"""Handover and the duty log."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.centre.common import require, tell, wrong
from municipal.command.centre.desk_enums import ItemState
from municipal.command.centre.models import (
    DeskDuty,
    DeskShift,
    DutyLog,
    Handover,
    HandoverItem,
)
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, Forbidden

from .selectors import next_on_duty, on_duty, open_items

WRITE = "centre.write_desk"
EARLY = timedelta(hours=2)


@transaction.atomic
def hand_over(
    *, shift: DeskShift, day: date, summary: str, items: Iterable[str], by: User
) -> Handover:
    """Pass a shift on: what happened, what is to be done, all that is open."""
    require(by, WRITE)
    if Handover.objects.filter(shift=shift, day=day).exists():
        message = _("This shift was handed over already.")
        raise Conflict(message, fields={"shift": message})
    if not may_hand_over(by, shift, day):
        raise Forbidden(_("Only somebody of this shift hands it over."))
    made = Handover.objects.create(shift=shift, day=day, summary=summary, by=by)
    _carry(made)
    for text in items:
        HandoverItem.objects.create(handover=made, text=text[:300])
    audit.record("watch.handed_over", made, by=by)
    people = [duty.person for duty in next_on_duty(EARLY)]
    title = _("Handover to acknowledge: %(handover)s") % {"handover": made}
    tell(people, "duty", title, link=made.get_absolute_url())
    return made


def may_hand_over(user: User, shift: DeskShift, day: date) -> bool:
    """Whether somebody was on this duty, or plans it."""
    mine = DeskDuty.objects.filter(person=user, shift=shift, day=day)
    return user.has_perm("centre.manage_roster") or mine.exists()


def _carry(handover: Handover) -> None:
    rows = open_items().exclude(handover=handover)
    for row in rows.select_for_update(of=("self",)):
        row.state = ItemState.CARRIED
        row.save()
        HandoverItem.objects.create(
            handover=handover, text=row.text, since=row.since, carried_from=row
        )


def may_take(handover: Handover, user: User) -> bool:
    """Whether somebody takes over: who is on duty now or soon, no one else."""
    if handover.taken_at or handover.by_id == user.pk or not user.has_perm(WRITE):
        return False
    if user.has_perm("centre.manage_roster"):
        return True
    duties = (*on_duty(), *next_on_duty(EARLY))
    return any(duty.person_id == user.pk for duty in duties)


@transaction.atomic
def take_over(*, handover: Handover, by: User, remark: str = "") -> Handover:
    """The next shift acknowledges; once."""
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if handover.taken_at:
        raise Conflict(_("This handover was acknowledged already."))
    if not may_take(handover, by):
        raise Forbidden(_("The next shift acknowledges a handover."))
    handover.taken_by, handover.taken_at = by, clock.now()
    handover.remark = remark
    handover.touch()
    handover.save()
    audit.record("watch.taken_over", handover, by=by)
    return handover


@transaction.atomic
def settle_item(*, item: HandoverItem, result: str, by: User) -> HandoverItem:
    """Note that something handed over is done."""
    require(by, WRITE)
    item = HandoverItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state != ItemState.OPEN:
        raise Conflict(_("This is settled or was handed on already."))
    item.state, item.result = ItemState.DONE, result
    item.done_by, item.done_at = by, clock.now()
    item.save()
    audit.record("watch.item_settled", item, by=by, data={"result": result})
    return item


@transaction.atomic
def write_log(*, kind: str, text: str, by: User, at: datetime | None = None) -> DutyLog:
    """An entry of the duty log; it stays as it is written."""
    require(by, WRITE)
    now = clock.now()
    if at and at > now + timedelta(minutes=1):
        raise wrong("at", _("The time lies ahead."))
    duty = on_duty(at or now).filter(person=by).first()
    name = duty.shift.name if duty else ""
    made = DutyLog.objects.create(
        kind=kind, text=text, at=at or now, by=by, shift_name=name
    )
    audit.record("watch.log_written", made, by=by, data={"kind": kind})
    return made
