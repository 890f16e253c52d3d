"""Every step of the case process, and what it does beside the state."""

from datetime import timedelta

import pytest

from municipal.command import services
from municipal.command.enums import State
from municipal.command.loaders import case_process
from municipal.command.models import Case
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, TransitionNotAllowed
from platform_core.notices.models import Notice
from platform_core.processes.models import ProcessStep
from platform_core.systems.monitoring.models import CaseDigest, IndicatorDelta
from platform_core.workflow import engine
from tests.factories import command as factory
from tests.factories.command import act, lead, picture, report, rule

DEFINITION = case_process()
FIRST = "reported"
PLATFORM = "platform"  # closes what was merged into another case
STANDARD = [step for step in DEFINITION.transitions if step.role != PLATFORM]
STEPS = [step for step in STANDARD if step.source != FIRST]


def counted(indicator):
    """How often an indicator was counted."""
    rows = IndicatorDelta.objects.filter(measure=indicator)
    return sum(int(row.amount) for row in rows)


def prepared(city, step):
    """A case in the step's state, such that the step's guard is content."""
    case = lead(city, step.source)
    if step.action in {"approve_extend", "refuse_extend"}:
        case = act(city, case, "apply_extend", by="dept_handler")
    return case


def test_the_process_is_that_of_the_standard():
    assert len(DEFINITION.states) == 21
    assert len(STANDARD) == 46 - 1
    assert set(State.values) == {state.code for state in DEFINITION.states}


@pytest.mark.parametrize("step", STEPS, ids=lambda s: f"{s.source}-{s.action}")
def test_every_step_of_the_process_can_be_made(city, step):
    case = prepared(city, step)
    before = case.revision
    case = act(city, case, step.action, by=step.role)
    case.refresh_from_db()
    assert case.state == case.process.state == step.target
    assert case.revision == before + 1
    actions = list(case.process.steps.order_by("seq").values_list("action", flat=True))
    assert engine.replay(DEFINITION, actions) == case.state
    assert AuditEntry.objects.filter(type=f"case.{step.action}").exists()
    digest = CaseDigest.objects.get(uid=case.uid)
    assert (digest.state, digest.revision) == (case.state, case.revision)


def test_an_inspectors_report_waits_for_acceptance(city):
    case = report(city)
    assert case.state == "pending_accept"
    assert case.process.steps.get().action == "submit"
    assert case.number.startswith("37020201")
    assert len(case.number) == 22
    assert case.grid_code == "370202001001001"
    assert case.duty_grid == city.duty_grid
    assert (case.division_code, case.street_code) == ("370202", "370202001")
    assert case.community_code == "370202001001"
    assert counted("cases.reported") == 1
    assert Notice.objects.get(recipient=city.acceptor).body == case.number


def test_a_citizens_report_is_registered_by_the_platform(city):
    case = report(city, by=None, source="06", reporter="王女士", contact="13800001234")
    step = case.process.steps.get()
    assert (step.action, step.role) == ("register", "system")
    assert case.reported_by is None


def test_numbers_count_by_district_and_day(city):
    first, second = report(city), report(city)
    assert int(second.number) == int(first.number) + 1


def test_a_report_in_another_coordinate_system_lands_in_the_same_grid(city):
    case = report(city, lon=120.40536, lat=36.07086, coord_sys="gcj02")
    assert case.grid_code == "370202001001001"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"class_code": "99999"}, "class_code"),
        ({"class_kind": "component", "class_code": "01001"}, "class_code"),
        ({"source": "77"}, "source"),
        ({"lon": 116.4, "lat": 39.9}, "position"),
        ({"lon": "somewhere"}, "position"),
        ({"coord_sys": "mars"}, "position"),
        ({"description": "  "}, "description"),
        ({"address": "x" * 300}, "address"),
    ],
)
def test_a_report_that_cannot_be_taken_in_leaves_nothing(city, wrong, field):
    with pytest.raises(DomainError) as caught:
        report(city, **wrong)
    assert list(caught.value.as_dict()["fields"]) == [field]
    assert not Case.objects.exists()
    assert not CaseDigest.objects.exists()


