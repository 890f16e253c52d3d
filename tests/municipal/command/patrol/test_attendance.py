"""Clock in and out: by the roster, in the area, corrected, forgotten, absent."""

from datetime import timedelta
from uuid import uuid4

import pytest

from municipal.command.patrol.models import Attendance, SyncEntry
from municipal.command.patrol.services import attendance
from municipal.command.patrol.services.common import Place
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError, Forbidden
from tests.factories.patrol import DAY, INSIDE, OUTSIDE, at, on_duty, planned

from .test_sync import caller, entry, send


@pytest.fixture(autouse=True)
def evening():
    with clock.at(at("22:00")):
        yield


@pytest.mark.function("CC-07", at="phone_api:sync")
def test_a_duty_follows_the_roster(inspector):
    planned(inspector)
    duty = on_duty(inspector, at("07:55"))
    assert (duty.shift_name, duty.late_minutes, duty.in_metres) == ("白班", 0, 0)
    duty = attendance.clock_out(by=inspector, at=at("16:01"), place=INSIDE)
    assert (duty.state, duty.early_minutes, duty.worked_minutes) == ("done", 0, 486)


@pytest.mark.parametrize(
    ("begin", "end", "late", "early"),
    [("08:05", "15:55", 0, 0), ("08:06", "15:54", 6, 6), ("09:30", "12:00", 90, 240)],
)
def test_late_and_early_go_by_the_tolerance(inspector, begin, end, late, early):
    planned(inspector)
    on_duty(inspector, at(begin))
    duty = attendance.clock_out(by=inspector, at=at(end), place=INSIDE)
    assert (duty.late_minutes, duty.early_minutes) == (late, early)


@pytest.mark.function("CC-07", at="phone_api:sync")
def test_clocking_in_outside_the_area_says_how_far(inspector):
    planned(inspector)
    duty = on_duty(inspector, at("08:00"), OUTSIDE)
    assert 500 < duty.in_metres < 600
    duty = attendance.clock_out(by=inspector, at=at("16:00"))
    assert duty.out_metres is None


def test_without_a_place_the_area_is_unknown(city, inspector):
    assert on_duty(inspector, at("08:00"), None).in_metres is None
    nobodys = city.other_supervisor
    assert on_duty(nobodys, at("08:00")).in_metres is None


def test_clocking_in_twice_counts_once(inspector):
    planned(inspector)
    first = on_duty(inspector, at("08:00"))
    again = on_duty(inspector, at("10:00"), OUTSIDE)
    assert again.pk == first.pk
    assert again.clock_in_at == at("08:00")
    assert Attendance.objects.count() == 1


def test_the_last_clock_out_counts(inspector):
    planned(inspector)
    on_duty(inspector, at("08:00"))
    attendance.clock_out(by=inspector, at=at("11:00"))
    back = on_duty(inspector, at("11:30"))
    assert (back.state, back.clock_in_at) == ("on", at("08:00"))
    duty = attendance.clock_out(by=inspector, at=at("16:00"))
    assert (duty.early_minutes, Attendance.objects.count()) == (0, 1)


def test_nobody_clocks_out_who_was_not_there(inspector):
    with pytest.raises(DomainError):
        attendance.clock_out(by=inspector, at=at("16:00"))


def test_a_duty_without_the_roster_stands_by_itself(inspector):
    duty = on_duty(inspector, at("08:00"))
    assert (duty.roster, duty.shift_name, duty.late_minutes) == (None, "", 0)


def test_only_inspectors_clock_in(city):
    with pytest.raises(Forbidden):
        on_duty(city.acceptor, at("08:00"))


def test_a_forgotten_clock_out_is_closed_and_the_next_day_begins(inspector):
    planned(inspector)
    on_duty(inspector, at("08:00"))
    with clock.at(at("17:59")):
        attendance.sweep()
        assert Attendance.objects.get().state == "on"
    with clock.at(at("18:01")):
        attendance.sweep()
        assert Attendance.objects.get().state == "forgotten"
    tomorrow = DAY + timedelta(days=1)
    with clock.at(at("09:00", tomorrow)):
        late = attendance.clock_out(by=inspector, at=at("16:10"))
        assert (late.state, late.worked_minutes) == ("done", 490)
        assert on_duty(inspector, at("08:00", tomorrow)).day == tomorrow


def test_who_does_not_come_is_absent_until_a_phone_says_otherwise(inspector):
    planned(inspector)
    with clock.at(at("15:00")):
        attendance.sweep()
        assert not Attendance.objects.exists()
    attendance.sweep()
    attendance.sweep()
    assert Attendance.objects.get().state == "absent"
    client, phone = caller(inspector), str(uuid4())
    sent = entry(1, "clock_in", lon=INSIDE.lon, lat=INSIDE.lat)
    sent["made_at"] = at("08:01").isoformat()
    answer = send(client, phone, [sent]).json()["entries"][0]
    assert answer["state"] == "applied", answer
    duty = Attendance.objects.get()
    assert (duty.state, duty.clock_in_at) == ("on", at("08:01"))


@pytest.mark.function("CC-07", at="phone_api:sync")
def test_a_wrong_clock_of_the_phone_is_put_right(inspector):
    planned(inspector)
    client, phone = caller(inspector), str(uuid4())
    ahead = timedelta(hours=3)
    sent = entry(1, "clock_in", lon=INSIDE.lon, lat=INSIDE.lat)
    with clock.at(at("08:02")):
        sent["made_at"] = (at("08:01") + ahead).isoformat()
        device_clock = (clock.now() + ahead).isoformat()
        answer = send(client, phone, [sent, sent], device_clock=device_clock)
    assert answer.json()["entries"][0]["state"] == "applied"
    duty = Attendance.objects.get()
    assert (duty.clock_in_at, duty.clock_wrong) == (at("08:01"), True)
    assert duty.late_minutes == 0


def test_sending_again_clocks_in_once(inspector):
    client, phone = caller(inspector), str(uuid4())
    sent = [entry(1, "clock_in", lon=INSIDE.lon, lat=INSIDE.lat)]
    for _ in range(3):
        send(client, phone, sent)
    assert Attendance.objects.count() == SyncEntry.objects.count() == 1
    assert AuditEntry.objects.filter(type="attendance.clocked_in").count() == 1


@pytest.mark.parametrize("place", [("x", 1), (200, 1), ("nan", 1), (1e400, 1)])
def test_what_is_no_position_is_refused(place):
    with pytest.raises(DomainError):
        Place.of(*place)


def test_a_correction_keeps_the_former_times(inspector, leader):
    planned(inspector)
    duty = on_duty(inspector, at("09:00"))
    with pytest.raises(DomainError):
        attendance.correct(
            attendance=duty,
            by=leader,
            reason=" ",
            clock_in_at=at("08:00"),
            clock_out_at=None,
        )
    duty = attendance.correct(
        attendance=duty,
        by=leader,
        reason="手机没电",
        clock_in_at=at("08:00"),
        clock_out_at=at("16:00"),
    )
    assert (duty.late_minutes, duty.worked_minutes, duty.state) == (0, 480, "done")
    noted = AuditEntry.objects.get(type="attendance.corrected").data
    assert noted["why"] == "手机没电"
    assert noted["former"]["state"] == "on"
    with pytest.raises(Forbidden):
        attendance.correct(
            attendance=duty,
            by=inspector,
            reason="x",
            clock_in_at=at("07:00"),
            clock_out_at=None,
        )
