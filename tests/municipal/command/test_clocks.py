"""Every stage has its limit, its lights and its warnings, each sent once."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from municipal.command import clocks
from municipal.command.enums import PROCESS
from municipal.command.models import Case, CaseAlert
from municipal.command.services import alerts, upkeep
from municipal.command.tasks import mark_overdue, resume_paused, send_alerts
from platform_core.calendars import services as calendars
from platform_core.common import clock
from platform_core.notices.models import Notice
from platform_core.processes import services as processes
from platform_core.processes.selectors import definition_of, published
from tests.factories.accounts import UserFactory
from tests.factories.command import act, lead, report, rule

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 9, 0))
STAGES = {
    "pending_accept": "accept",
    "verifying": "verify",
    "pending_filing": "filing",
    "pending_dispatch": "dispatch",
    "pending_handling": "handling",
    "handling": "handling",
    "rework": "handling",
    "pending_feedback": "feedback",
    "pending_check": "send_check",
    "checking": "check",
    "pending_close": "closing",
}


@pytest.mark.parametrize("state", STAGES)
def test_every_stage_has_a_clock_with_lights(city, state):
    case = lead(city, state)
    found = clocks.stage_clock(case, definition_of(case.process))
    assert found.name == STAGES[state]
    assert case.state_since <= case.warn_at <= case.red_at == case.deadline
    assert case.light == "green"
    with clock.at(case.warn_at + timedelta(seconds=1)):
        assert case.light == "yellow"
        assert Case.objects.light("yellow", clock.now()).get() == case
    with clock.at(case.red_at + timedelta(seconds=1)):
        assert case.light == "red"
        assert Case.objects.light("red", clock.now()).get() == case


def test_the_break_points_of_the_lights_are_rules(city):
    rule(yellow_from=0.8, red_from=0.9)
    with clock.at(MONDAY):
        case = report(city)
    whole = case.deadline - MONDAY
    assert (case.warn_at - MONDAY) / whole == pytest.approx(0.8, abs=1e-3)
    assert (case.red_at - MONDAY) / whole == pytest.approx(0.9, abs=1e-3)


def test_lights_count_working_time_not_the_weekend(city):
    friday = timezone.make_aware(datetime(2026, 11, 20, 17, 0))
    with clock.at(friday):
        case = lead(city, "checking")
    assert timezone.localtime(case.warn_at) == timezone.make_aware(
        datetime(2026, 11, 20, 18, 0)
    )
    assert timezone.localtime(case.deadline) == timezone.make_aware(
        datetime(2026, 11, 23, 9, 30)
    )


def test_handling_starts_at_dispatch_and_signing_has_a_limit_of_its_own(city):
    with clock.at(MONDAY):
        case = lead(city, "pending_handling")
    assert case.clock_started_at == MONDAY
    assert case.sign_deadline == MONDAY + timedelta(hours=1)
    with clock.at(MONDAY + timedelta(hours=2)):
        signed = act(city, case, "sign", by="dept_handler")
    assert signed.handling_deadline == case.handling_deadline
    assert signed.sign_deadline is None
    step = signed.process.steps.get(action="sign")
    assert step.data["sign_late"] is True
    assert step.data["late"] is False
    assert step.data["unit_code"] == city.unit.code


def test_steps_keep_what_evaluation_asks_for(city):
    with clock.at(MONDAY):
        case = lead(city, "checking")
    with clock.at(MONDAY + timedelta(hours=1)):
        case = act(city, case, "check_pass", by="supervisor")
    data = case.process.steps.get(action="check_pass").data
    assert (data["clock"], data["used"], data["late"]) == ("check", 0.5, False)
    assert datetime.fromisoformat(data["due"]) == MONDAY + timedelta(hours=2)


def test_a_pause_ends_when_it_was_granted_for_even_if_the_beat_is_late(city):
    with clock.at(MONDAY):
        case = lead(city, "handling")
        until = MONDAY + timedelta(days=3)
        case = act(city, case, "approve_defer", by="dispatcher", until=until)
    with clock.at(until + timedelta(days=2)):
        assert resume_paused() == 1
        assert resume_paused() == 0
    case.refresh_from_db()
    assert clocks.pauses(case) == [(MONDAY, until)]
    expected = calendars.deadline(
        MONDAY, case.limit_value, case.limit_unit, pauses=[(MONDAY, until)]
    )
    assert case.handling_deadline == expected.at


def test_extension_and_pause_over_a_holiday_add_up(city):
    start = timezone.make_aware(datetime(2026, 9, 23, 10, 0))
    with clock.at(start):
        case = lead(city, "handling")
        case = act(city, case, "apply_extend", by="dept_handler")
        case = act(city, case, "approve_extend", by="dispatcher")
        until = start + timedelta(days=20)
        case = act(city, case, "approve_suspend", by="dispatcher", until=until)
    assert case.deadline is None
    assert case.next_alert_at is None
    again = start + timedelta(days=10)
    with clock.at(again):
        case = act(city, case, "resume", by="dispatcher")
    expected = calendars.deadline(
        start, 2 * case.limit_value, case.limit_unit, pauses=[(start, again)]
    )
    assert case.handling_deadline == case.deadline == expected.at


@pytest.mark.parametrize("way", ["anew", "continued"])
def test_rework_counts_anew_or_goes_on_without_the_time_of_the_check(city, way):
    rule(rework_clock=way)
    with clock.at(MONDAY):
        case = lead(city, "handling")
    done, again = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2, minutes=30)
    with clock.at(done):
        case = act(city, case, "feedback", by="dept_handler")
    with clock.at(again):
        case = act(city, case, "reject_feedback", by="dispatcher")
    start, pauses = (again, ()) if way == "anew" else (MONDAY, [(done, again)])
    expected = calendars.deadline(
        start, case.limit_value, case.limit_unit, pauses=pauses
    )
    assert case.handling_deadline == expected.at


@pytest.mark.parametrize("way", ["anew", "continued"])
def test_another_unit_gets_the_whole_time_or_what_is_left(city, way):
    rule(redispatch_clock=way)
    with clock.at(MONDAY):
        case = lead(city, "returned")
    later = MONDAY + timedelta(hours=1)
    with clock.at(later):
        case = act(city, case, "redispatch", by="dispatcher", unit=city.other_unit)
    start = later if way == "anew" else MONDAY
    assert case.clock_started_at == start
    expected = calendars.deadline(start, case.limit_value, case.limit_unit)
    assert case.handling_deadline == expected.at


def test_a_case_dispatched_again_after_filing_starts_anew_in_any_case(city):
    rule(redispatch_clock="continued")
    case = act(city, lead(city, "returned"), "back_filing", by="dispatcher")
    case = act(city, case, "file", by="duty_leader")
    case = act(city, case, "dispatch", by="dispatcher")
    assert case.clock_started_at == case.dispatched_at
    clocks.stop(case)
    clocks.go_on(case, clock.now())
    assert case.handling_deadline is not None


def test_an_extension_in_time_lifts_the_mark_of_a_late_case(city):
    with clock.at(MONDAY):
        case = lead(city, "handling")
        case = act(city, case, "apply_extend", by="dept_handler")
    late = case.handling_deadline + timedelta(minutes=1)
    with clock.at(late):
        assert mark_overdue() == 1
        case = act(city, case, "approve_extend", by="dispatcher")
    assert case.overdue_at is None
    assert case.handling_deadline > late


# Warnings -----------------------------------------------------------------------


def run_at(moment):
    with clock.at(moment):
        return send_alerts()


def test_the_unit_its_leader_and_the_overseer_are_told_in_turn_and_once(city):
    leader = UserFactory(roles=["dept_leader"], unit=city.unit)
    with clock.at(MONDAY):
        case = lead(city, "handling")
        unit_clock = clocks.unit_clock(case)
    moments = [unit_clock.deadline(share).at for share in (0.8, 1, 1.25)]
    people = [city.dept_handler, leader, city.overseer]
    Notice.objects.all().delete()
    for moment, person in zip(moments, people, strict=True):
        assert run_at(moment - timedelta(seconds=1)) == 0
        assert run_at(moment) == 1
        assert run_at(moment + timedelta(seconds=20)) == 0
        assert Notice.objects.get().recipient == person
        Notice.objects.all().delete()
    case.refresh_from_db()
    assert case.next_alert_at is None
    assert [row.told for row in case.alerts.all()] == [1, 1, 1]


def test_after_a_restart_all_that_was_missed_is_told_once(city):
    with clock.at(MONDAY):
        case = lead(city, "handling")
        last = clocks.unit_clock(case).deadline(1.25).at
    Notice.objects.all().delete()
    assert run_at(last + timedelta(hours=1)) == 3
    Case.objects.update(next_alert_at=MONDAY)  # as if the worker died before it
    assert run_at(last + timedelta(hours=2)) == 0
    assert CaseAlert.objects.count() == Notice.objects.count() == 3


def test_no_warning_after_the_stage_ended_and_a_new_one_for_a_new_deadline(city):
    with clock.at(MONDAY):
        case = lead(city, "handling")
        asked = act(city, case, "apply_extend", by="dept_handler")
        first = clocks.unit_clock(case).deadline(0.8).at
    assert run_at(first) == 1
    with clock.at(first + timedelta(minutes=1)):
        case = act(city, asked, "approve_extend", by="dispatcher")
        second = clocks.unit_clock(case).deadline(0.8).at
    assert run_at(second) == 1
    with clock.at(second + timedelta(minutes=1)):
        case = act(city, case, "feedback", by="dept_handler")
    assert case.alerts.filter(clock="handling").count() == 2
    run_at(case.handling_deadline + timedelta(hours=1))
    assert case.alerts.filter(clock="handling").count() == 2


def test_a_case_that_waits_for_signature_is_escalated(city):
    with clock.at(MONDAY):
        case = lead(city, "pending_handling")
    assert run_at(case.sign_deadline) == 1
    assert case.alerts.get().clock == "sign"
    with clock.at(case.sign_deadline + timedelta(minutes=1)):
        act(city, case, "sign", by="dept_handler")
    assert not case.alerts.exclude(clock="sign").exists()


def test_the_inspector_on_site_and_the_centre_are_told_too(city):
    with clock.at(MONDAY):
        check, accept = lead(city, "checking"), report(city)
    Notice.objects.all().delete()
    assert run_at(check.deadline) == 3
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {city.supervisor.pk, city.overseer.pk, city.duty_leader.pk}
    Case.objects.filter(pk=accept.pk).update(next_alert_at=MONDAY)
    Case.objects.filter(pk=check.pk).update(field_inspector=None, next_alert_at=MONDAY)
    assert run_at(check.deadline + timedelta(minutes=1)) == 0


def test_whom_to_tell_is_data_of_the_process(city):
    body = published(PROCESS).definition.to_dict()
    body["escalations"] = [{"clock": "accept", "share": 0.5, "role": "bureau_leader"}]
    body["roles"]["bureau_leader"] = "领导"
    processes.publish_definition(code=PROCESS, body=body, title="案件办理流程")
    with clock.at(MONDAY):
        case = report(city)
    assert run_at(MONDAY + timedelta(minutes=5, seconds=1)) == 1
    assert case.alerts.get().role == "bureau_leader"
    body["escalations"] = []
    processes.publish_definition(code=PROCESS, body=body, title="案件办理流程")
    assert report(city).next_alert_at is None


def test_a_beat_that_loses_the_race_goes_on_with_the_next_case(city, monkeypatch):
    with clock.at(MONDAY):
        first, second = report(city), report(city)
    real, calls = alerts._send_for, []

    def once(pk, now):
        calls.append(pk)
        if len(calls) == 1:
            raise IntegrityError("alert_once")
        return real(pk, now)

    monkeypatch.setattr(alerts, "_send_for", once)
    assert run_at(first.deadline) == 1
    assert sorted(calls) == [first.pk, second.pk]


def test_somebody_who_resumes_first_does_not_stop_the_beat(city):
    case = lead(city, "deferred")
    stale = Case.objects.get(pk=case.pk)
    act(city, case, "resume", by="dispatcher")
    assert upkeep._resume(stale) is False


def test_a_clock_that_never_paused_is_resumed_without_harm(city):
    case = lead(city, "handling")
    before = case.handling_deadline
    clocks.resume(case, clock.now())
    assert (case.handling_deadline, case.pauses) == (before, [])


def test_a_case_without_a_limit_has_no_clock_of_the_unit(city):
    case = report(city)
    clocks.recompute(case)
    assert case.handling_deadline is None
    assert not clocks.is_late_to_return(case, clock.now())


def test_what_is_no_longer_due_is_left_alone(city):
    case = report(city)
    assert alerts._send_for(case.pk, case.reported_at) == 0
    stale = lead(city, "handling")
    assert upkeep._mark(stale) is False
