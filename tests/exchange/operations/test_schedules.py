"""Regular tasks: what runs when, how it went, and leaving one out."""

from datetime import timedelta

import pytest
from celery import current_app
from celery.beat import ScheduleEntry
from django.db import DatabaseError, InterfaceError
from django.urls import reverse

from exchange.operations import scheduling, timetable
from exchange.operations.models import Schedule
from exchange.operations.services import schedules
from exchange.operations.tasks import clean, watch
from platform_core.common import clock


@pytest.fixture
def beat(own, tmp_path, monkeypatch):
    """A beat that notes what it would have sent."""
    made = scheduling.PausableScheduler(
        current_app, schedule_filename=str(tmp_path / "beat"), lazy=True
    )
    made.sent = []
    monkeypatch.setattr(scheduling, "close_old_connections", lambda: None)
    monkeypatch.setattr(
        scheduling.PersistentScheduler,
        "apply_entry",
        lambda self, entry, producer=None: made.sent.append(entry.name),
    )
    return made


def entry(name):
    return ScheduleEntry(name=name, task=name, schedule=60.0, app=current_app)


def row(name="operations.watch"):
    return Schedule.objects.get(name=name)


def test_there_is_a_row_for_every_task_of_the_exchange(own):
    assert schedules.load() == 0
    names = set(Schedule.objects.values_list("name", flat=True))
    assert {"delivery.pump", "reconciliation.nightly", "operations.watch"} <= names
    assert not [name for name in names if name.startswith("audit")]
    Schedule.objects.create(name="delivery.gone")
    Schedule.objects.filter(name="delivery.pump").delete()
    assert schedules.load() == 1
    assert not Schedule.objects.filter(name="delivery.gone").exists()


def test_the_beat_leaves_out_what_is_paused(beat):
    beat.apply_entry(entry("operations.watch"))
    schedules.pause(schedule=row(), reason="repair")
    beat._until = 0
    beat.apply_entry(entry("operations.watch"))
    beat.apply_entry(entry("delivery.pump"))
    schedules.resume(schedule=row())
    beat._until = 0
    beat.apply_entry(entry("operations.watch"))
    assert beat.sent == ["operations.watch", "delivery.pump", "operations.watch"]


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_database_that_is_away_stops_no_beat(beat, monkeypatch, error):
    schedules.pause(schedule=row())
    assert beat.paused() == {"operations.watch"}

    def away(**_about):
        raise error

    monkeypatch.setattr(Schedule.objects, "filter", away)
    monkeypatch.setattr(scheduling.connection, "close", lambda: None)
    beat._until = 0
    assert beat.paused() == {"operations.watch"}


def test_the_beat_of_the_settings_is_this_one():
    assert current_app.conf.beat_scheduler.endswith(":PausableScheduler")


def test_a_run_is_noted_with_its_duration(own):
    assert row().ok is None
    watch.apply()
    found = row()
    assert found.ok is True
    assert found.milliseconds is not None
    assert found.next_at - found.started_at == timedelta(seconds=60)


def test_a_failure_is_kept_and_a_success_after_it_shows(own, monkeypatch):
    def broken():
        raise ValueError("no disk")

    monkeypatch.setattr("exchange.operations.services.figures.clean", broken)
    clean.apply(throw=False)
    found = row("operations.clean")
    assert (found.ok, found.error) == (False, "ValueError: no disk")
    monkeypatch.undo()
    clean.apply()
    found = row("operations.clean")
    assert found.ok is True
    assert found.failed_at is not None


def test_what_runs_each_second_is_noted_now_and_then(own):
    schedules.note("delivery.pump", 5)
    first = row("delivery.pump").started_at
    schedules.note("delivery.pump", 7)
    assert row("delivery.pump").started_at == first
    with clock.at(clock.now() + timedelta(seconds=11)):
        schedules.note("delivery.pump", 9)
    assert row("delivery.pump").milliseconds == 9


def test_rhythms_are_told():
    assert timetable.rhythm("reconciliation.nightly") == "10 2 * * *"
    assert timetable.rhythm("operations.watch")
    assert timetable.rhythm("nothing") == ""
    due = timetable.next_run("reconciliation.nightly", None)
    assert timedelta(0) < due - clock.now() <= timedelta(days=1)


@pytest.mark.function("DX-04", at="operations:schedule-list")
def test_the_operator_pauses_resumes_and_starts(client, operator):
    text = client.get(reverse("operations:schedule-list")).content.decode()
    assert "reconciliation.nightly" in text

    def act(what, **given):
        url = reverse(f"operations:schedule-{what}", args=["operations.watch"])
        assert client.post(url, given).status_code == 302

    act("pause", reason="repair")
    assert row().paused
    assert row().next_at is None
    page = client.get(row().get_absolute_url()).content.decode()
    assert "repair" in page
    act("run")
    assert row().ok is True
    act("resume")
    assert not row().paused
    answer = client.get(reverse("operations:schedule-list"), {"export": "csv"})
    assert "10 2 * * *" in answer.getvalue().decode()


def test_who_may_only_look_cannot_pause(client, clerk):
    client.force_login(clerk)
    url = reverse("operations:schedule-pause", args=["operations.watch"])
    assert client.post(url).status_code == 403
    assert client.get(row().get_absolute_url()).status_code == 200
