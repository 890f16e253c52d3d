"""The page of a case with its chart and print view; lists of every post; sending."""

from datetime import timedelta

import pytest
from django.urls import reverse

from municipal.command import inspectors, services
from municipal.command.models import Case, CaseFollow
from municipal.command.worklists import GENERAL
from platform_core.common import clock
from platform_core.common.errors import DomainError
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, STEP, act, lead, picture, report


def url(name, *args):
    return reverse(f"command:{name}", args=args)


def text_of(client, user, address):
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.function("CC-25", at=["command:case-flow", "command:case-detail"])
def test_the_chart_shows_where_a_case_is_and_the_way_it_took(client, city):
    case = lead(city, "checking")
    client.force_login(city.dispatcher)
    answer = client.get(url("case-flow", case.uid))
    picture = answer.context["picture"]
    now = [box.code for box in picture.boxes if box.css == "is-now"]
    past = {box.code for box in picture.boxes if box.css == "is-past"}
    assert now == ["checking"]
    assert past >= {"reported", "pending_accept", "handling", "pending_check"}
    assert "suspended" not in past
    taken = {(row.source, row.target) for row in picture.arrows if "taken" in row.css}
    assert ("pending_filing", "pending_dispatch") in taken
    assert ("checking", "pending_close") not in taken
    assert (
        url("case-flow", case.uid)
        in client.get(case.get_absolute_url()).content.decode()
    )


@pytest.mark.function("CC-25", at=["command:case-print", "command:case-detail"])
def test_the_print_view_has_steps_opinions_limits_and_pictures(client, city):
    moment = clock.now()
    case = lead(city, "handling", attachments=[picture()])
    with clock.at(moment + timedelta(hours=1)):
        case = act(city, case, "feedback", by="dept_handler")
        text = text_of(client, city.dispatcher, url("case-print", case.uid))
    for part in (case.number, "情况属实", "案件反馈", "处置完成反馈", case.description):
        assert part in text or part == "案件反馈"
    assert "已用时限的" in text
    assert text.count("<img") == 2
    hidden = client.get(url("case-print", "00000000-0000-0000-0000-000000000000"))
    assert hidden.status_code == 404


def test_a_step_says_how_much_of_its_limit_was_used(client, city):
    moment = clock.now()
    with clock.at(moment):
        case = report(city)
    with clock.at(moment + timedelta(minutes=5)):
        act(city, case, "accept", by="acceptor")
        text = text_of(client, city.acceptor, case.get_absolute_url())
    assert "已用时限的 50%" in text
    assert "10 分钟" in text


def test_related_cases_are_shown_to_who_may_see_them(client, city):
    first = lead(city, "closed")
    again = services.reopen(first, by=city.duty_leader, reason="不满意")
    second = act(city, report(city), "refuse", by="acceptor", duplicate_of=first.number)
    text = text_of(client, city.dispatcher, first.get_absolute_url())
    assert again.number in text
    assert second.number in text
    assert again.number not in text_of(
        client, city.dept_handler, first.get_absolute_url()
    )


@pytest.mark.function(
    "CC-20",
    at=[
        "command:work-doing",
        "command:work-done",
        "command:work-follow",
        "command:work-overdue",
        "command:work-near",
        "command:work-suspended",
        "command:work-void",
    ],
)
def test_the_lists_that_every_post_has(client, city):
    doing, done = lead(city, "handling"), lead(city, "closed")
    near, late = lead(city, "checking"), lead(city, "checking")
    paused, void = lead(city, "suspended"), lead(city, "cancelled")
    now = clock.now()
    past, soon = now - timedelta(hours=1), now + timedelta(hours=1)
    far = now + timedelta(days=9)
    rows = Case.objects.filter
    rows(pk=doing.pk).update(warn_at=soon, deadline=far, red_at=far)
    rows(pk=near.pk).update(warn_at=past, deadline=soon, red_at=soon)
    rows(pk=late.pk).update(warn_at=past, deadline=past, red_at=past)
    services.follow(near, by=city.dispatcher)
    expected = {
        "doing": {doing, near, late, paused},
        "done": {done},
        "follow": {near},
        "overdue": {late},
        "near": {near},
        "suspended": {paused},
        "void": {void},
    }
    for code, cases in expected.items():
        client.force_login(city.dispatcher)
        answer = client.get(url(f"work-{code}"))
        shown = {row["object"] for row in answer.context["table"]}
        assert shown == cases, code
    assert set(expected) == set(GENERAL)
    other = GENERAL["done"].rows(city.overseer)
    assert not other.exists()


