"""A month of a city: cases in every state, through the real services."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from municipal.command import services
from municipal.command.enums import WITH_UNIT
from municipal.command.models import Case
from municipal.command.services import alerts, telling
from platform_core.common import clock
from platform_core.common.models import own_node

from . import asking
from .crew import Crew

DAYS = 30
BATCH = 20
VERIFIED = ("send_verify", "verify_true")
FILED = ("accept", "file")
GIVEN = (*FILED, "dispatch")
DONE = (*GIVEN, "sign", "feedback")
CHECKED = (*DONE, "pass_feedback", "send_check", "check_pass")
AGAIN = (
    "check_fail",
    "rework",
    "feedback",
    "pass_feedback",
    "send_check",
    "check_pass",
)
# What was done with a case, and how many such cases there are
ROUTES: tuple[tuple[tuple[str, ...], int], ...] = (
    ((*CHECKED, "close"), 130),
    ((*VERIFIED, *CHECKED, "close"), 26),
    ((*CHECKED[:-1], *AGAIN, "close"), 9),
    ((*GIVEN, "return", "redispatch", *CHECKED[3:], "close"), 7),
    ((*GIVEN, "sign", "apply_extend", "approve_extend", *CHECKED[4:], "close"), 7),
    ((*GIVEN, "sign", "approve_defer", "resume", *CHECKED[4:], "close"), 3),
    ((*CHECKED, "force_close"), 2),
    (("self", "approve_self"), 10),
    (("self",), 4),
    (("send_verify", "verify_false", "refuse"), 6),
    (("refuse",), 4),
    (("accept", "refuse_file"), 3),
    ((*FILED, "cancel"), 3),
    ((), 5),
    (("send_verify",), 4),
    (("accept",), 4),
    (FILED, 5),
    (GIVEN, 6),
    ((*GIVEN, "sign"), 14),
    ((*GIVEN, "sign", "apply_extend"), 3),
    ((*GIVEN, "return"), 4),
    ((*GIVEN, "sign", "approve_suspend"), 3),
    ((*GIVEN, "sign", "approve_defer"), 3),
    (DONE, 4),
    ((*DONE, "pass_feedback"), 3),
    ((*DONE, "pass_feedback", "send_check"), 4),
    (CHECKED, 3),
    ((*CHECKED[:-1], "check_fail"), 2),
    ((*CHECKED[:-1], "check_fail", "rework"), 3),
)
# Minutes that a step usually takes
MINUTES = {
    "send_verify": (2, 9),
    "verify_true": (8, 35),
    "verify_false": (10, 40),
    "accept": (2, 10),
    "refuse": (3, 12),
    "file": (2, 12),
    "refuse_file": (4, 15),
    "dispatch": (4, 24),
    "sign": (6, 50),
    "return": (10, 70),
    "redispatch": (8, 30),
    "feedback": (35, 420),
    "approve_defer": (60, 200),
    "resume": (1500, 4000),
    "pass_feedback": (4, 30),
    "send_check": (3, 20),
    "check_pass": (15, 90),
    "check_fail": (15, 90),
    "close": (3, 25),
    "force_close": (60, 300),
}
USUAL = (5, 40)
MORNING, EVENING = 8, 19
NEWS = timedelta(minutes=20)


@dataclass(frozen=True)
class Story:
    """A case to be told: when it was reported, and the steps with their moments."""

    start: datetime
    steps: tuple[tuple[str, datetime], ...]
    self_handled: bool


def load(scale: float = 1.0) -> str:
    """Tell the month; with no sample people or a month already told, nothing."""
    if Case.objects.exists():
        return "cases are there"
    chance = random.Random(own_node())  # noqa: S311
    crew = Crew(chance)
    if not crew.ready:
        return "no sample people"
    stories = sorted(_stories(chance, scale), key=lambda story: story.start)
    for first in range(0, len(stories), BATCH):
        with transaction.atomic():
            for story in stories[first : first + BATCH]:
                tell(crew, story)
    services.mark_overdue()
    with telling.quiet():
        alerts.send_due()
    return f"{len(stories)} cases; {asking.load(crew)}"


def _stories(chance: random.Random, scale: float) -> list[Story]:
    now = clock.now()
    return [
        _story(chance, route, now)
        for route, count in ROUTES
        for _ in range(max(1, round(count * scale)))
    ]


def _story(chance: random.Random, route: tuple[str, ...], now: datetime) -> Story:
    """Moments that fit: open cases are recent, ended ones anywhere in the month."""
    actions = tuple(action for action in route if action != "self")
    spans = [timedelta(minutes=_minutes(chance, action)) for action in actions]
    if ends(actions):
        start = _ended_start(chance, now, sum(spans, timedelta()))
        moments = _by_day(chance, start, spans)
        while moments[-1] >= now:
            start -= timedelta(days=1)
            moments = _by_day(chance, start, spans)
    else:
        waiting = timedelta(minutes=_waiting(chance, actions))
        start = now - waiting - sum(spans, timedelta())
        moments = _running(start, spans)
    latest = now - timedelta(seconds=30)
    steps = tuple(
        (action, min(moment, latest))
        for action, moment in zip(actions, moments, strict=True)
    )
    return Story(start, steps, self_handled="self" in route)


def ends(actions: tuple[str, ...]) -> bool:
    """Whether the last step ends the case."""
    last = actions[-1] if actions else ""
    return last in {
        "close",
        "force_close",
        "approve_self",
        "refuse",
        "refuse_file",
        "cancel",
    }


def _minutes(chance: random.Random, action: str) -> float:
    least, most = MINUTES.get(action, USUAL)
    span = chance.uniform(least, most)
    return span * 4 if action == "feedback" and chance.random() < 0.12 else span


def _waiting(chance: random.Random, actions: tuple[str, ...]) -> float:
    """How long an open case has been in its state; a few for too long."""
    with_unit = "dispatch" in actions and "feedback" not in actions
    if actions[-1:] in (("approve_suspend",), ("approve_defer",)):
        return chance.uniform(1500, 4000)
    if with_unit and chance.random() < 0.5:
        return chance.uniform(600, 4000)
    most = 150 if with_unit else 12
    return chance.uniform(1, most) * (6 if chance.random() < 0.1 else 1)


def _ended_start(chance: random.Random, now: datetime, needed: timedelta) -> datetime:
    back = 0.15 + (DAYS - 0.15) * chance.random() ** 1.4
    start = timezone.localtime(now - needed - timedelta(days=back))
    hour = chance.randint(MORNING, EVENING - 4)
    moved = start.replace(hour=hour, minute=chance.randint(0, 59))
    return moved if moved + needed < now else start


def _running(start: datetime, spans: list[timedelta]) -> list[datetime]:
    moments = []
    for span in spans:
        start += span
        moments.append(start)
    return moments


def _by_day(
    chance: random.Random, start: datetime, spans: list[timedelta]
) -> list[datetime]:
    """Moments in daytime; what would fall into the night is done next morning."""
    moments = []
    for span in spans:
        local = timezone.localtime(start + span)
        if local.hour >= EVENING or local.hour < MORNING - 1:
            days = 1 if local.hour >= EVENING else 0
            local = (local + timedelta(days=days)).replace(
                hour=MORNING, minute=chance.randint(0, 50)
            )
        start = local
        moments.append(local)
    return moments


def tell(crew: Crew, story: Story) -> Case:
    """Let it happen; old news is not sent to anybody's bell."""
    old = clock.now() - NEWS
    with clock.at(story.start), telling.quiet(story.start < old):
        case = crew.report(self_handled=story.self_handled)
    for action, moment in story.steps:
        _late(case, moment)
        with clock.at(moment), telling.quiet(moment < old):
            case = crew.act(case, action)
    _late(case, clock.now())
    return case


def _late(case: Case, moment: datetime) -> None:
    """Mark the case at the moment it became overdue."""
    due = case.handling_deadline
    if case.state in WITH_UNIT and due and case.overdue_at is None and due < moment:
        with clock.at(due + timedelta(seconds=30)), telling.quiet():
            services.mark_overdue()
            case.refresh_from_db()
