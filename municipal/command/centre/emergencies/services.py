"""The course of an emergency: raise it, lead it, call for help, close it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command import places
from municipal.command import services as command
from municipal.command.centre.common import require, tell, wrong
from municipal.command.centre.desk_enums import (
    HELPING,
    CallState,
    EmergencyState,
    ResourceState,
)
from municipal.command.centre.models import (
    CallOut,
    Emergency,
    EmergencyCase,
    EmergencyEntry,
    EmergencyPlan,
    EmergencyStep,
    Resource,
)
from municipal.command.centre.rosters.selectors import people_on_duty
from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.common.models import Sequence

from . import plans

COMMAND = "centre.command_emergency"


@transaction.atomic
def raise_emergency(
    *,
    emergency: Emergency,
    by: User,
    plan: EmergencyPlan | None = None,
    cases: Iterable[Case] = (),
) -> Emergency:
    """An emergency begins: numbered, placed, with the steps of its plan; all told."""
    require(by, COMMAND)
    place = _place(emergency)
    now, known = clock.now(), plans.rules()
    day = f"{localdate(now):%Y%m%d}"
    serial = Sequence.take(f"emergency.number:{day}")
    emergency.number = f"YJ{day}{serial:04d}"
    emergency.division_code = place.division_code
    emergency.raised_by, emergency.raised_at = by, now
    emergency.radius = emergency.radius or known.radius
    emergency.meeting = known.meeting.replace("{number}", emergency.number)
    emergency.plan = plans.in_force(plan) if plan else None
    emergency.save()
    _note(emergency, by, _("Emergency raised, level %(level)s"), _level(emergency))
    _add_steps(emergency)
    for case in cases:
        _attach(emergency, case, by)
    audit.record("emergency.raised", emergency, by=by, data={"level": emergency.level})
    _tell_duty(emergency, by, _("Emergency: %(title)s"))
    return emergency


def _place(emergency: Emergency) -> places.Place:
    try:
        return places.locate(emergency.lon, emergency.lat)
    except DomainError as error:
        raise wrong("lon", str(error.fields.get("position", error.message))) from error


def _level(emergency: Emergency) -> dict[str, Any]:
    return {"level": emergency.get_level_display()}


def _note(
    emergency: Emergency, by: User | None, text: str, given: dict[str, Any]
) -> EmergencyEntry:
    """An entry of the log, written by the platform."""
    return EmergencyEntry.objects.create(
        emergency=emergency, by=by, text=(text % given)[:1000]
    )


def _add_steps(emergency: Emergency) -> None:
    """The steps of the level, those left out that are there already."""
    if emergency.plan is None:
        return
    there = list(emergency.steps.values_list("text", flat=True))
    place, now = len(there), clock.now()
    for row in emergency.plan.steps_of(emergency.level):
        if row["text"] in there:
            continue
        place += 1
        due = now + timedelta(minutes=row["minutes"]) if row["minutes"] else None
        EmergencyStep.objects.create(
            emergency=emergency, order=place, text=row["text"], who=row["who"], due=due
        )


def _tell_duty(emergency: Emergency, by: User, title: str) -> None:
    people = [person for person in people_on_duty() if person.pk != by.pk]
    with override(settings.LANGUAGE_CODE):
        words = title % {"title": emergency.title}
    link = emergency.get_absolute_url()
    tell(people, "emergency", words, body=emergency.address, link=link, level="urgent")


def lock(emergency: Emergency) -> Emergency:
    """The emergency as it is now, held; refused once it is over."""
    rows = Emergency.objects.select_for_update(of=("self",)).select_related("plan")
    found: Emergency = rows.get(pk=emergency.pk)
    if not found.is_open:
        raise Conflict(_("This emergency is over."))
    return found


@transaction.atomic
def change_level(
    *, emergency: Emergency, level: str, reason: str, by: User
) -> Emergency:
    """Raise or lower the level; the steps of the new one are added."""
    require(by, COMMAND)
    emergency = lock(emergency)
    if emergency.level == level:
        raise wrong("level", _("This is the level already."))
    emergency.level = level
    emergency.touch()
    emergency.save()
    text = _("Level changed to %(level)s: %(reason)s")
    _note(emergency, by, text, _level(emergency) | {"reason": reason})
    _add_steps(emergency)
    audit.record("emergency.level_changed", emergency, by=by, data={"level": level})
    _tell_duty(emergency, by, _("Level of an emergency changed: %(title)s"))
    return emergency


@transaction.atomic
def attach_case(*, emergency: Emergency, case: Case, by: User) -> EmergencyCase:
    """A case belongs to the emergency; a second time changes nothing."""
    require(by, COMMAND)
    return _attach(lock(emergency), case, by)


def _attach(emergency: Emergency, case: Case, by: User) -> EmergencyCase:
    link, made = EmergencyCase.objects.get_or_create(
        emergency=emergency, case=case, defaults={"by": by}
    )
    if made:
        about = {"case": f"{case.number} {case.title}"}
        _note(emergency, by, _("Case attached: %(case)s"), about)
        audit.record("emergency.case_attached", emergency, by=by, data=about)
    return link


@transaction.atomic
def dispatch_case(
    *, emergency: Emergency, case: Case, unit: OrgUnit, by: User, note: str = ""
) -> Case:
    """Send a case of the emergency to a unit at once, by the step of its process."""
    emergency = lock(emergency)
    if not emergency.links.filter(case=case).exists():
        raise DomainError(_("The case does not belong to this emergency."))
    words = note or _("Urgent: %(title)s") % {"title": emergency.title}
    done = command.dispatch_case(case, by=by, unit=unit, note=words)
    about = {"case": case.number, "unit": unit}
    _note(emergency, by, _("Case %(case)s dispatched to %(unit)s"), about)
    return done


@transaction.atomic
def do_step(*, step: EmergencyStep, by: User, note: str = "") -> EmergencyStep:
    """Check a step off; who and when are kept."""
    require(by, COMMAND)
    emergency = lock(step.emergency)
    step = EmergencyStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if step.done_at:
        raise Conflict(_("This step is done already."))
    step.done_at, step.done_by, step.note = clock.now(), by, note
    step.save()
    about = {"step": step.text, "note": note}
    _note(emergency, by, _("Step done: %(step)s %(note)s"), about)
    audit.record("emergency.step_done", emergency, by=by, data=about)
    return step


@transaction.atomic
def write(*, emergency: Emergency, text: str, by: User) -> EmergencyEntry:
    """An entry by hand; it stays as it is written."""
    require(by, "centre.view_emergency")
    emergency = lock(emergency)
    if not text.strip():
        raise wrong("text", _("Write what happened."))
    return EmergencyEntry.objects.create(
        emergency=emergency, by=by, text=text.strip()[:1000], automatic=False
    )


# Calls for help -------------------------------------------------------------------


@transaction.atomic
def call_out(
    *, emergency: Emergency, keys: Iterable[str], text: str, by: User
) -> list[CallOut]:
    """Call resources and people by "resource:1", "person:2"; each is called once."""
    require(by, COMMAND)
    emergency = lock(emergency)
    made = [
        call
        for key in dict.fromkeys(keys)
        if (call := _call(emergency, key, text, by)) is not None
    ]
    if not made:
        raise wrong("keys", _("Choose somebody who was not called yet."))
    names = {"names": "、".join(call.name for call in made)}
    _note(emergency, by, _("Called for help: %(names)s"), names)
    audit.record("emergency.called_out", emergency, by=by, data=names)
    return made


def _call(emergency: Emergency, key: str, text: str, by: User) -> CallOut | None:
    """One call: a notice and a text message to an account, else the phone is left."""
    kind, _colon, number = key.partition(":")
    given = {"emergency": emergency, "text": text, "by": by}
    digits = int(number) if number.isdigit() else 0
    if kind == "resource":
        found = Resource.objects.filter(pk=digits, is_active=True).first()
        if found is None or emergency.calls.filter(resource=found).exists():
            return None
        given |= {"resource": found, "person": found.person, "name": found.name}
        call = CallOut.objects.create(phone=found.phone, **given)
    else:
        person = User.objects.active().filter(pk=digits).first()
        calls = emergency.calls.filter(resource=None, person=person)
        if person is None or calls.exists():
            return None
        given |= {"person": person, "name": str(person)}
        call = CallOut.objects.create(phone=person.phone, **given)
    if call.person is not None:
        link = call.get_absolute_url()
        tell(
            [call.person], "call", emergency.title, body=text, link=link, level="urgent"
        )
    return call


@transaction.atomic
def answer(*, call: CallOut, state: str, by: User, words: str = "") -> CallOut:
    """What the answer was; by the one who was called, or noted at the desk."""
    call = CallOut.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.person_id != by.pk and not by.has_perm(COMMAND):
        raise Forbidden(_("Somebody else was called."))
    emergency = lock(call.emergency)
    if state in {CallState.WAITING, call.state}:
        raise wrong("state", _("This is the answer already."))
    call.state, call.answer, call.answered_at = state, words, clock.now()
    call.save()
    if call.resource_id:
        helps = state in HELPING
        now = ResourceState.BUSY if helps else ResourceState.FREE
        Resource.objects.filter(pk=call.resource_id).update(state=now)
    about = {"name": call.name, "answer": call.get_state_display(), "words": words}
    _note(emergency, by, _("%(name)s answers: %(answer)s %(words)s"), about)
    return call


@transaction.atomic
def close(*, emergency: Emergency, summary: str, by: User) -> Emergency:
    """It is over; what helped is free again."""
    require(by, COMMAND)
    emergency = lock(emergency)
    if not summary.strip():
        raise wrong("summary", _("Sum up what happened and what was done."))
    emergency.state, emergency.summary = EmergencyState.CLOSED, summary.strip()
    emergency.closed_by, emergency.closed_at = by, clock.now()
    emergency.touch()
    emergency.save()
    helped = emergency.calls.filter(state__in=HELPING, resource__isnull=False)
    Resource.objects.filter(
        pk__in=helped.values("resource"), state=ResourceState.BUSY
    ).update(state=ResourceState.FREE)
    _note(emergency, by, _("Emergency closed"), {})
    audit.record("emergency.closed", emergency, by=by)
    return emergency
