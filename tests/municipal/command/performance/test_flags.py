"""What real cases count as, step by step, for whom."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from municipal.command import services
from municipal.command.performance.measures import MEASURES, STORED
from municipal.command.performance.models import StepFlags
from platform_core.common import clock
from tests.factories.command import STEP, act, lead, picture, report

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 9, 0))


def flags(case, action):
    """The flags of the last step of an action."""
    return set(row(case, action).codes)


def row(case, action):
    return StepFlags.objects.filter(case=case, action=action).order_by("-pk")[0]


def walk(city, case, *steps, at=None):
    """Make steps, each a minute after the other."""
    moment = at or clock.now()
    for action, post in steps:
        moment += timedelta(minutes=1)
        with clock.at(moment):
            case = act(city, case, action, by=post)
    return case


def test_a_patrol_report_on_its_usual_way(city):
    with clock.at(MONDAY):
        case = lead(city, "closed")
    place = "370202001001001"
    first = row(case, "submit")
    assert flags(case, "submit") == {"reported_num", "patrol_report_num"}
    assert (first.supervisor, first.company) == (
        city.supervisor,
        city.supervisor.unit,
    )
    assert (first.grid_code, first.community_code) == (place, place[:12])
    assert (first.street_code, first.division_code) == (place[:9], place[:6])
    assert first.duty_grid == city.duty_grid
    assert first.day.isoformat() == "2026-11-16"
    assert flags(case, "accept") == {"accepted_num", "intime_accepted_num"}
    assert row(case, "accept").acceptor == city.acceptor
    assert flags(case, "file") == {
        "filed_num",
        "intime_filed_num",
        "accurate_filed_num",
        "accurate_accepted_num",
        "valid_patrol_report_num",
        "event_num",
    }
    filed = row(case, "file")
    people = (filed.leader, filed.acceptor, filed.supervisor, filed.dispatcher)
    assert people == (city.duty_leader, city.acceptor, city.supervisor, None)
    assert flags(case, "dispatch") == {
        "dispatched_num",
        "intime_dispatch_num",
        "given_num",
    }
    given = row(case, "dispatch")
    assert (given.unit, given.dispatcher) == (city.unit, city.dispatcher)
    assert not StepFlags.objects.filter(case=case, action="sign").exists()
    assert flags(case, "feedback") == {
        "handled_num",
        "intime_handled_num",
        "handled_event_num",
        "direct_done_num",
    }
    assert flags(case, "pass_feedback") == {"oversee_num", "intime_oversee_num"}
    assert flags(case, "send_check") == {"send_check_num", "intime_send_check_num"}
    assert flags(case, "check_pass") == {
        "check_num",
        "intime_check_num",
        "check_trans_num",
    }
    checked = row(case, "check_pass")
    assert (checked.supervisor, checked.acceptor) == (city.supervisor, city.acceptor)
    assert flags(case, "close") == {
        "closed_num",
        "intime_closed_num",
        "prompt_closed_num",
        "accurate_dispatch_num",
    }
    closed = row(case, "close")
    people = (closed.unit, closed.leader, closed.dispatcher)
    assert people == (city.unit, city.duty_leader, city.dispatcher)


def test_a_public_report_verified_on_site(city):
    case = report(city, source="03", by=city.acceptor)
    assert flags(case, "register") == {"reported_num", "public_report_num"}
    case = walk(
        city,
        case,
        ("send_verify", "acceptor"),
        ("verify_true", "supervisor"),
        ("accept", "acceptor"),
        ("file", "duty_leader"),
    )
    assert flags(case, "send_verify") == {
        "send_verify_num",
        "intime_send_verify_num",
    }
    assert flags(case, "verify_true") == {
        "verify_num",
        "intime_verify_num",
        "verified_public_report_num",
    }
    assert row(case, "verify_true").supervisor == city.supervisor
    assert "valid_public_report_num" in flags(case, "file")
    assert "valid_patrol_report_num" not in flags(case, "file")


def test_a_report_found_untrue_is_no_public_report_verified(city):
    case = report(city, source="03", by=city.acceptor)
    case = walk(
        city,
        case,
        ("send_verify", "acceptor"),
        ("verify_false", "supervisor"),
        ("refuse", "acceptor"),
    )
    assert flags(case, "verify_false") == {"verify_num", "intime_verify_num"}
    assert flags(case, "refuse") == {"not_accepted_num"}


def test_what_is_late_counts_as_late(city):
    with clock.at(MONDAY):
        case = report(city)
    with clock.at(MONDAY + timedelta(hours=1)):
        case = act(city, case, "accept", by="acceptor")
    with clock.at(MONDAY + timedelta(hours=3)):
        case = act(city, case, "file", by="duty_leader")
    with clock.at(MONDAY + timedelta(hours=5)):
        case = act(city, case, "dispatch", by="dispatcher")
    assert flags(case, "accept") == {"accepted_num", "overtime_accept_num"}
    assert "filed_num" in flags(case, "file")
    assert "intime_filed_num" not in flags(case, "file")
    assert flags(case, "dispatch") == {"dispatched_num", "given_num"}


def test_an_overdue_case_is_closed_overdue(city):
    with clock.at(MONDAY):
        case = lead(city, "handling")
    later = case.handling_deadline + timedelta(days=9)
    case = walk(
        city,
        case,
        ("feedback", "dept_handler"),
        ("pass_feedback", "dispatcher"),
        ("send_check", "acceptor"),
        ("check_pass", "supervisor"),
        ("close", "duty_leader"),
        at=later,
    )
    assert flags(case, "feedback") == {
        "handled_num",
        "overtime_handled_num",
        "handled_event_num",
    }
    assert flags(case, "close") == {
        "closed_num",
        "overdue_closed_num",
        "prompt_closed_num",
        "accurate_dispatch_num",
    }


def test_what_an_inspector_solves_on_the_spot(city):
    case = lead(city, "self_handled")
    assert flags(case, "self_handle") == {
        "reported_num",
        "patrol_report_num",
        "self_handled_num",
    }
    case = act(city, case, "approve_self", by="duty_leader")
    assert flags(case, "approve_self") == {"self_handled_closed_num"}
    assert row(case, "approve_self").supervisor == city.supervisor
    case = act(city, lead(city, "self_handled"), "reject_self", by="duty_leader")
    assert flags(case, "reject_self") == {"self_handled_invalid_num"}


def test_a_return_that_is_granted_and_one_that_is_not(city):
    case = lead(city, "returned")
    assert flags(case, "return") == {"back_num"}
    assert row(case, "return").unit == city.unit
    case = act(city, case, "refuse_return", by="dispatcher")
    assert flags(case, "refuse_return") == {"shuffle_num"}
    assert row(case, "refuse_return").unit == city.unit
    case = act(city, case, "return", by="dept_handler")
    case = act(city, case, "redispatch", by="dispatcher", unit=city.other_unit)
    assert flags(case, "redispatch") == {"turned_num", "given_num"}
    assert row(case, "redispatch").unit == city.other_unit
    case = walk(
        city,
        case,
        ("sign", "other_handler"),
        ("feedback", "other_handler"),
        ("pass_feedback", "dispatcher"),
        ("send_check", "acceptor"),
        ("check_pass", "supervisor"),
        ("close", "duty_leader"),
    )
    assert row(case, "feedback").unit == city.other_unit
    assert "wrong_dispatch_num" in flags(case, "close")
    assert "accurate_dispatch_num" not in flags(case, "close")


def test_rework_is_judged_at_closing_and_the_good_check_was_without_value(city):
    case = lead(city, "rework")
    assert flags(case, "rework") == {"invalid_check_num"}
    assert row(case, "rework").supervisor == city.supervisor
    case = walk(
        city,
        case,
        ("feedback", "dept_handler"),
        ("pass_feedback", "dispatcher"),
        ("send_check", "acceptor"),
        ("check_pass", "supervisor"),
        ("close", "duty_leader"),
    )
    assert StepFlags.objects.filter(case=case, action="feedback").count() == 1
    assert StepFlags.objects.filter(case=case, check_num=True).count() == 2
    assert "rework_num" in flags(case, "close")


def test_a_failed_check_has_its_value(city):
    case = lead(city, "checking")
    case = act(city, case, "check_fail", by="supervisor", attachments=[picture()])
    case = act(city, case, "rework", by="duty_leader")
    assert "check_num" in flags(case, "check_fail")
    assert not StepFlags.objects.filter(case=case, action="rework").exists()


def test_suspension_and_extension_count_for_the_unit(city):
    case = lead(city, "suspended")
    assert flags(case, "approve_suspend") == {"suspended_num"}
    assert row(case, "approve_suspend").unit == city.unit
    case = lead(city, "handling")
    case = act(city, case, "apply_extend", by="dept_handler")
    case = act(city, case, "approve_extend", by="dispatcher")
    assert flags(case, "approve_extend") == {"extended_num"}
    assert row(case, "approve_extend").unit == city.unit


def test_forced_closing_is_closing_but_not_the_shift_leaders(city):
    case = lead(city, "forced_closed")
    found = flags(case, "force_close")
    assert {"closed_num", "intime_closed_num"} <= found
    assert "prompt_closed_num" not in found
    assert row(case, "force_close").leader is None


def test_a_cancelled_case_counts_against_who_filed_it(city):
    case = lead(city, "cancelled")
    assert flags(case, "cancel") == {"voided_num"}
    assert row(case, "cancel").leader == city.duty_leader
    assert row(case, "cancel").stale


def test_a_correction_of_place_or_class_has_all_rows_written_anew(city):
    case = report(city)
    case = act(
        city,
        case,
        "accept",
        by="acceptor",
        lon=case.lon + STEP,
        lat=case.lat,
    )
    assert row(case, "accept").stale
    assert row(case, "accept").grid_code == case.grid_code
    same = act(city, report(city), "accept", by="acceptor")
    assert not row(same, "accept").stale


def test_what_was_wrongly_accepted_counts_once(city):
    case = lead(city, "pending_filing")
    case = act(city, case, "back_accept", by="duty_leader")
    assert flags(case, "back_accept") == {"wrong_accept_num"}
    assert row(case, "back_accept").acceptor == city.acceptor
    case = act(city, case, "accept", by="acceptor")
    assert StepFlags.objects.filter(case=case, accepted_num=True).count() == 1
    filed = act(city, case, "file", by="duty_leader")
    assert "accurate_accepted_num" not in flags(filed, "file")
    case = lead(city, "not_filed")
    assert flags(case, "refuse_file") == {"wrong_accept_num", "not_filed_num"}


def test_urgent_cases_and_missed_ones_are_told_at_closing(city):
    case = report(city, source="03", by=city.acceptor, is_urgent=True)
    services.mark_missed(case, by=city.acceptor, note="应巡查发现")
    case.refresh_from_db()
    case = walk(
        city,
        case,
        ("accept", "acceptor"),
        ("file", "duty_leader"),
        ("dispatch", "dispatcher"),
        ("sign", "dept_handler"),
        ("feedback", "dept_handler"),
        ("pass_feedback", "dispatcher"),
        ("send_check", "acceptor"),
        ("check_pass", "supervisor"),
        ("close", "duty_leader"),
    )
    assert {"urgent_num", "missed_report_num"} <= flags(case, "close")
    assert row(case, "close").stale


def test_a_step_costs_two_queries_at_most(city, django_assert_num_queries):
    from municipal.command import listeners  # noqa: PLC0415
    from municipal.command.performance import flags as writing  # noqa: PLC0415

    told = []
    listeners.register(told.append)
    try:
        lead(city, "closed")
    finally:
        listeners._listeners.remove(told.append)
    StepFlags.objects.all().delete()
    for one in told:
        counts = one.action != "sign"
        past = one.action not in writing.marks.ALONE
        with django_assert_num_queries(counts * (1 + past)):
            writing.follow(replace(one))  # has not read the steps before
    assert len(told) == 10


def test_every_count_of_the_standard_is_defined():
    asked = """
    reported_num patrol_report_num valid_patrol_report_num public_report_num
    valid_public_report_num verified_public_report_num missed_report_num
    accepted_num intime_accepted_num to_accept_num not_accepted_num
    need_accept_num overtime_accept_num wrong_accept_num accurate_accepted_num
    need_send_verify_num send_verify_num intime_send_verify_num
    need_send_check_num send_check_num intime_send_check_num check_trans_num
    need_verify_num verify_num intime_verify_num overtime_verify_num to_verify_num
    need_check_num check_num intime_check_num invalid_check_num to_check_num
    filed_num intime_filed_num to_file_num not_filed_num accurate_filed_num
    dispatched_num need_dispatch_num intime_dispatch_num accurate_dispatch_num
    wrong_dispatch_num to_dispatch_num
    handled_num should_handle_num intime_handled_num overtime_handled_num
    to_handle_num overdue_pending_num rework_num back_num shuffle_num
    closed_num should_close_num intime_closed_num overdue_closed_num not_closed_num
    voided_num suspended_num extended_num
    self_handled_num self_handled_closed_num self_handled_invalid_num
    urgent_num important_num direct_done_num turned_num
    event_num component_num handled_event_num handled_component_num
    returned_visit_num very_satisfied satisfied unsatisfied
    need_oversee_num oversee_num intime_oversee_num
    """
    assert set(asked.split()) == set(MEASURES)
    for code, one in MEASURES.items():
        assert one.kinds
        for kind in one.kinds:
            assert set(one.columns(kind)) <= set(STORED), code
