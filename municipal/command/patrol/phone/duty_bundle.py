"""What a phone takes along for duty: shifts, rules, roll calls, people to call."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from municipal.command.patrol import selectors
from municipal.command.patrol.enums import AnswerState, LeaveKind
from municipal.command.patrol.models import (
    Attendance,
    Leave,
    Mark,
    RollAnswer,
    RosterEntry,
    WorkLog,
)
from municipal.command.patrol.services import ruling
from platform_core.accounts.models import User
from platform_core.common import clock

BACK, AHEAD = timedelta(days=14), timedelta(days=14)
CENTRE = ("acceptor", "duty_leader", "dispatcher", "team_leader", "supervisor")
MOST_PEOPLE = 200
MOST_ROWS = 20


def collect(user: User) -> dict[str, Any]:
    """The duty of an inspector; nothing for others. Everybody has the phone book."""
    found: dict[str, Any] = {"contacts": _contacts(user)}
    if user.has_perm("patrol.clock"):
        found["duty"] = {
            **_rules(),
            **_running(user),
            "roster": _roster(user),
            "attendance": _attendance(user),
            "leaves": _leaves(user),
            "leave_kinds": [
                {"code": code, "name": str(label)} for code, label in LeaveKind.choices
            ],
            "roll_calls": _roll_calls(user),
            "logs": _logs(user),
        }
    return found


def _rules() -> dict[str, Any]:
    rules = ruling.current()
    return {
        "interval": rules.interval,
        "send_every": rules.send_every,
        "open_minutes": rules.open_minutes,
    }


def _running(user: User) -> dict[str, Any]:
    """Since when somebody is on duty, and what is open against the track."""
    duty = selectors.on_duty().filter(person=user).first()
    if duty is None:
        return {"since": None, "marks": []}
    marks = Mark.objects.filter(duty=duty, ends_at=None).order_by("begins_at")
    return {
        "since": duty.clock_in_at,
        "marks": [
            {"name": mark.get_kind_display(), "since": mark.begins_at} for mark in marks
        ],
    }


def _roster(user: User) -> list[dict[str, Any]]:
    today = clock.today()
    rows = RosterEntry.objects.filter(
        person=user, day__gte=today - timedelta(days=1), day__lte=today + AHEAD
    )
    return [
        {
            "day": row.day,
            "shift": row.shift.name,
            "begins_at": row.begins_at,
            "ends_at": row.ends_at,
            "grid": row.duty_grid.name if row.duty_grid else "",
        }
        for row in rows.select_related("shift", "duty_grid")
    ]


def _attendance(user: User) -> list[dict[str, Any]]:
    since = clock.today() - BACK
    rows = Attendance.objects.filter(person=user, day__gte=since)
    return [
        {
            "day": row.day,
            "shift": row.shift_name,
            "state": row.state,
            "state_name": row.get_state_display(),
            "in": row.clock_in_at,
            "out": row.clock_out_at,
            "late": row.late_minutes,
            "early": row.early_minutes,
            "metres_outside": row.in_metres,
        }
        for row in rows[:MOST_ROWS]
    ]


def _leaves(user: User) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.get_kind_display(),
            "from_day": row.from_day,
            "to_day": row.to_day,
            "state": row.state,
            "state_name": row.get_state_display(),
            "answer": row.answer,
        }
        for row in Leave.objects.filter(person=user)[:MOST_ROWS]
    ]


def _roll_calls(user: User) -> list[dict[str, Any]]:
    """Roll calls that wait for the user's answer."""
    rows = RollAnswer.objects.filter(person=user, state=AnswerState.WAITING)
    return [
        {"call": str(row.call.uid), "until": row.call.until, "note": row.call.note}
        for row in rows.select_related("call").order_by("-pk")[:MOST_ROWS]
    ]


def _logs(user: User) -> list[dict[str, Any]]:
    rows = WorkLog.objects.filter(person=user)[:MOST_ROWS]
    return [{"text": row.text, "at": row.written_at} for row in rows]


def _contacts(user: User) -> list[dict[str, Any]]:
    """Names and numbers of the centre and of the colleagues."""
    people = User.objects.filter(is_active=True, groups__name__in=CENTRE)
    near = people.filter(~Q(pk=user.pk), unit__isnull=False)
    rows = near.prefetch_related("posts").order_by("unit__path", "full_name", "pk")
    return [
        {
            "name": str(person),
            "post": "、".join(post.name for post in person.posts.all()),
            "unit": str(person.unit),
            "phone": person.phone or (person.unit.phone if person.unit else ""),
        }
        for person in rows.distinct()[:MOST_PEOPLE]
    ]
