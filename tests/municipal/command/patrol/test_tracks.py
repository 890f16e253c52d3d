"""Positions and what they show, in whatever order they arrive."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest

from municipal.command import inspectors
from municipal.command.patrol import selectors
from municipal.command.patrol.models import Attendance, Mark, TrackPoint
from municipal.command.patrol.services import attendance, ruling, tracks
from municipal.command.patrol.services.common import Place
from platform_core.common import clock
from platform_core.notices.models import Notice
from tests.factories.command import LAT, LON, STEP, report
from tests.factories.patrol import (
    INSIDE,
    OUTSIDE,
    at,
    on_duty,
    planned,
    send,
    walk,
)

from .test_sync import caller, entry
from .test_sync import send as sync

STILL = Place(LON + STEP * 2.5, LAT + STEP / 2, 10)


@pytest.fixture(autouse=True)
def evening():
    with clock.at(at("22:00")):
        yield


def day_of(inspector):
    """A duty with everything in it: out, idle, silent, back."""
    planned(inspector)
    on_duty(inspector, at("08:00"))
    out = walk(at("08:00"), [(20, INSIDE), (10, OUTSIDE), (30, INSIDE)])
    idle = [(at("09:00") + timedelta(minutes=n), STILL) for n in range(45)]
    late = walk(at("10:15"), [(30, INSIDE)])
    return out + idle + late


def marks():
    rows = Mark.objects.order_by("begins_at", "kind")
    return list(rows.values_list("kind", "begins_at", "ends_at", "metres", "seconds"))


def sums():
    return Attendance.objects.values_list(
        "positions", "metres", "outside_seconds", "idle_seconds", "silent_seconds"
    ).get()


@pytest.mark.function("CC-08", at="phone_api:sync")
def test_a_track_is_marked_outside_idle_and_silent(inspector):
    send(inspector, day_of(inspector))
    attendance.clock_out(by=inspector, at=at("10:45"), place=INSIDE)
    found = [(kind, begin, end) for kind, begin, end, *_rest in marks()]
    assert found == [
        ("out", at("08:20"), at("08:30")),
        ("idle", at("09:00"), at("09:44")),
        ("silent", at("09:44"), at("10:15")),
    ]
    count, metres, outside, idle, silent = sums()
    assert (count, outside, idle, silent) == (135, 600, 44 * 60, 31 * 60)
    assert metres > 5000


@pytest.mark.function("CC-08", at="phone_api:sync")
@pytest.mark.parametrize("seed", range(4))
def test_shuffled_and_doubled_batches_come_to_the_same(city, inspector, seed):
    points = day_of(inspector)
    send(inspector, points)
    attendance.clock_out(by=inspector, at=at("10:45"), place=INSIDE)
    expected = marks(), sums()
    Attendance.objects.all().delete()
    chance = random.Random(seed)
    again = points * 2
    chance.shuffle(again)
    on_duty(inspector, at("08:00"))
    middle = len(again) // 2
    while again:
        size = chance.randint(1, 30)
        send(inspector, again[:size])
        again = again[size:]
        if len(again) < middle:
            attendance.clock_out(by=inspector, at=at("10:45"), place=INSIDE)
    assert (marks(), sums()) == expected
    assert TrackPoint.objects.count() == len(points)


def test_a_mark_is_open_until_the_inspector_is_back_and_told_once(inspector, leader):
    planned(inspector)
    with clock.at(at("08:30")):
        on_duty(inspector, at("08:00"))
        send(inspector, walk(at("08:10"), [(10, INSIDE), (8, OUTSIDE)]))
    mark = Mark.objects.get(kind="out")
    assert (mark.begins_at, mark.ends_at) == (at("08:20"), None)
    with clock.at(at("08:35")):
        for minute in range(4):
            send(inspector, walk(at(f"08:{28 + minute}"), [(1, OUTSIDE)]))
        send(inspector, walk(at("08:32"), [(3, INSIDE)]))
    back = Mark.objects.get(kind="out")
    assert (back.pk, back.ends_at) == (mark.pk, at("08:32"))
    told = Notice.objects.filter(kind="patrol.mark", recipient=leader)
    assert told.count() == 1
    assert Notice.objects.filter(recipient=inspector).count() == 1


def test_a_blink_outside_and_a_poor_position_are_no_marks(inspector):
    on_duty(inspector, at("08:00"))
    poor = Place(OUTSIDE.lon, OUTSIDE.lat, 900)
    steps = [(10, INSIDE), (2, OUTSIDE), (10, INSIDE), (9, poor), (5, INSIDE)]
    send(inspector, walk(at("08:00"), steps))
    attendance.clock_out(by=inspector, at=at("08:36"))
    assert not Mark.objects.filter(kind="out").exists()


def test_a_silent_phone_is_noticed_and_its_points_take_the_mark_back(inspector):
    planned(inspector)
    with clock.at(at("08:05")):
        on_duty(inspector, at("08:00"))
        attendance.sweep()
        assert not Mark.objects.exists()
    with clock.at(at("08:20")):
        attendance.sweep()
        attendance.sweep()
        mark = Mark.objects.get()
        assert (mark.kind, mark.begins_at, mark.ends_at) == (
            "silent",
            at("08:00"),
            None,
        )
        send(inspector, walk(at("08:00"), [(20, INSIDE)]))
    assert not Mark.objects.exists()


def test_what_lies_outside_a_duty_is_not_kept(inspector):
    planned(inspector)
    on_duty(inspector, at("08:00"))
    attendance.clock_out(by=inspector, at=at("16:00"))
    kept = send(inspector, walk(at("07:58"), [(4, INSIDE)]))
    assert kept == 2
    assert send(inspector, walk(at("15:59"), [(10, INSIDE)])) == 2
    assert send(inspector, [(at("23:30"), INSIDE)]) == 0


@pytest.mark.function("CC-08", at="phone_api:sync")
def test_positions_of_a_wrong_clock_are_put_right(inspector):
    client, phone, ahead = caller(inspector), str(uuid4()), timedelta(days=2)
    begin = entry(1, "clock_in", lon=INSIDE.lon, lat=INSIDE.lat)
    points = [[120, INSIDE.lon, INSIDE.lat, 8], [60, INSIDE.lon, INSIDE.lat, 8]]
    batch = entry(2, "track", points=points)
    with clock.at(at("08:10")):
        begin["made_at"] = (at("08:00") + ahead).isoformat()
        batch["made_at"] = (at("08:10") + ahead).isoformat()
        now = (clock.now() + ahead).isoformat()
        answer = sync(client, phone, [batch, begin], device_clock=now).json()
    assert {row["state"] for row in answer["entries"]} == {"applied"}, answer
    moments = [
        at for at, *_rest in selectors.track(inspector, at("00:00"), at("23:59"))
    ]
    assert moments == [at("08:08"), at("08:09")]


def test_a_broken_batch_is_refused_and_the_rest_goes_on(inspector):
    client, phone = caller(inspector), str(uuid4())
    rows = [
        entry(1, "track", points=[[0, 500, 1, 1]]),
        entry(2, "track", points=[[-9, 1, 1, 1]]),
        entry(3, "track", points="x"),
        entry(4, "clock_in"),
    ]
    states = [row["state"] for row in sync(client, phone, rows).json()["entries"]]
    assert states == ["refused", "refused", "refused", "applied"]


def test_old_tracks_are_forgotten(inspector, leader):
    on_duty(inspector, at("08:00"))
    send(inspector, walk(at("08:00"), [(20, INSIDE)]))
    ruling.change(by=leader, values={"keep_days": 30})
    with clock.at(at("08:10") + timedelta(days=30)):
        assert tracks.forget() == 10
    assert TrackPoint.objects.count() == 10


def test_a_batch_costs_the_same_however_long_the_track(
    inspector, django_assert_max_num_queries
):
    on_duty(inspector, at("08:00"))
    send(inspector, walk(at("08:00"), [(5, INSIDE)]))
    with django_assert_max_num_queries(19):
        send(inspector, walk(at("08:05"), [(60, INSIDE)]))
    with django_assert_max_num_queries(19):
        send(inspector, walk(at("09:05"), [(4, INSIDE)]))


@pytest.mark.function("CC-18", at="phone_api:sync")
def test_a_case_goes_to_who_is_on_duty_there_else_to_the_nearest(city, inspector):
    case = report(city)
    other = city.other_supervisor
    assert inspectors.find(case) == inspector  # nobody is on duty: the grid's own
    near = Place(LON + STEP * 5, LAT)
    with clock.at(at("09:00")):
        on_duty(other, at("08:59"), near)
        assert inspectors.find(case) == other
        on_duty(inspector, at("08:59"), OUTSIDE)
        assert inspectors.find(case) == inspector
        attendance.clock_out(by=inspector, at=at("09:00"))
        assert inspectors.find(case) == other


def test_positions_are_those_on_duty_within_the_division(
    city, inspector, django_assert_num_queries
):
    on_duty(inspector, at("08:00"))
    on_duty(city.other_supervisor, at("08:00"), OUTSIDE)
    send(inspector, walk(at("08:00"), [(10, INSIDE), (5, OUTSIDE)]))
    selectors.positions()
    with django_assert_num_queries(3):
        found = selectors.positions()
    assert [(one.person, one.level) for one in found] == [
        (inspector, "red"),
        (city.other_supervisor, "grey"),
    ]
    assert [one.person for one in selectors.positions(["370202"])] == [inspector]
    assert selectors.positions(["370203"]) == []
    assert [duty.person for duty in selectors.on_duty(at("08:00"))] == [
        inspector,
        city.other_supervisor,
    ]
    assert not selectors.on_duty(at("07:59"))


def test_the_work_of_today_is_counted(city, inspector):
    with clock.at(at("12:00")):
        report(city)
        on_duty(inspector, at("08:00"))
        send(inspector, walk(at("08:00"), [(20, INSIDE)]))
        found = selectors.todays_work(inspector)
    assert (found["reports"], found["verified"], found["self_handled"]) == (1, 0, 0)
    assert found["metres"] > 1000