def test_all_problems_of_a_report_are_named_at_once(city):
    with pytest.raises(DomainError) as caught:
        report(city, class_code="1", lon=0, description="")
    assert set(caught.value.fields) == {"class_code", "position", "description"}


def test_who_may_not_report_is_refused(city):
    with pytest.raises(DomainError) as caught:
        report(city, by=city.dept_handler)
    assert caught.value.status == 403


def test_filing_gives_a_task_number_and_the_limit_of_the_condition(city):
    case = lead(city, "pending_dispatch")
    day = f"{clock.today():%Y%m%d}"
    assert case.task_number == f"{day}0001"
    assert case.limit_value
    assert case.limit_unit
    assert counted("cases.filed") == 1
    again = lead(city, "pending_dispatch")
    assert again.task_number == f"{day}0002"


def test_filing_under_an_unknown_condition_is_refused(city):
    case = lead(city, "pending_filing")
    with pytest.raises(DomainError) as caught:
        act(city, case, "file", by="duty_leader", condition="77")
    assert "condition" in caught.value.fields


def test_dispatch_starts_the_clock_of_the_unit(city):
    case = lead(city, "pending_handling")
    assert case.handling_unit == city.unit
    assert case.deadline == case.handling_deadline
    assert case.handling_deadline > case.dispatched_at
    step = case.process.steps.get(action="dispatch")
    assert step.data["unit"] == "市政处"
    notice = Notice.objects.get(recipient=city.dept_handler)
    assert notice.body == case.number
    assert not Notice.objects.filter(recipient=city.other_handler).exists()


@pytest.mark.parametrize("unit", [None, "nobody"])
def test_dispatch_needs_a_unit(city, unit):
    case = lead(city, "pending_dispatch")
    with pytest.raises(DomainError) as caught:
        act(city, case, "dispatch", by="dispatcher", unit=unit)
    assert "unit" in caught.value.fields
    case.refresh_from_db()
    assert case.state == "pending_dispatch"


def test_extension_moves_the_deadline_and_is_limited(city):
    case = lead(city, "handling")
    before = case.handling_deadline
    for _ in range(2):
        case = act(city, case, "apply_extend", by="dept_handler")
        with pytest.raises(TransitionNotAllowed):
            act(city, case, "apply_extend", by="dept_handler")
        case = act(city, case, "approve_extend", by="dispatcher")
    assert case.handling_deadline > before
    assert case.extend_count == 2
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "apply_extend", by="dept_handler")
    assert caught.value.fields["reason"] == "extend_limit"


def test_no_extension_after_the_deadline(city):
    case = lead(city, "handling")
    with (
        clock.at(case.handling_deadline + timedelta(minutes=1)),
        pytest.raises(TransitionNotAllowed) as caught,
    ):
        act(city, case, "apply_extend", by="dept_handler")
    assert caught.value.fields["reason"] == "extend_late"


def test_a_refused_extension_does_not_count(city):
    case = lead(city, "handling")
    before = case.handling_deadline
    case = act(city, case, "apply_extend", by="dept_handler")
    case = act(city, case, "refuse_extend", by="dispatcher")
    assert (case.extend_count, case.handling_deadline) == (0, before)


def test_a_case_can_be_returned_twice(city):
    case = lead(city, "pending_handling")
    for _ in range(2):
        case = act(city, case, "return", by="dept_handler")
        case = act(city, case, "refuse_return", by="dispatcher")
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "return", by="dept_handler")
    assert caught.value.fields["reason"] == "return_limit"


def test_a_case_is_returned_soon_or_not_at_all(city):
    case = lead(city, "pending_handling")
    with (
        clock.at(clock.now() + timedelta(days=15)),
        pytest.raises(TransitionNotAllowed) as caught,
    ):
        act(city, case, "return", by="dept_handler")
    assert caught.value.fields["reason"] == "return_late"


def test_redispatch_gives_the_case_to_another_unit(city):
    case = lead(city, "returned")
    case = act(city, case, "redispatch", by="dispatcher", unit=city.other_unit)
    assert case.handling_unit == city.other_unit
    assert counted("cases.dispatched") == 1
    with pytest.raises(TransitionNotAllowed):
        act(city, case, "sign", by="dept_handler")


