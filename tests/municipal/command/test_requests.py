"""Requests beside the main way: asked by whom, decided by whom, how often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from municipal.command import services
from municipal.command.enums import RequestKind
from municipal.command.models import Case, CaseRequest
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import (
    Conflict,
    DomainError,
    Forbidden,
    TransitionNotAllowed,
)
from platform_core.notices.models import Notice
from tests.factories.command import act, lead, picture, report, rule

# Kind, state in which it is asked, who asks, who decides, state when approved
WAYS = [
    ("extension", "handling", "dept_handler", "dispatcher", "handling"),
    ("return", "pending_handling", "dept_handler", "dispatcher", "pending_handling"),
    ("suspension", "handling", "dept_handler", "dispatcher", "suspended"),
    ("deferral", "handling", "dept_handler", "dispatcher", "deferred"),
    ("cancellation", "handling", "dept_handler", "duty_leader", "cancelled"),
    ("cancellation", "suspended", "dispatcher", "duty_leader", "cancelled"),
    ("reopening", "closed", "acceptor", "duty_leader", "closed"),
]
pytestmark = pytest.mark.django_db


def ask(city, case, kind, by="dept_handler", **given):
    values = {"reason": "道路施工，暂不能办", "until": clock.now() + timedelta(days=3)}
    return services.ask(case, kind, by=city.person(by), **values | given)


def decide(city, request, by, *, approve=True, **given):
    extra = {"unit": city.other_unit} if request.kind == "return" and approve else {}
    values = {"opinion": "情况属实", **extra, **given}
    return services.decide(request, by=city.person(by), approve=approve, **values)


@pytest.mark.parametrize(("kind", "state", "asker", "decider", "after"), WAYS)
@pytest.mark.function("CC-23", at=["command:request-ask", "command:request-decide"])
def test_a_request_is_asked_and_approved(city, kind, state, asker, decider, after):
    case = lead(city, state)
    Notice.objects.all().delete()
    request = ask(city, case, kind, by=asker)
    assert request.is_pending
    assert Case.objects.get(pk=case.pk).open_requests == 1
    assert Notice.objects.filter(recipient=city.person(decider)).exists()
    done = decide(city, request, decider)
    assert (done.status, done.decided_by) == ("approved", city.person(decider))
    case.refresh_from_db()
    assert (case.state, case.open_requests) == (after, 0)
    assert Notice.objects.filter(recipient=city.person(asker)).exists()


@pytest.mark.parametrize(("kind", "state", "asker", "decider", "after"), WAYS)
def test_a_refused_request_leaves_the_case_as_it_was(
    city, kind, state, asker, decider, after
):
    case = lead(city, state)
    request = ask(city, case, kind, by=asker)
    before = case.handling_deadline
    done = decide(city, request, decider, approve=False, opinion="应按时办理")
    assert (done.status, done.opinion) == ("refused", "应按时办理")
    case.refresh_from_db()
    assert case.state == state
    assert (case.handling_deadline, case.open_requests) == (before, 0)
    assert case.extend_count == 0
    again = ask(city, case, kind, by=asker)
    assert again.pk != request.pk


def test_who_refuses_says_why(city):
    request = ask(city, lead(city, "handling"), "suspension")
    with pytest.raises(DomainError) as caught:
        decide(city, request, "dispatcher", approve=False, opinion=" ")
    assert "opinion" in caught.value.fields


@pytest.mark.parametrize(("kind", "state", "asker", "decider", "after"), WAYS)
def test_only_the_post_in_charge_decides(city, kind, state, asker, decider, after):
    request = ask(city, lead(city, state), kind, by=asker)
    for stranger in ("overseer", "supervisor", "other_handler"):
        for approve in (True, False):
            with pytest.raises((TransitionNotAllowed, Forbidden)):
                decide(city, request, stranger, approve=approve)
    request.refresh_from_db()
    assert request.is_pending


def test_units_ask_about_their_own_cases_only_and_where_it_makes_sense(city):
    case = lead(city, "handling")
    for by, kind in (
        ("other_handler", "suspension"),
        ("dispatcher", "suspension"),
        ("dept_handler", "reopening"),
        ("supervisor", "cancellation"),
    ):
        with pytest.raises(TransitionNotAllowed):
            ask(city, case, kind, by=by)
    with pytest.raises(TransitionNotAllowed):
        ask(city, lead(city, "pending_handling"), "suspension")
    assert not CaseRequest.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"until": None}, "until"),
        ({"until": clock.now() - timedelta(days=1)}, "until"),
        ({"until": clock.now() + timedelta(days=400)}, "until"),
        ({"unit": "nobody"}, "unit"),
    ],
)
def test_a_request_that_cannot_be_taken_leaves_nothing(city, wrong, field):
    case = lead(city, "handling")
    with pytest.raises(DomainError) as caught:
        ask(city, case, "suspension", **wrong)
    assert field in caught.value.fields
    case.refresh_from_db()
    assert (case.open_requests, CaseRequest.objects.count()) == (0, 0)


def test_a_second_request_of_a_kind_waits_for_the_first(city):
    case = lead(city, "handling")
    first = ask(city, case, "suspension")
    with pytest.raises(Conflict):
        ask(city, case, "suspension")
    ask(city, case, "deferral")
    copy = CaseRequest.objects.get(pk=first.pk)
    copy.pk = copy.uid = None
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseRequest.objects.create(
            case=case, kind="suspension", asked_at=clock.now(), reason="again"
        )


def test_approval_takes_over_what_was_asked_unless_told_otherwise(city):
    case = lead(city, "handling")
    until = clock.now() + timedelta(days=5)
    decide(city, ask(city, case, "suspension", until=until), "dispatcher", opinion="")
    case.refresh_from_db()
    assert case.paused_until == until
    other = lead(city, "handling")
    sooner = clock.now() + timedelta(days=2)
    decide(city, ask(city, other, "deferral"), "dispatcher", until=sooner)
    other.refresh_from_db()
    assert other.paused_until == sooner
    third = lead(city, "pending_handling")
    request = ask(city, third, "return", unit=city.other_unit)
    assert request.suggested_unit == city.other_unit
    services.decide(request, by=city.dispatcher, approve=True)
    third.refresh_from_db()
    assert third.handling_unit == city.other_unit


def test_a_step_made_elsewhere_settles_the_request(city):
    case = lead(city, "handling")
    suspension, deferral = ask(city, case, "suspension"), ask(city, case, "deferral")
    act(city, case, "approve_defer", by="dispatcher")
    for row in (suspension, deferral):
        row.refresh_from_db()
    assert (deferral.status, suspension.status) == ("approved", "lapsed")
    case = act(city, lead(city, "handling"), "apply_extend", by="dept_handler")
    case = act(city, case, "feedback", by="dept_handler")
    assert case.requests.get().status == "lapsed"
    assert case.open_requests == 0
    case = act(city, lead(city, "returned"), "back_filing", by="dispatcher")
    assert case.requests.get().status == "approved"


def test_a_cancellation_goes_on_waiting_while_the_case_is_suspended(city):
    case = lead(city, "handling")
    request = ask(city, case, "cancellation")
    case = act(city, case, "approve_suspend", by="dispatcher")
    assert case.open_requests == 1
    decide(city, request, "duty_leader")
    case.refresh_from_db()
    assert case.state == "cancelled"


def test_after_the_last_return_the_dispatcher_decides_for_good(city):
    rule(return_most=2)
    case = lead(city, "pending_handling")
    first = decide(city, ask(city, case, "return"), "dispatcher", approve=False)
    assert not first.is_final
    last = decide(city, ask(city, case, "return"), "dispatcher", approve=False)
    assert last.is_final
    assert case.process.steps.last().data["final"] is True
    with pytest.raises(TransitionNotAllowed) as caught:
        ask(city, case, "return")
    assert caught.value.fields["reason"] == "return_limit"


def test_who_asked_may_take_it_back_until_it_is_decided(city):
    case = lead(city, "handling")
    request = ask(city, case, "suspension")
    with pytest.raises(Forbidden):
        services.withdraw(request, by=city.dispatcher)
    services.withdraw(request, by=city.dept_handler)
    case.refresh_from_db()
    assert case.open_requests == 0
    with pytest.raises(Conflict):
        services.withdraw(request, by=city.dept_handler)
    with pytest.raises(Forbidden):
        services.withdraw(ask(city, case, "extension"), by=city.dept_handler)
    assert AuditEntry.objects.filter(type="case.request_decided").exists()


def test_the_second_who_decides_is_told_who_was_faster(city):
    request = ask(city, lead(city, "handling"), "suspension")
    decide(city, request, "dispatcher")
    with pytest.raises(Conflict) as caught:
        decide(city, request, "dispatcher", approve=False)
    assert city.dispatcher.full_name in str(caught.value)
    assert "已批准" in str(caught.value)


def test_pictures_of_a_request_belong_to_the_case(city):
    case, shot = lead(city, "handling"), picture()
    ask(city, case, "suspension", attachments=[shot])
    shot.refresh_from_db()
    assert (shot.target_id, shot.purpose) == (str(case.pk), "request")


# Reopening ------------------------------------------------------------------------


@pytest.mark.function("CC-23", at="command:request-ask")
def test_a_closed_case_is_taken_up_again_by_a_case_that_follows_it(city):
    shot = picture()
    case = lead(city, "closed", source="01", attachments=[shot], address="示例路12号")
    decide(city, ask(city, case, "reopening", by="acceptor"), "duty_leader")
    again = Case.objects.get(reopened_from=case)
    case.refresh_from_db()
    assert case.state == "closed"
    assert (again.state, again.reopen_count) == ("pending_dispatch", 1)
    for name in ("class_code", "address", "lon", "lat", "condition", "limit_value"):
        assert getattr(again, name) == getattr(case, name)
    assert again.number != case.number
    assert case.number in again.process.steps.get(action="accept").note
    assert [step.role for step in again.process.steps.all()] == ["system"] * 3
    assert AuditEntry.objects.get(type="case.reopened").data["as"] == again.number


def test_a_case_is_taken_up_again_once_in_time_and_not_for_ever(city):
    case = lead(city, "closed")
    with clock.at(case.closed_at + timedelta(days=31)), pytest.raises(Conflict):
        services.reopen(case, by=city.duty_leader, reason="不满意")
    again = services.reopen(case, by=city.duty_leader, reason="不满意")
    with pytest.raises(Conflict):
        services.reopen(case, by=city.duty_leader, reason="不满意")
    with pytest.raises(Conflict):
        services.reopen(again, by=city.duty_leader, reason="还没办完")
    rule(reopen_most=1)
    Case.objects.filter(pk=again.pk).update(state="closed", closed_at=clock.now())
    with pytest.raises(Conflict):
        services.reopen(again, by=city.duty_leader, reason="不满意")
    assert Case.objects.count() == 2


def test_who_decides_on_reopening_is_a_rule(city):
    rule(reopen_role="bureau_leader")
    request = ask(city, lead(city, "closed"), "reopening", by="acceptor")
    with pytest.raises(Forbidden):
        decide(city, request, "duty_leader")
    decide(city, request, "bureau_leader")
    assert Case.objects.filter(reopened_from=request.case).exists()


# Pages ----------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"command:{name}", args=args)


@pytest.mark.function(
    "CC-23", at=["command:request-ask", "command:request-waiting", "command:rules-list"]
)
def test_asking_and_deciding_by_the_pages(client, city):
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    page = client.get(url("case-detail", case.uid)).content.decode()
    asking = url("request-ask", case.uid, "suspension")
    assert asking in page
    assert client.get(asking).status_code == 200
    wrong = client.post(asking, {"reason": "管线未迁改", "until": "2020-01-01"})
    assert wrong.status_code == 422
    assert "管线未迁改" in wrong.content.decode()
    until = f"{clock.today() + timedelta(days=20):%Y-%m-%d}"
    given = {"reason": "管线未迁改", "until": until}
    assert client.post(asking, given).status_code == 302
    request = CaseRequest.objects.get()
    client.force_login(city.dispatcher)
    assert "管线未迁改" in client.get(url("request-waiting")).content.decode()
    assert "待审批申请" in client.get("/").content.decode()
    deciding = url("request-decide", request.uid)
    assert client.get(deciding).status_code == 200
    silent = client.post(deciding, {"decision": "refuse", "until": until})
    assert silent.status_code == 422
    agreed = {"decision": "approve", "opinion": "同意挂账", "until": until}
    assert client.post(deciding, agreed).status_code == 302
    case.refresh_from_db()
    assert case.state == "suspended"
    late = client.post(deciding, agreed)
    assert late.status_code == 409
    assert "同意挂账" in late.content.decode()
    assert city.dispatcher.full_name in late.content.decode()
    assert "管线未迁改" not in client.get(url("request-waiting")).content.decode()
    assert "同意挂账" in client.get(url("case-detail", case.uid)).content.decode()


@pytest.mark.parametrize("kind", RequestKind.values)
def test_the_page_for_every_kind_of_request(client, city, kind):
    state, asker, decider = next(way[1:4] for way in WAYS if way[0] == kind)
    case = lead(city, state)
    client.force_login(city.person(asker))
    assert client.get(url("request-ask", case.uid, kind)).status_code == 200
    request = ask(city, case, kind, by=asker)
    client.force_login(city.person(decider))
    assert client.get(url("request-decide", request.uid)).status_code == 200
    assert client.get(url("case-detail", case.uid)).status_code == 200
    assert client.get(url("request-list")).status_code == 200


def test_pages_of_requests_are_closed_to_others(client, city):
    case = lead(city, "handling")
    request = ask(city, case, "suspension")
    client.force_login(city.other_handler)
    assert client.get(url("request-ask", case.uid, "suspension")).status_code == 404
    assert client.get(url("request-waiting")).status_code == 403
    assert client.get(url("request-decide", request.uid)).status_code == 403
    assert request.reason not in client.get(url("request-list")).content.decode()
    client.force_login(city.duty_leader)
    assert client.get(url("request-decide", request.uid)).status_code == 409
    client.force_login(city.dept_handler)
    assert client.get(url("request-ask", case.uid, "nonsense")).status_code == 404
    assert client.post(url("request-withdraw", request.uid)).status_code == 302
    request.refresh_from_db()
    assert request.status == "withdrawn"


def test_the_list_of_requests_takes_the_same_queries_for_few_and_many(
    client, city, django_assert_max_num_queries
):
    ask(city, lead(city, "handling"), "suspension")
    client.force_login(city.dispatcher)
    client.get(url("request-waiting"))
    with django_assert_max_num_queries(25) as few:
        client.get(url("request-waiting"))
    for _ in range(5):
        ask(city, lead(city, "handling"), "deferral")
    with django_assert_max_num_queries(25) as many:
        client.get(url("request-waiting"))
    assert len(few) == len(many)
    exported = client.get(url("request-list") + "?export=csv")
    content = b"".join(exported.streaming_content).decode("utf-8-sig")
    assert content.count("缓办") == 5


def test_a_report_of_the_public_is_marked_as_missed(client, city):
    case = report(city, by=None, source="03")
    client.force_login(city.acceptor)
    page = url("case-missed", case.uid)
    assert client.get(page).status_code == 200
    client.post(page, {"note": "主路上明显可见"})
    case.refresh_from_db()
    assert case.is_missed
    assert AuditEntry.objects.get(type="case.missed").data["missed"] is True
    client.post(page, {})
    case.refresh_from_db()
    assert not case.is_missed
    with pytest.raises(Forbidden):
        services.mark_missed(report(city), by=city.acceptor)
    with pytest.raises(Forbidden):
        services.mark_missed(case, by=city.dispatcher)
