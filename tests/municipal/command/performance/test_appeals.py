"""Appeals: who may, two reviews, the case is exempted, open results follow."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from municipal.command.performance import exempting, summing
from municipal.command.performance.models import Appeal
from municipal.command.performance.periods import period_of
from municipal.command.performance.services import appealing, running
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from tests.factories import command as factory
from tests.factories.accounts import UserFactory

from .conftest import unit_counts


@pytest.fixture
def closed(city):
    """A case that was just closed."""
    return factory.lead(city, "closed")


@pytest.fixture
def made(city, closed):
    return appealing.appeal(
        case=closed, ground="overtime", reason="等待供电部门配合", by=city.dept_handler
    )


def url(name, *args):
    return reverse(f"performance:{name}", args=args)


@pytest.mark.function(
    "CC-67", at=["performance:appeal-make", "performance:appeal-list"]
)
def test_a_unit_appeals_and_hears_how_it_ended(client, city, closed, manager):
    client.force_login(city.dept_handler)
    assert "申诉" in client.get(closed.get_absolute_url()).content.decode()
    given = {"ground": "overtime", "reason": "等待供电部门配合"}
    address = url("appeal-make", closed.uid)
    assert client.post(address, given | {"reason": ""}).status_code == 422
    assert client.post(address, given).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.by_unit, appeal.unit) == ("first", True, city.unit)
    assert client.post(address, given).status_code == 409
    assert city.dispatcher.notices.filter(body="等待供电部门配合").exists()
    review = url("appeal-review", appeal.pk)
    assert client.post(review, {"agrees": "yes", "opinion": "属实"}).status_code == 403
    client.force_login(city.dispatcher)
    assert "等待供电部门配合" in client.get(url("appeal-list")).content.decode()
    assert client.post(review, {"agrees": "yes", "opinion": " "}).status_code == 422
    assert client.post(review, {"agrees": "yes", "opinion": "属实"}).status_code == 302
    assert client.post(review, {"agrees": "yes", "opinion": "属实"}).status_code == 403
    client.force_login(manager)
    assert client.post(review, {"agrees": "yes", "opinion": "同意"}).status_code == 302
    appeal.refresh_from_db()
    assert (appeal.state, appeal.first_by, appeal.second_by) == (
        "accepted",
        city.dispatcher,
        manager,
    )
    page = client.get(appeal.get_absolute_url()).content.decode()
    assert "属实" in page
    assert "同意" in page
    assert city.dept_handler.notices.filter(body="同意").exists()
    kinds = AuditEntry.objects.filter(type__startswith="appeal.")
    assert kinds.filter(type="appeal.reviewed").count() == 2
    before = closed.handling_deadline
    closed.refresh_from_db()
    assert closed.handling_deadline == before  # the times stay


def test_who_may_appeal(city, closed):
    for by in (city.other_handler, city.overseer):
        with pytest.raises(Forbidden):
            appealing.appeal(case=closed, ground="rework", reason="不是我", by=by)
    person = appealing.appeal(
        case=closed, ground="misjudged", reason="巡查属实", by=city.supervisor
    )
    assert not person.by_unit
    dispatcher = appealing.appeal(
        case=closed, ground="misjudged", reason="派遣准确", by=city.dispatcher
    )
    with pytest.raises(Forbidden):  # nobody reviews an appeal of their own
        appealing.review(
            appeal=dispatcher, agrees=True, opinion="准确", by=city.dispatcher
        )
    open_case = factory.lead(city, "handling")
    with pytest.raises(Forbidden):
        appealing.appeal(
            case=open_case, ground="overtime", reason="未结案", by=city.dept_handler
        )
    with pytest.raises(DomainError):
        appealing.appeal(
            case=closed, ground="overtime", reason=" ", by=city.dept_handler
        )


def test_the_days_for_appeals_and_the_publicity(city, closed, evaluated, manager):
    days = period_of("month", timezone.localdate(closed.closed_at))
    with clock.at(closed.closed_at + timedelta(days=40)):
        with pytest.raises(Forbidden):
            appealing.appeal(
                case=closed, ground="rework", reason="x", by=city.dept_handler
            )
        run = evaluated(period=days)
        running.show(run=run, by=manager)
        assert appealing.appeal(
            case=closed, ground="rework", reason="x", by=city.dept_handler
        ).is_open


@pytest.mark.parametrize("first", [True, False])
def test_a_rejected_appeal_changes_nothing(
    city, closed, made, manager, monkeypatch, first
):
    called = []
    monkeypatch.setattr(exempting, "exempt", lambda *a, **k: called.append(a))
    if first:
        appealing.review(appeal=made, agrees=True, opinion="属实", by=city.dispatcher)
    by = manager if first else city.dispatcher
    row = appealing.review(appeal=made, agrees=False, opinion="证据不足", by=by)
    assert row.state == "rejected"
    assert not called
    assert city.dept_handler.notices.filter(body="证据不足").exists()
    with pytest.raises(Forbidden):
        appealing.review(appeal=made, agrees=True, opinion="再议", by=manager)
    with pytest.raises(Conflict):
        appealing.appeal(
            case=closed, ground="overtime", reason="再次", by=city.dept_handler
        )


@pytest.mark.parametrize("locked", [False, True])
def test_an_accepted_appeal_is_followed_by_open_results(
    city, closed, made, evaluated, counted, manager, monkeypatch, locked
):
    days = period_of("month", timezone.localdate(closed.closed_at))
    run = evaluated({city.unit: (9, 10)}, days)
    key = ("unit", days.first)
    if locked:
        with clock.at(clock.now() + timedelta(days=40)):
            running.show(run=run, by=manager)
        counted[*key][str(city.unit.pk)] = unit_counts(4, 10)  # a late change

    def exempt(case, *, by, reason, kinds=None):
        held = counted[*key][str(city.unit.pk)]
        changed = {name: held[name] - 1 for name in ("filed_num", "should_close_num")}
        changed |= {"should_handle_num": 9, "rework_num": held["rework_num"] - 1}
        counted[*key] = {str(city.unit.pk): held | changed}

    monkeypatch.setattr(exempting, "exempt", exempt)
    appealing.review(appeal=made, agrees=True, opinion="属实", by=city.dispatcher)
    appealing.review(appeal=made, agrees=True, opinion="同意", by=manager)
    result = run.results.get()
    assert result.composite == D("100.00")
    assert result.sums["closed_num"] == 9  # without what changed late


def test_an_open_appeal_keeps_a_result_from_being_approved(
    city, closed, made, evaluated, manager
):
    days = period_of("month", timezone.localdate(closed.closed_at))
    run = evaluated(period=days)
    with clock.at(clock.now() + timedelta(days=40)):
        running.show(run=run, by=manager)
        run.refresh_from_db()
        with clock.at(run.publicity_until + timedelta(days=1)):
            with pytest.raises(Conflict):
                running.approve(run=run, by=manager)
            appealing.withdraw(appeal=made, by=city.dept_handler)
            assert running.approve(run=run, by=manager).state == "approved"


def test_an_appeal_is_taken_back_by_who_made_it(client, city, closed, made):
    client.force_login(city.dispatcher)
    address = url("appeal-withdraw", made.pk)
    assert client.post(address).status_code == 403
    client.force_login(city.dept_handler)
    assert client.post(address).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"
    again = appealing.appeal(
        case=closed, ground="overtime", reason="补充材料", by=city.dept_handler
    )
    assert again.is_open


def test_the_clock_of_the_review(client, city, made, manager):
    assert made.light == "green"
    with clock.at(made.due + timedelta(minutes=1)):
        assert made.light == "red"
        client.force_login(city.dispatcher)
        assert "row-overdue" in client.get(url("appeal-list")).content.decode()
    row = appealing.review(appeal=made, agrees=True, opinion="属实", by=city.dispatcher)
    assert row.due > clock.now()
    client.force_login(manager)
    home = client.get("/").content.decode()
    assert str(made.case.number) in home


def test_the_list_is_scoped_filtered_and_exported(client, city, closed, made):
    client.force_login(city.other_handler)
    assert closed.number not in client.get(url("appeal-list")).content.decode()
    assert client.get(made.get_absolute_url()).status_code == 404
    stranger = UserFactory(roles=[])
    client.force_login(stranger)
    assert client.get(url("appeal-list")).status_code == 403
    client.force_login(city.dept_handler)
    address = url("appeal-list")
    assert closed.number in client.get(f"{address}?mine=true").content.decode()
    for asked in ("?state=accepted", "?ground=rework", "?q=nothing"):
        assert closed.number not in client.get(address + asked).content.decode()
    table = b"".join(client.get(f"{address}?export=csv").streaming_content).decode()
    assert "等待供电部门配合" in table
    assert AuditEntry.objects.filter(type="appeal.exported").exists()
    page = client.get(closed.get_absolute_url()).content.decode()
    assert "等待供电部门配合" in page


def test_lists_of_appeals_take_the_same_queries(
    client, city, made, django_assert_max_num_queries
):
    client.force_login(city.dispatcher)
    client.get(url("appeal-list"))
    with django_assert_max_num_queries(25) as few:
        client.get(url("appeal-list"))
    for ground in ("rework", "misjudged"):
        appealing.appeal(
            case=made.case, ground=ground, reason="同上", by=city.dept_handler
        )
    with django_assert_max_num_queries(len(few)):
        client.get(url("appeal-list"))


def test_from_the_steps_of_a_case_to_the_exempted_index(city, manager):
    """With the counts of real steps: late, appealed, left out."""
    with clock.at(timezone.now() - timedelta(days=3)):
        case = factory.lead(city, "handling")
    with clock.at(case.handling_deadline + timedelta(hours=1)):
        factory.act(city, case, "feedback", by="dept_handler")
        for action, post in (
            ("pass_feedback", "dispatcher"),
            ("send_check", "acceptor"),
            ("check_pass", "supervisor"),
            ("close", "duty_leader"),
        ):
            case = factory.act(city, case, action, by=post)
        summing.add_all()
        days = period_of("month", timezone.localdate(clock.now()))
        run = running.start(kind="unit", period=days, by=manager)
        late = run.results.get(unit=city.unit)
        assert (late.sums["overtime_handled_num"], late.composite) == (1, D("70.00"))
        appeal = appealing.appeal(
            case=case, ground="overtime", reason="产权单位断电", by=city.dept_handler
        )
        appealing.review(appeal=appeal, agrees=True, opinion="属实", by=city.dispatcher)
        appealing.review(appeal=appeal, agrees=True, opinion="同意", by=manager)
        assert not run.results.filter(unit=city.unit).exists()  # its only case
        case.refresh_from_db()
        assert case.on_time is False  # the original timing stays