def test_back_to_filing_takes_the_case_from_the_unit(city):
    case = act(city, lead(city, "returned"), "back_filing", by="dispatcher")
    assert case.handling_unit is None
    case = act(city, case, "file", by="duty_leader")
    assert counted("cases.filed") == 1
    case = act(city, case, "dispatch", by="dispatcher")
    assert counted("cases.dispatched") == 1


def test_a_pause_moves_the_deadline_by_its_length(city):
    case = lead(city, "handling")
    before = case.handling_deadline
    until = clock.now() + timedelta(days=40)
    case = act(city, case, "approve_suspend", by="dispatcher", until=until)
    assert case.deadline is None
    with clock.at(clock.now() + timedelta(days=30)):
        case = act(city, case, "resume", by="dispatcher")
    assert case.handling_deadline >= before + timedelta(days=19)
    assert case.deadline == case.handling_deadline


@pytest.mark.parametrize("until", [-1, 60, "2026-02-30", "2026-02-30T08:00:00Z", "x"])
def test_a_case_is_deferred_for_a_short_time_ahead(city, until):
    case = lead(city, "handling")
    if isinstance(until, int):
        until = clock.now() + timedelta(days=until)
    with pytest.raises(DomainError) as caught:
        act(city, case, "approve_defer", by="dispatcher", until=until)
    assert "until" in caught.value.fields


def test_paused_cases_resume_by_themselves(city):
    case = lead(city, "deferred")
    assert services.resume_paused() == 0
    with clock.at(clock.now() + timedelta(days=4)):
        assert services.resume_paused() == 1
        assert services.resume_paused() == 0
    case.refresh_from_db()
    assert case.state == "handling"
    assert case.process.steps.last().role == "system"


def test_feedback_in_time_is_counted_once(city):
    case = lead(city, "pending_feedback")
    assert case.on_time is True
    case = act(city, case, "reject_feedback", by="dispatcher")
    case = act(city, case, "feedback", by="dept_handler")
    assert (counted("cases.handled"), counted("cases.on_time")) == (1, 1)


def test_feedback_needs_pictures(city):
    case = lead(city, "handling")
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "feedback", by="dept_handler", attachments=[])
    assert caught.value.fields["reason"] == "photos_missing"


def test_late_feedback_is_overdue(city):
    case = lead(city, "handling")
    with clock.at(case.handling_deadline + timedelta(hours=1)):
        case = act(city, case, "feedback", by="dept_handler")
    assert case.on_time is False
    assert case.overdue_at == case.handling_deadline
    assert (counted("cases.overdue"), counted("cases.on_time")) == (1, 0)
    assert case.process.steps.get(action="feedback").overdue


def test_late_cases_are_marked_once_and_the_unit_is_told(city):
    case = lead(city, "handling")
    assert services.mark_overdue() == 0
    with clock.at(case.handling_deadline + timedelta(minutes=1)):
        assert services.mark_overdue() == 1
        assert services.mark_overdue() == 0
    assert counted("cases.overdue") == 1
    assert Notice.objects.filter(recipient=city.dept_handler, kind="overdue").exists()
    case.refresh_from_db()
    assert case.overdue_at == case.handling_deadline


def test_a_failed_check_leads_to_rework_not_to_closing(city):
    case = lead(city, "checking")
    case = act(city, case, "check_fail", by="supervisor")
    with pytest.raises(TransitionNotAllowed):
        act(city, case, "close", by="duty_leader")
    case = act(city, case, "rework", by="duty_leader")
    assert case.rework_count == 1
    assert counted("cases.reworked") == 1
    assert case.handling_deadline > clock.now()


def test_the_check_on_site_may_be_skipped_where_the_city_allows_it(city):
    case = lead(city, "pending_check")
    rule(skip_check=False)
    with pytest.raises(TransitionNotAllowed):
        act(city, case, "skip_check", by="duty_leader")
    rule(skip_check=True)
    case = act(city, case, "skip_check", by="duty_leader")
    case = act(city, case, "close", by="duty_leader")
    assert case.state == "closed"


