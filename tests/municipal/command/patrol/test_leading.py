"""Roster and leave, roll calls, messages, logs, rules; what phones take along."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from municipal.command.patrol.models import (
    Attendance,
    Leave,
    Mark,
    RollAnswer,
    TrackPoint,
    WorkLog,
)
from municipal.command.patrol.models import RosterEntry as Entry
from municipal.command.patrol.phone.views import version
from municipal.command.patrol.sample import load
from municipal.command.patrol.services import leading, leaves, roster, ruling
from municipal.command.patrol.services.common import Place
from platform_core.accounts import sample as people
from platform_core.calendars import services as calendars
from platform_core.calendars.models import WorkCalendar
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.patrol import DAY, INSIDE, OUTSIDE, at, on_duty, planned, shift

from .test_sync import caller, entry, send

MONDAY = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(at("12:00")):
        yield


def asked(person, first=DAY, last=DAY, **given):
    values = {"kind": "sick", "reason": "发烧", "at": clock.now()}
    return leaves.ask(by=person, from_day=first, to_day=last, **values | given)


@pytest.mark.function("CC-18", at="patrol:roster")
def test_leave_blocks_the_roster(inspector, leader):
    tomorrow = DAY + timedelta(days=1)
    planned(inspector, tomorrow)
    planned(inspector, DAY + timedelta(days=3))
    leave = asked(inspector, tomorrow, DAY + timedelta(days=2))
    leaves.decide(leave=leave, by=leader, approved=True)
    assert [row.day for row in Entry.objects.all()] == [DAY + timedelta(days=3)]
    assert Attendance.objects.get().state == "leave"
    with pytest.raises(Conflict):
        roster.plan(person=inspector, day=tomorrow, shift=shift(), by=leader)
    found = roster.fill(
        people=[inspector],
        shift=shift(),
        first=DAY,
        last=DAY + timedelta(days=3),
        by=leader,
    )
    assert (found.made, found.on_leave, found.known) == (1, 2, 1)


def test_leave_is_asked_once_and_decided_by_another(inspector, leader):
    leave = asked(inspector)
    for wrong in (
        {"reason": " "},
        {"kind": "holiday"},
        {"last": DAY - timedelta(days=1)},
        {},
    ):
        with pytest.raises(DomainError):
            asked(inspector, **wrong)
    assert Notice.objects.filter(recipient=leader, kind="patrol.leave").exists()
    with pytest.raises(Forbidden):
        leaves.decide(leave=leave, by=inspector, approved=True)
    with pytest.raises(DomainError):
        leaves.decide(leave=leave, by=leader, approved=False)
    leaves.decide(leave=leave, by=leader, approved=False, answer="人手不足")
    with pytest.raises(Conflict):
        leaves.decide(leave=leave, by=leader, approved=True)
    assert Notice.objects.filter(recipient=inspector).get().body.endswith("人手不足")


def test_nobody_decides_on_the_own_leave(leader):
    both = UserFactory(roles=["supervisor", "team_leader"])
    leave = asked(both)
    with pytest.raises(Forbidden):
        leaves.decide(leave=leave, by=both, approved=True)
    assert leaves.withdraw(leave=leave, by=both).state == "withdrawn"
    assert asked(both).pk != leave.pk


def test_approved_afterwards_an_absence_becomes_leave(inspector, leader):
    entry = planned(inspector)
    Attendance.objects.create(
        person=inspector, roster=entry, day=DAY, state="absent", shift_name="白班"
    )
    leaves.decide(leave=asked(inspector), by=leader, approved=True)
    assert Attendance.objects.get().state == "leave"


def test_a_copied_week_follows_the_calendar(inspector, leader):
    own = WorkCalendar.objects.get(is_default=True)
    admin = UserFactory(roles=["sys_admin"])
    friday, saturday = MONDAY + timedelta(days=11), MONDAY + timedelta(days=12)
    calendars.set_day(calendar=own, date=friday, kind="holiday", by=admin)
    calendars.set_day(calendar=own, date=saturday, kind="make_up", by=admin)
    office = shift("行政班", "08:30", "17:00")
    office.workdays_only = True
    office.save()
    for number in range(5):
        planned(inspector, MONDAY + timedelta(days=number), shift=office)
    target = MONDAY + timedelta(days=7)
    found = roster.copy_week(source=DAY, target=target, by=leader)
    days = list(Entry.objects.filter(day__gte=target).values_list("day", flat=True))
    assert friday not in days
    assert days == [target + timedelta(days=n) for n in (0, 1, 2, 3, 5)]
    assert (found.made, found.rest_days) == (5, 1)
    again = roster.copy_week(source=DAY, target=target, by=leader)
    assert (again.made, again.known) == (0, 5)


def test_a_night_shift_runs_past_midnight_and_does_not_overlap(inspector, leader):
    night = shift("夜班", "22:00", "06:00")
    entry = roster.plan(person=inspector, day=DAY, shift=night, by=leader)
    assert entry.ends_at - entry.begins_at == timedelta(hours=8)
    early = shift("早班", "05:00", "13:00")
    with pytest.raises(Conflict):
        roster.plan(
            person=inspector, day=DAY + timedelta(days=1), shift=early, by=leader
        )
    with clock.at(at("23:00")):
        duty = on_duty(inspector, at("21:58"))
    assert (duty.day, duty.shift_name) == (DAY, "夜班")


def test_only_inspectors_are_planned_and_only_by_leaders(city, inspector, leader):
    with pytest.raises(DomainError):
        roster.plan(person=city.acceptor, day=DAY, shift=shift(), by=leader)
    with pytest.raises(Forbidden):
        roster.plan(person=inspector, day=DAY, shift=shift(), by=inspector)


@pytest.mark.function("CC-09", at="phone_api:sync")
def test_a_roll_call_is_answered_in_time_late_or_not_at_all(city, leader):
    team = [city.supervisor, *(UserFactory(roles=["supervisor"]) for _ in range(2))]
    for person in team:
        on_duty(person, at("08:00"))
    call = leading.start_roll_call(by=leader, people=team, minutes=10)
    assert Notice.objects.filter(kind="patrol.roll_call", level="urgent").count() == 3
    first, second, third = team
    in_time = entry(
        1, "roll_call", call=str(call.uid), lon=OUTSIDE.lon, lat=OUTSIDE.lat
    )
    with clock.at(at("12:20")):
        assert leading.close_roll_calls() == 1
        assert leading.close_roll_calls() == 0
        states = RollAnswer.objects.values_list("state", flat=True)
        assert set(states) == {"missed"}
        # given in time, but the phone had no line until now
        in_time["made_at"] = at("12:05").isoformat()
        send(caller(first), str(uuid4()), [in_time])
        late = entry(1, "roll_call", call=str(call.uid))
        send(caller(second), str(uuid4()), [late])
    found = {row.person: row for row in RollAnswer.objects.all()}
    assert [found[person].state for person in team] == ["answered", "late", "missed"]
    assert 500 < found[first].metres < 600
    assert found[second].metres is None


def test_only_who_is_called_answers(city, inspector, leader):
    with pytest.raises(DomainError):
        leading.start_roll_call(by=leader, people=[])
    on_duty(inspector, at("08:00"))
    call = leading.start_roll_call(by=leader, people=[inspector])
    with pytest.raises(DomainError):
        leading.answer_roll_call(
            by=city.other_supervisor, call=call.uid, at=at("12:01")
        )
    first = leading.answer_roll_call(
        by=inspector, call=call.uid, at=at("12:01"), place=INSIDE
    )
    again = leading.answer_roll_call(by=inspector, call=call.uid, at=at("12:30"))
    assert (again.state, again.answered_at) == ("answered", first.answered_at)


@pytest.mark.function("CC-09", at="patrol:roll-call-start")
def test_the_roll_is_called_from_the_desk(client, city, inspector, leader):
    on_duty(inspector, at("08:00"))
    client.force_login(leader)

    url = reverse("patrol:roll-call-start")
    page = client.post(url, {"minutes": 5, "people": [city.other_supervisor.pk]})
    assert page.status_code == 422
    answer = client.post(url, {"minutes": 5, "note": "在岗抽查"})
    shown = client.get(answer["Location"]).content.decode()
    assert str(inspector) in shown
    assert str(city.other_supervisor) not in shown


@pytest.mark.function("CC-09", at="patrol:message")
def test_messages_reach_all_inspectors(client, city, inspector, leader):

    client.force_login(leader)
    given = {"title": "今日重点", "body": "检查井盖"}
    client.post(reverse("patrol:message"), given)
    told = Notice.objects.filter(kind="patrol.message", title="今日重点")
    assert {notice.recipient for notice in told} == {inspector, city.other_supervisor}
    bundle = caller(inspector).get("/api/v1/field/bundle").json()
    assert "今日重点" in {row["title"] for row in bundle["notices"]}


@pytest.mark.function("CC-09", at="phone_api:bundle")
def test_phones_take_the_duty_along(city, inspector, leader):
    planned(inspector, DAY, duty_grid=city.duty_grid)
    on_duty(inspector, at("08:09"), OUTSIDE)
    leading.start_roll_call(by=leader, people=[inspector], note="抽查")
    leading.write_log(by=inspector, text="巡查正常", at=clock.now())
    asked(inspector, DAY + timedelta(days=5), DAY + timedelta(days=6))
    found = caller(inspector).get("/api/v1/field/bundle").json()
    duty = found["duty"]
    assert duty["since"] == "2026-09-15T00:09:00Z"
    assert duty["roster"][0]["grid"] == city.duty_grid.name
    assert (duty["attendance"][0]["late"], duty["interval"]) == (9, 30)
    assert [row["note"] for row in duty["roll_calls"]] == ["抽查"]
    assert [row["text"] for row in duty["logs"]] == ["巡查正常"]
    assert [row["state"] for row in duty["leaves"]] == ["asked"]
    assert found["app_version"] == version()
    names = {row["name"] for row in found["contacts"]}
    assert {str(leader), str(city.duty_leader)} <= names
    others = caller(city.dept_handler).get("/api/v1/field/bundle").json()
    assert "duty" not in others


def test_a_log_and_a_leave_come_from_the_phone_once(inspector):
    client, phone = caller(inspector), str(uuid4())
    rows = [
        entry(1, "log", text="巡查正常"),
        entry(2, "leave", leave="annual", from_day="2026-10-09", to_day="2026-10-10"),
        entry(3, "leave", leave="annual", from_day="x", to_day="2026-10-10"),
        entry(
            4,
            "leave",
            leave="annual",
            from_day="2026-10-09",
            to_day="2026-10-10",
            reason="探亲",
        ),
    ]
    for _ in range(2):
        told = send(client, phone, rows).json()["entries"]
    states = [row["state"] for row in told]
    assert states == ["applied", "refused", "refused", "applied"]
    assert (WorkLog.objects.count(), Leave.objects.count()) == (1, 1)


@pytest.mark.function("CC-08", at="patrol:rules-change")
def test_rules_are_versions_and_bind_duties_that_begin_later(client, inspector, leader):

    duty = on_duty(inspector, at("08:00"))
    client.force_login(leader)
    given = {**ruling.values_of(ruling.current()), "interval": 60, "note": "省电"}
    url = reverse("patrol:rules-change")
    assert client.post(url, {**given, "interval": 1}).status_code == 422
    client.post(url, given)
    assert (ruling.current().version, ruling.current().interval) == (2, 60)
    duty.refresh_from_db()
    assert duty.rules.version == 1
    assert "省电" in client.get(reverse("patrol:rules")).content.decode()
    with pytest.raises(Conflict):
        ruling.change(by=leader, values={"interval": 90}, over=1)


@pytest.mark.parametrize("hour", ["03:00", "06:05", "12:00", "21:50"])
def test_the_sample_shows_a_week_and_a_track_inside_the_grid(city, hour):
    people.load()
    team = list(people.User.objects.filter(is_sample=True, groups__name="supervisor"))
    for person in team:
        city.duty_grid.supervisors.add(person)
    with clock.at(at(hour)):
        load()
        before = (Entry.objects.count(), TrackPoint.objects.count())
        load()
        assert (Entry.objects.count(), TrackPoint.objects.count()) == before
        on = Attendance.objects.filter(state="on")
        assert on.count() == 2
        assert not Mark.objects.filter(kind="silent", ends_at=None).exists()
    states = set(Attendance.objects.values_list("state", flat=True))
    assert {"on", "done", "absent"} <= states
    assert Attendance.objects.filter(late_minutes__gt=0).count() == 2
    first = on.order_by("person__username").first()
    assert first.in_metres == first.outside_seconds == 0


def test_a_place_is_what_numbers_say():
    assert Place.of("120.1", "36.2", None) == Place(120.1, 36.2, 0)