@pytest.mark.parametrize("code", GENERAL)
def test_general_lists_take_the_same_queries_for_few_and_many(
    client, city, django_assert_max_num_queries, code
):
    states = ("suspended", "closed", "cancelled", "handling")
    cases = [lead(city, state) for state in states]
    services.follow(cases[0], by=city.dispatcher)
    client.force_login(city.dispatcher)
    client.get(url(f"work-{code}"))
    with django_assert_max_num_queries(25) as few:
        client.get(url(f"work-{code}"))
    for case in [lead(city, state) for state in states]:
        services.follow(case, by=city.dispatcher)
    with django_assert_max_num_queries(25) as many:
        client.get(url(f"work-{code}"))
    assert len(few) == len(many)


def test_following_by_the_page_and_no_more(client, city):
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    address = url("case-follow", case.uid)
    assert client.get(address).status_code == 200
    client.post(address)
    services.follow(case, by=city.dept_handler)
    assert CaseFollow.objects.get().user == city.dept_handler
    client.post(address)
    assert not CaseFollow.objects.exists()
    client.force_login(city.other_handler)
    assert client.post(address).status_code == 404


# Registration and acceptance --------------------------------------------------------


@pytest.mark.function("CC-14", at="command:case-act")
def test_acceptance_corrects_position_component_and_urgency(client, city):
    case = report(city, by=None, source="03")
    client.force_login(city.acceptor)
    address = url("case-act", case.uid, "accept")
    assert "部件标识码" in client.get(address).content.decode()
    given = {
        "problem": "matter:06010",
        "address": "新址",
        "lon": LON + 2.5 * STEP,
        "lat": LAT + STEP / 2,
        "component_code": "37020201010000012",
        "is_missed": "on",
        "note": "电话核实",
    }
    outside = client.post(address, given | {"lon": 116.4, "lat": 39.9})
    assert outside.status_code == 422
    assert "新址" in outside.content.decode()
    assert client.post(address, given).status_code == 302
    case.refresh_from_db()
    assert case.grid_code == "370202001001003"
    assert (case.component_code, case.address) == ("37020201010000012", "新址")
    assert case.is_missed
    data = case.process.steps.get(action="accept").data
    assert data["moved"] == [case.lon, case.lat]
    assert data["missed"] is True


@pytest.mark.function("CC-15", at=["command:similar", "command:case-act"])
def test_similar_cases_are_shown_linked_and_unlinked(client, city):
    first = lead(city, "handling")
    second = report(city, lon=LON + STEP / 2 + 0.0001)
    far = report(city, lon=LON + 3.5 * STEP)
    query = {"problem": "matter:06010", "lon": second.lon, "lat": second.lat}
    client.force_login(city.acceptor)
    hint = client.get(url("similar"), query).content.decode()
    assert first.number in hint
    assert far.number not in hint
    address = url("case-act", second.uid, "refuse")
    assert first.number in client.get(address).content.decode()
    client.post(address, {"note": "重复", "duplicate_of": first.number})
    second.refresh_from_db()
    assert second.duplicate_of == first
    third = report(city)
    Case.objects.filter(pk=third.pk).update(duplicate_of=first)
    client.post(
        url("case-act", third.uid, "refuse"), {"note": "不属实", "duplicate_of": ""}
    )
    third.refresh_from_db()
    assert (third.state, third.duplicate_of) == ("not_accepted", None)


