"""Random cases through the real services, in the time of a past month."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from municipal.command import services
from municipal.command.enums import TERMINAL
from municipal.command.loaders import case_process
from municipal.command.services import telling
from platform_core.common import clock
from platform_core.common.errors import DomainError
from tests.factories.command import LON, STEP, data_for, picture, report

FIRST = timezone.make_aware(datetime(2026, 10, 1, 8, 0))
DAYS = 24
EXITS = {}
for _step in case_process().transitions:
    EXITS.setdefault(_step.source, []).append((_step.action, _step.role))
# How readily a step is made; what is not named is usual.
RARE = dict.fromkeys(
    (
        *("cancel", "refuse", "refuse_file", "back_accept", "back_filing"),
        *("close_merged", "force_close"),
    ),
    1,
)
USUAL, MOST = 6, 30
OFTEN = {"accept", "file", "dispatch", "sign", "feedback", "close", "check_pass"}


def walk(city, chance, *, steps=MOST):
    """One case from its report as far as it gets."""
    moment = FIRST + timedelta(minutes=chance.randrange(DAYS * 1440))
    kept = picture(), picture()
    with clock.at(moment), telling.quiet():
        case = _report(city, chance, kept)
    for _ in range(chance.choice([steps, steps, chance.randint(0, steps)])):
        if case.state in TERMINAL:
            break
        moment += timedelta(minutes=chance.choice([3, 8, 20, 50, 300, 2000]))
        with clock.at(moment), telling.quiet():
            case = _step_on(city, chance, case, kept)
    return case


def _report(city, chance, kept):
    source = chance.choice(["01", "01", "02", "03", "06", "12"])
    person = city.acceptor if source in {"03", "12"} else city.supervisor
    self_handled = source == "02"
    return report(
        city,
        source=source,
        by=None if source == "06" else person,
        lon=LON + chance.randrange(4) * STEP + STEP / 2,
        class_code=chance.choice(["06010", "06001"]),
        is_urgent=chance.random() < 0.2,
        self_handled=self_handled,
        attachments=kept[:1] if self_handled else (),
        after_attachments=kept[1:] if self_handled else (),
    )


def _step_on(city, chance, case, kept):
    ways = EXITS[case.state]
    weights = [
        RARE.get(action, USUAL * (3 if action in OFTEN else 1)) for action, _ in ways
    ]
    action, role = chance.choices(ways, weights)[0]
    try:
        return services.fire(
            case,
            action,
            by=_person(city, case, role),
            note="同意办理",
            **_given(city, chance, case, action, kept),
        )
    except DomainError:
        return case


def _person(city, case, role):
    if role == "dept_handler" and case.handling_unit == city.other_unit:
        return city.other_handler
    if role == "supervisor":
        return case.field_inspector or city.supervisor
    return None if role == "platform" else city.person(role)


def _given(city, chance, case, action, kept):
    if action in {"dispatch", "redispatch"}:
        return {"unit": chance.choice([city.unit, city.other_unit])}
    if action in {"send_verify", "send_check"}:
        people = [city.supervisor, city.other_supervisor]
        return {"inspector": chance.choice(people)}
    if action in {"feedback", "check_pass", "check_fail", "verify_true"}:
        return {"attachments": kept[:1]}
    if action == "accept" and chance.random() < 0.2:
        place = {"lon": LON + chance.randrange(4) * STEP + STEP / 2, "lat": case.lat}
        return place | {"is_missed": case.source.is_public}
    return data_for(city, action)


def walk_many(city, seed, count):
    """Many of them; the same for the same seed."""
    chance = random.Random(seed)
    return [walk(city, chance) for _ in range(count)]