def test_an_untrue_report_cannot_be_accepted(city):
    case = lead(city, "verifying")
    case = act(city, case, "verify_false", by="supervisor")
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "accept", by="acceptor")
    assert caught.value.fields["reason"] == "not_true"
    case = act(city, case, "refuse", by="acceptor")
    assert case.state == "not_accepted"


def test_a_reason_is_required_where_the_process_says_so(city):
    case = report(city)
    with pytest.raises(TransitionNotAllowed) as caught:
        services.refuse_case(case, by=city.acceptor, note=" ")
    assert caught.value.fields["reason"] == "reason_required"


def test_acceptance_corrects_class_and_address(city):
    case = act(
        city, report(city), "accept", by="acceptor", class_code="06012", address="新址"
    )
    assert (case.class_code, case.class_name) == ("06012", "道路不洁")
    assert case.address == "新址"
    with pytest.raises(DomainError):
        act(city, report(city), "accept", by="acceptor", class_code="00000")


def test_a_refused_duplicate_names_the_first_case(city):
    first, second = report(city), report(city)
    second = act(city, second, "refuse", by="acceptor", duplicate_of=first.number)
    assert second.duplicate_of == first
    with pytest.raises(DomainError):
        act(city, report(city), "refuse", by="acceptor", duplicate_of="7")


def test_self_handling_needs_pictures_from_before_and_after(city):
    with pytest.raises(TransitionNotAllowed):
        report(city, self_handled=True, attachments=[picture()])
    case = lead(city, "self_handled")
    case = act(city, case, "approve_self", by="duty_leader")
    assert case.closed_at
    assert counted("cases.closed") == 1


def test_the_inspector_of_the_duty_grid_is_sent(city):
    case = lead(city, "verifying")
    assert case.field_inspector == city.supervisor
    case = lead(city, "pending_accept")
    case = act(
        city, case, "send_verify", by="acceptor", inspector=city.other_supervisor
    )
    assert case.field_inspector == city.other_supervisor


def test_somebody_must_be_there_to_be_sent(city):
    city.duty_grid.supervisors.clear()
    with pytest.raises(DomainError) as caught:
        act(city, report(city), "send_verify", by="acceptor")
    assert "inspector" in caught.value.fields


def test_a_step_that_is_not_here_says_so(city):
    case = lead(city, "closed")
    with pytest.raises(TransitionNotAllowed):
        act(city, case, "close", by="duty_leader")
    with pytest.raises(TransitionNotAllowed):
        act(city, report(city), "no_such_action", by="duty_leader")


def test_a_picture_belongs_to_one_case_only(city):
    shot = picture()
    report(city, attachments=[shot])
    with pytest.raises(Conflict):
        report(city, attachments=[shot])
    assert Case.objects.count() == 1


def test_options_tell_why_not(city):
    case = lead(city, "pending_handling")
    mine = {o.code: o for o in services.case_options(case, city.dept_handler)}
    assert mine["sign"].allowed
    other = {o.code: o for o in services.case_options(case, city.other_handler)}
    assert not other["sign"].allowed
    assert other["sign"].why == "案件由其他单位办理"


def test_urging_tells_the_unit_and_counts(city):
    case = services.urge(lead(city, "handling"), by=city.overseer, note="请抓紧")
    assert case.urged_count == 1
    assert Notice.objects.get(kind="urge").recipient == city.dept_handler
    with pytest.raises(DomainError):
        services.urge(case, by=city.dept_handler)


def test_creating_a_case_takes_few_queries(city, django_assert_max_num_queries):
    report(city)
    shot = picture()
    with django_assert_max_num_queries(20):
        report(city, attachments=[shot])


def test_a_step_takes_few_queries(city, django_assert_max_num_queries):
    report(city)
    case = lead(city, "pending_dispatch")
    with django_assert_max_num_queries(31):
        case = services.dispatch_case(case, by=city.dispatcher, unit=city.unit)
    with django_assert_max_num_queries(14):
        services.sign_case(case, by=city.dept_handler)


def test_steps_are_kept_for_ever(city):
    lead(city, "closed")
    assert ProcessStep.objects.count() == 10
    assert list(factory.WAYS)
