"""Deadlines people can follow, and corrections of the calendar."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from platform_core.audit.models import AuditEntry
from platform_core.calendars import services, worktime
from platform_core.calendars.loaders import load_calendar
from platform_core.calendars.models import CalendarDay, WorkCalendar
from platform_core.calendars.selectors import schedule
from platform_core.common import clock
from platform_core.common.errors import DomainError
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def at(text):
    return timezone.make_aware(datetime.fromisoformat(text))


def due(start, value, unit, **more):
    return f"{timezone.localtime(services.deadline(at(start), value, unit, **more).at)}"


@pytest.fixture
def calendar():
    return WorkCalendar.objects.get(is_default=True)


@pytest.fixture
def admin():
    return UserFactory(full_name="赵管理")


@pytest.mark.parametrize(
    ("start", "value", "unit", "expected"),
    [
        ("2026-03-02 08:30", 3.5, "work_hour", "2026-03-02 12:00"),
        ("2026-03-02 11:00", 2, "work_hour", "2026-03-02 15:00"),
        ("2026-03-02 12:30", 1, "work_hour", "2026-03-02 15:00"),
        ("2026-03-02 17:00", 2, "work_hour", "2026-03-03 09:30"),
        ("2026-03-06 17:30", 1, "work_hour", "2026-03-09 09:00"),
        ("2026-03-02 10:00", 1, "work_day", "2026-03-03 10:00"),
        ("2026-03-02 23:00", 2, "urgent_hour", "2026-03-03 01:00"),
        ("2026-10-01 10:00", 1, "urgent_day", "2026-10-02 10:00"),
        ("2026-09-30 17:00", 2, "work_hour", "2026-10-08 09:30"),
        ("2026-10-09 17:00", 2, "work_hour", "2026-10-10 09:30"),
        ("2026-03-02 10:00", 0.5, "day", "2026-03-02 22:00"),
        ("2026-03-02 12:30", 0, "work_hour", "2026-03-02 12:30"),
    ],
)
def test_deadlines(start, value, unit, expected):
    assert due(start, value, unit) == f"{expected}:00+08:00"


def test_seconds_are_kept():
    assert due("2026-03-02 08:30:17", 1, "work_hour") == "2026-03-02 09:30:17+08:00"


def test_pauses_stop_the_clock():
    pause = (at("2026-03-02 10:00"), at("2026-03-02 15:00"))
    assert due("2026-03-02 09:00", 4, "work_hour", pauses=[pause]) == (
        "2026-03-02 18:00:00+08:00"
    )
    assert due("2026-03-02 09:00", 4, "hour", pauses=[pause]) == (
        "2026-03-02 18:00:00+08:00"
    )


def test_an_open_pause_lasts_until_now():
    pauses = [(at("2026-03-02 10:00"), None)]
    with clock.at(at("2026-03-02 10:30")):
        assert due("2026-03-02 09:00", 2, "hour", pauses=pauses) == (
            "2026-03-02 11:30:00+08:00"
        )


def test_time_used():
    start, end = at("2026-03-02 11:00"), at("2026-03-03 09:00")
    assert services.elapsed(start, end, "work_hour") == 5.5
    assert services.elapsed(start, end, "hour") == 22
    assert services.elapsed(end, start, "hour") == 0


def test_a_warm_calendar_costs_no_query(django_assert_num_queries):
    schedule()
    with django_assert_num_queries(0):
        services.deadline(at("2026-03-02 09:00"), 5, "work_day").explain()


@pytest.mark.parametrize(
    ("start", "value", "unit", "zh", "en"),
    [
        (
            "2026-09-24 14:30",
            8,
            "work_hour",
            "自2026-09-24（星期四）14:30起8个工作时，中秋节（09-25…09-27）不计",
            "8 work hours from 14:30 on Thursday 2026-09-24, "
            "holiday 09-25…09-27 skipped",
        ),
        (
            "2026-10-09 14:30",
            1,
            "work_day",
            "自2026-10-09（星期五）14:30起1个工作日，调休上班日10-10计入",
            "1 work day from 14:30 on Friday 2026-10-09, make-up workday 10-10 counted",
        ),
        (
            "2026-03-06 17:00",
            2,
            "work_hour",
            "自2026-03-06（星期五）17:00起2个工作时，周末不计",
            "2 work hours from 17:00 on Friday 2026-03-06, weekends skipped",
        ),
        (
            "2026-10-01 08:00",
            2,
            "urgent_hour",
            "自2026-10-01（星期四）08:00起2个紧急工作时",
            "2 urgent hours from 08:00 on Thursday 2026-10-01",
        ),
    ],
)
def test_a_deadline_explains_itself(start, value, unit, zh, en):
    found = services.deadline(at(start), value, unit)
    assert found.explain() == zh
    with translation.override("en"):
        assert found.explain() == en


def test_a_pause_is_explained():
    pause = (at("2026-03-02 08:00"), at("2026-03-02 11:05"))
    found = services.deadline(at("2026-03-02 09:00"), 1, "hour", pauses=[pause])
    assert found.explain().endswith("，停表2小时 5分钟")


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("09:00", "green"),
        ("09:59", "green"),
        ("10:00", "yellow"),
        ("11:00", "yellow"),
        ("11:01", "red"),
    ],
)
def test_lights(now, colour):
    moments = (at(f"2026-03-02 {time}") for time in ("09:00", "11:00", now))
    assert services.light(*moments) == colour


def test_light_thresholds_and_absence():
    start, end, now = (at(f"2026-03-02 {time}") for time in ("09:00", "11:00", "10:30"))
    assert services.light(start, end, now, yellow_share=0.2) == "green"
    assert services.light(start, None, now) == "none"
    assert services.light(start, start, start) == "yellow"


def test_a_corrected_day_counts_at_once_and_stays(calendar, admin):
    assert due("2027-10-08 17:00", 2, "work_hour") == "2027-10-11 09:30:00+08:00"
    saturday = date(2027, 10, 9)
    services.set_day(
        calendar=calendar, date=saturday, kind="make_up", name="调休", by=admin
    )
    assert due("2027-10-08 17:00", 2, "work_hour") == "2027-10-09 09:30:00+08:00"
    services.set_day(
        calendar=calendar, date=date(2026, 10, 1), kind="work", name="值班", by=admin
    )
    load_calendar()
    kept = CalendarDay.objects.get(calendar=calendar, date=saturday)
    assert (kept.kind, kept.corrected_by) == ("make_up", "赵管理")
    assert CalendarDay.objects.get(date=date(2026, 10, 1)).kind == "work"
    kinds = [
        (entry.actor_name, entry.data["kind"])
        for entry in AuditEntry.objects.filter(type="calendar.day_set").order_by("pk")
    ]
    assert kinds == [("赵管理", "make_up"), ("赵管理", "work")]


def test_an_unknown_kind_is_refused(calendar, admin):
    with pytest.raises(DomainError) as caught:
        services.set_day(
            calendar=calendar, date=date(2027, 1, 4), kind="party", by=admin
        )
    assert "kind" in caught.value.fields


def test_summer_hours_apply_from_their_day(calendar, admin):
    services.set_sessions(
        calendar=calendar,
        spans=[["08:30", "12:00"], ["14:30", "18:30"]],
        valid_from=date(2026, 6, 1),
        by=admin,
    )
    assert due("2026-06-02 14:00", 1, "work_hour") == "2026-06-02 15:30:00+08:00"
    assert due("2026-05-29 14:00", 1, "work_hour") == "2026-05-29 15:00:00+08:00"
    assert AuditEntry.objects.filter(type="calendar.sessions_set").count() == 1


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [["08:30"]],
        [["12:00", "08:30"]],
        [["08:30", "12:00"], ["11:00", "18:00"]],
        [["08:30", "noon"]],
        [["08:30", "08:30"]],
        [["08:30", "12:00", "14:00", "18:00"]],
    ],
)
def test_senseless_spans_are_refused(calendar, admin, spans):
    with pytest.raises(DomainError):
        services.set_sessions(
            calendar=calendar, spans=spans, valid_from=date(2026, 6, 1), by=admin
        )


def test_loading_twice_changes_nothing(calendar):
    before = list(calendar.days.values_list("date", "kind", "name", "note"))
    load_calendar()
    assert list(calendar.days.values_list("date", "kind", "name", "note")) == before
    assert WorkCalendar.objects.count() == 1


def test_a_withdrawn_day_disappears_with_the_next_load(calendar):
    stray = CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 3, 3), kind="holiday"
    )
    load_calendar()
    assert not CalendarDay.objects.filter(pk=stray.pk).exists()


def test_days_not_yet_published_say_so(calendar):
    notes = set(calendar.days.filter(date__year=2027).values_list("note", flat=True))
    assert notes == {"调休安排尚未公布，公布后请更正"}


def test_a_calendar_without_work_is_no_endless_loop(calendar):
    nothing = worktime.Schedule(sessions=[(date(2000, 1, 1), ())], days={})
    with pytest.raises(ValueError, match="no working time"):
        next(nothing.working_spans(datetime(2026, 1, 1)))
    assert nothing.day_length(date(2026, 1, 1)) == timedelta()


def test_more_is_asked_than_the_spans_have():
    day = datetime(2026, 3, 2)
    spans = [(day, day + timedelta(hours=2))]
    with pytest.raises(ValueError, match="not enough"):
        worktime.add(spans, day, timedelta(hours=3))