@pytest.mark.function("CC-17", at=["command:work-file", "command:case-act"])
def test_the_duty_leader_files_refuses_or_sends_back_within_the_limit(client, city):
    client.force_login(city.duty_leader)
    cases = [lead(city, "pending_filing") for _ in range(3)]
    listed = client.get(url("work-file")).content.decode()
    assert all(case.number in listed for case in cases)
    for case, action, state in zip(
        cases,
        ("file", "refuse_file", "back_accept"),
        ("pending_dispatch", "not_filed", "pending_accept"),
        strict=True,
    ):
        dialog = client.get(url("case-act", case.uid, action))
        initial = (
            dialog.context["form"]["condition"].value() if action == "file" else ""
        )
        given = {"note": "符合立案条件", "condition": initial}
        answer = client.post(url("case-act", case.uid, action), given)
        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.state == state
        assert case.process.steps.last().data["clock"] == "filing"


# Verification and check ---------------------------------------------------------------


@pytest.fixture
def finder():
    """Finders that a test registers are gone after it."""
    before = list(inspectors._finders)
    yield inspectors.register
    inspectors._finders[:] = before


@pytest.mark.function("CC-16", at=["command:work-accept", "command:work-sent"])
def test_many_are_sent_at_once_each_to_the_inspector_of_its_grid(client, city):
    first, second = report(city), report(city)
    client.force_login(city.acceptor)
    chosen = {"bulk": "send_verify", "selected": [first.pk, second.pk]}
    preview = client.post(url("work-accept"), chosen)
    assert first.number in preview.content.decode()
    client.post(url("work-accept"), chosen | {"confirmed": "1"})
    for case in (first, second):
        case.refresh_from_db()
        assert (case.state, case.field_inspector) == ("verifying", city.supervisor)
    sent = client.get(url("work-sent")).content.decode()
    assert second.number in sent
    case = lead(city, "pending_check")
    chosen = {"bulk": "send_check", "selected": [case.pk], "confirmed": "1"}
    client.post(url("work-check"), chosen)
    case.refresh_from_db()
    assert case.state == "checking"


@pytest.mark.function("CC-16", at="command:case-act")
def test_whoever_knows_who_is_on_duty_is_asked_first(city, finder):
    on_duty = UserFactory(roles=["supervisor"])
    finder(lambda case: on_duty if case.is_urgent else None)
    urgent = act(city, report(city, is_urgent=True), "send_verify", by="acceptor")
    plain = act(city, report(city), "send_verify", by="acceptor")
    assert urgent.field_inspector == on_duty
    assert plain.field_inspector == city.supervisor
    Case.objects.filter(pk=plain.pk).update(duty_grid=None)
    plain.refresh_from_db()
    assert inspectors.find(plain) is None
    with pytest.raises(DomainError):
        act(city, report(city), "send_verify", by="acceptor", inspector="nobody")


# Two at once ------------------------------------------------------------------------


def test_the_slower_one_reads_who_was_faster_and_keeps_the_input(client, city):
    case = lead(city, "pending_dispatch")
    address = url("case-act", case.uid, "dispatch")
    client.force_login(city.dispatcher)
    assert client.get(address).status_code == 200
    services.dispatch_case(case, by=city.dispatcher, unit=city.other_unit)
    late = client.post(address, {"unit": city.unit.pk, "note": "请市政处速办"})
    text = late.content.decode()
    assert late.status_code == 409
    assert city.dispatcher.full_name in text
    assert "派遣" in text
    assert "请市政处速办" in text
    case.refresh_from_db()
    assert case.handling_unit == city.other_unit
    assert client.post(url("case-act", case.uid, "nonsense")).status_code == 404
    api = reverse("command_api:case-act", args=[case.uid, "dispatch"])
    again = client.post(api, {"unit": city.unit.code})
    assert again.status_code == 409
    assert city.dispatcher.full_name in again.json()["message"]
