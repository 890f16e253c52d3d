"""Calls as the switchboard reports them, and seats as operators take them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from municipal.command.intake.enums import (
    ENDS,
    CallState,
    Direction,
    Outcome,
    SeatState,
)
from municipal.command.intake.models import BlockedNumber, Call, Line, Seat
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

ORDER: dict[str, int] = {state: place for place, state in enumerate(CallState)}
SEAT_AFTER = {
    CallState.TALKING: SeatState.TALKING,
    CallState.ENDED: SeatState.AFTER,
}


@dataclass(frozen=True)
class CallEvent:
    """What the switchboard says: this happened to this call at this moment."""

    external_id: str
    state: CallState
    at: datetime
    caller: str = ""
    called: str = ""
    seat: str = ""
    direction: Direction = Direction.IN
    recording: str = ""
    transferred_to: str = ""


@transaction.atomic
def receive(*, event: CallEvent, by: User) -> Call:
    """Note an event of a call; repeated and late events change nothing twice.

    A call from a blocked number becomes "turned away" at once: the switchboard
    reads that from the answer and hangs up.
    """
    call = _call(event)
    turned_away = is_blocked(event.caller, clock.today())
    if event.seat:
        call.seat = Seat.objects.filter(code=event.seat).first() or call.seat
    if turned_away and call.state == CallState.RINGING:
        call.state, call.ended_at = CallState.BLOCKED, event.at
    elif call.state not in ENDS and ORDER[event.state] >= ORDER[call.state]:
        _go_on(call, event)
    call.recording = event.recording or call.recording
    if event.transferred_to:
        call.transferred_to = event.transferred_to
        call.outcome = call.outcome or Outcome.TRANSFERRED
    _mark_moment(call, event)
    call.save()
    audit.record("call.event", call, by=by, data={"state": event.state})
    return call


def _call(event: CallEvent) -> Call:
    """The call of an event, locked; made by the first event that arrives."""
    made = {
        "caller": event.caller,
        "direction": event.direction,
        "line": Line.objects.filter(number=event.called).first(),
        "rang_at": event.at,
        "state": CallState.RINGING,
    }
    Call.objects.get_or_create(external_id=event.external_id, defaults=made)
    return Call.objects.select_for_update().get(external_id=event.external_id)


def _go_on(call: Call, event: CallEvent) -> None:
    """Move the call on, and the seat that has it."""
    call.state, seat = event.state, call.seat
    if seat is None or seat.user_id is None:
        return
    if event.state in {CallState.TALKING, CallState.ENDED}:
        call.by_id = call.by_id or seat.user_id
    following = SEAT_AFTER.get(event.state)
    if following:
        Seat.objects.filter(pk=seat.pk).update(state=following, since=event.at)


def _mark_moment(call: Call, event: CallEvent) -> None:
    """Keep the first moment of each kind, whichever event came first."""
    if event.state == CallState.RINGING:
        call.rang_at = min(call.rang_at, event.at)
    elif event.state == CallState.TALKING:
        call.answered_at = call.answered_at or event.at
    elif call.ended_at is None:
        call.ended_at = event.at


def is_blocked(number: str, day: date) -> bool:
    """Whether calls from this number are turned away on this day."""
    running = Q(until=None) | Q(until__gte=day)
    return bool(number) and (
        BlockedNumber.objects.filter(running, number=number).exists()
    )


@transaction.atomic
def sit(*, seat: Seat, by: User) -> Seat:
    """Take a seat; the one taken before is given up."""
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if seat.user_id not in {None, by.pk}:
        text = _("%(person)s sits here since %(moment)s.")
        since = f"{seat.since:%H:%M}"
        raise Conflict(text % {"person": seat.user, "moment": since})
    Seat.objects.filter(user=by).exclude(pk=seat.pk).update(
        user=None, state=SeatState.AWAY, since=clock.now()
    )
    seat.user, seat.state, seat.since = by, SeatState.FREE, clock.now()
    seat.save()
    audit.record("seat.taken", seat, by=by)
    return seat


@transaction.atomic
def turn(*, by: User, state: str) -> Seat:
    """Say what one is doing at one's seat."""
    if state not in SeatState.values or state == SeatState.AWAY:
        raise DomainError(_("There is no such state of a seat."))
    seat = _own_seat(by)
    seat.state, seat.since = state, clock.now()
    seat.save()
    audit.record("seat.turned", seat, by=by, data={"state": state})
    return seat


@transaction.atomic
def end_of_work(*, by: User) -> None:
    """Leave one's seat."""
    seat = _own_seat(by)
    seat.user, seat.state, seat.since = None, SeatState.AWAY, clock.now()
    seat.save()
    audit.record("seat.left", seat, by=by)


def _own_seat(by: User) -> Seat:
    seat = Seat.objects.select_for_update().filter(user=by).first()
    if seat is None:
        raise DomainError(_("Take a seat first."))
    return seat


@transaction.atomic
def note_call(
    *, call: Call, by: User, outcome: str, note: str = "", case: Case | None = None
) -> Call:
    """Say what a call was about, and which case it belongs to."""
    if outcome not in Outcome.values:
        raise DomainError(_("There is no such outcome."), fields={"outcome": outcome})
    if outcome == Outcome.CASE and case is None and call.case_id is None:
        text = _("Register the report, or name the case.")
        raise DomainError(text, fields={"case": text})
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    call.outcome, call.note = outcome, note
    call.case = case or call.case
    call.by = call.by or by
    call.save()
    audit.record("call.noted", call, by=by, data={"outcome": outcome})
    return call


@transaction.atomic
def block(
    *, number: str, reason: str, by: User, until: date | None = None
) -> BlockedNumber:
    """Turn a caller away, for good or until a day; again to change it."""
    if until and until < clock.today():
        text = _("The day lies in the past.")
        raise DomainError(text, fields={"until": text})
    found, _made = BlockedNumber.objects.update_or_create(
        number=number, defaults={"reason": reason, "until": until}
    )
    audit.record("number.blocked", found, by=by, data={"reason": reason})
    return found
