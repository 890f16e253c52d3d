"""Who is in charge: rules, components, filing conditions, habits, overrides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.dispatch import Signal
from django.urls import reverse

from municipal.command import duty as registry
from municipal.command.collaboration import resolving, tasks
from municipal.command.collaboration.models import (
    DepartmentType,
    DutyChoice,
    DutyCount,
    DutyRule,
    DutySuggestion,
)
from municipal.command.collaboration.services import automatic, duty
from municipal.command.models import Component
from municipal.command.selectors import condition
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.datasets import services as datasets
from platform_core.geo import cells
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories import command as factory
from tests.factories.accounts import OrgUnitFactory
from tests.factories.command import CLASS, LAT, LON, STEP, act, lead, report


def rule(unit, **given):
    values = {"class_prefix": CLASS, "unit": unit, "valid_from": clock.today()}
    return duty.save_rule(rule=DutyRule(**values | given), by=None)


def best(case):
    return registry.candidates(case)[0]


@pytest.mark.function("CC-21", at="collaboration:rule-list")
def test_the_narrower_rule_wins_and_priority_wins_over_it(city):
    case = lead(city, "pending_dispatch")
    third = OrgUnitFactory(name="区城管局")
    rule(city.unit, class_prefix="")
    assert best(case).unit == city.unit
    rule(city.other_unit, place_kind="street", place_code="370202001")
    assert best(case).unit == city.other_unit
    assert "370202001" in best(case).reason
    rule(third, class_prefix="06", priority=90)
    assert best(case).unit == third
    rule(city.unit, place_kind="street", place_code="370202999", priority=99)
    assert best(case).unit == third


def test_a_drawn_area_is_a_place(city):
    inside = lead(city, "pending_dispatch")
    outside = lead(city, "pending_dispatch", lon=LON + STEP * 2.5)
    rule(
        city.other_unit,
        place_kind="polygon",
        geometry=factory.square(LON, LAT),
    )
    assert best(inside).unit == city.other_unit
    assert not registry.candidates(outside)


def test_a_rule_that_is_over_or_out_of_force_is_not_heard(city):
    case = lead(city, "pending_dispatch")
    yesterday = clock.today() - timedelta(days=1)
    rule(city.unit, valid_from=yesterday, valid_to=yesterday)
    rule(city.unit, valid_from=clock.today() + timedelta(days=1))
    switched = rule(city.unit)
    assert best(case).unit == city.unit
    duty.switch_rule(rule=switched, active=False, by=city.dispatcher)
    assert not registry.candidates(case)


@pytest.fixture
def component(city):
    return Component.objects.create(
        code="3702020101000001",
        edition="2013",
        class_code="0101",
        class_name="上水井盖",
        maintaining_unit=city.other_unit,
        managing_unit=city.unit,
        lon=LON,
        lat=LAT,
        cell=cells.cell(LON, LAT),
        grid_code="370202001001001",
        surveyed_on=clock.today(),
    )


def test_who_maintains_the_component_is_named_first(city, component):
    case = lead(city, "pending_dispatch", component_code=component.code)
    found = registry.candidates(case)
    assert [c.unit for c in found] == [city.other_unit, city.unit]
    assert "养护" in found[0].reason
    rule(city.unit, owner=city.other_unit)
    assert best(case).unit == city.unit


def test_a_rule_for_an_owner_needs_that_owner(city, component):
    plain = lead(city, "pending_dispatch")
    rule(city.unit, owner=city.other_unit)
    assert not registry.candidates(plain)


def test_the_department_type_of_the_filing_condition_is_heard(city):
    case = lead(city, "pending_dispatch")
    name = condition(case).department_type
    DepartmentType.objects.create(name=name, unit=city.unit)
    DepartmentType.objects.create(
        name=name, division_code="370202", unit=city.other_unit
    )
    assert best(case).unit == city.other_unit
    assert name in best(case).reason


@pytest.mark.function("CC-21", at="command:case-act")
def test_what_dispatchers_did_is_learnt_and_said_in_words(client, city):
    for _ in range(4):
        lead(city, "pending_handling")
    act(
        city,
        lead(city, "pending_dispatch"),
        "dispatch",
        by="dispatcher",
        unit=city.other_unit,
    )
    case = lead(city, "pending_dispatch")
    found = best(case)
    assert found.unit == city.unit
    assert 0 < found.confidence < 0.5
    assert "80%" in found.reason
    assert DutyCount.objects.get(street_code="", unit=city.unit).cases == 4
    client.force_login(city.dispatcher)
    url = reverse("command:case-act", args=[case.uid, "dispatch"])
    text = client.get(url).content.decode()
    assert "80%" in text


def test_the_candidates_take_few_queries(
    city, component, django_assert_max_num_queries
):
    for _ in range(3):
        lead(city, "pending_handling")
    rule(city.unit)
    case = lead(city, "pending_dispatch", component_code=component.code)
    with django_assert_max_num_queries(6) as few:
        resolving.candidates(case)
    assert not any('FROM "command_case"' in row["sql"] for row in few.captured_queries)


def test_an_override_is_kept_and_becomes_a_suggestion(client, city, admin):
    rule(city.unit)
    for _ in range(duty.SUGGEST_FROM):
        case = lead(city, "pending_dispatch")
        act(
            city,
            case,
            "dispatch",
            by="dispatcher",
            unit=city.other_unit,
            duty_reason="该街道已移交环卫处",
        )
    choice = DutyChoice.objects.first()
    assert (choice.recommended, choice.chosen) == (city.unit, city.other_unit)
    assert choice.reason == "该街道已移交环卫处"
    suggestion = DutySuggestion.objects.get()
    assert suggestion.overrides == duty.SUGGEST_FROM
    client.force_login(admin)
    page = client.get(reverse("collaboration:suggestion", args=[suggestion.pk]))
    assert "该街道已移交环卫处" in page.content.decode()
    client.post(reverse("collaboration:suggestion-accept", args=[suggestion.pk]))
    suggestion.refresh_from_db()
    assert suggestion.state == "accepted"
    assert best(lead(city, "pending_dispatch")).unit == city.other_unit
    url = reverse("collaboration:suggestion-dismiss", args=[suggestion.pk])
    assert client.post(url).status_code == 409


def test_following_the_recommendation_suggests_nothing(city):
    rule(city.unit)
    for _ in range(duty.SUGGEST_FROM):
        lead(city, "pending_handling")
    assert not DutyChoice.objects.exists()
    assert not DutySuggestion.objects.exists()


def test_a_rule_is_edited_with_its_history(client, city, admin):
    made = rule(city.unit)
    client.force_login(admin)
    url = reverse("collaboration:rule-edit", args=[made.pk])
    assert client.get(url).status_code == 200
    given = {
        "class_prefix": CLASS,
        "place_kind": "street",
        "place_code": "370202001",
        "unit": city.other_unit.pk,
        "priority": 70,
        "valid_from": clock.today().isoformat(),
    }
    assert client.post(url, given).status_code == 302
    made.refresh_from_db()
    assert (made.revision, made.unit) == (2, city.other_unit)
    text = client.get(made.get_absolute_url()).content.decode()
    assert city.unit.name in text
    assert AuditEntry.objects.filter(type="duty.rule_saved").count() == 2
    assert client.post(url, given | {"place_code": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    made.refresh_from_db()
    assert made.revision == 2


def test_rules_go_out_as_a_table_and_come_in_again(client, city, admin):
    client.force_login(admin)
    rule(city.unit, place_kind="street", place_code="370202001", priority=55)
    url = reverse("collaboration:rule-list") + "?export=csv&columns=import"
    table = b"".join(client.get(url).streaming_content)
    assert b"unit_code" in table
    line = f"{CLASS},,bogus\n0602,nowhere,city\n0602,{city.unit.code},city\n"
    more = "class_prefix,unit_code,place_kind\n" + line
    DutyRule.objects.all().delete()
    for content in (table, table, more.encode()):
        upload = SimpleUploadedFile("rules.csv", content)
        answer = client.post(reverse("collaboration:rule-import"), {"table": upload})
        assert answer.status_code == 302
        jobs.run(Job.objects.first().pk)
    assert Job.objects.first().failed == 2
    assert DutyRule.objects.count() == 2
    again = DutyRule.objects.get(class_prefix=CLASS)
    assert (again.priority, again.place_code, again.revision) == (55, "370202001", 1)


def test_learning_anew_counts_the_same(city):
    for _ in range(3):
        lead(city, "pending_handling")
    before = sorted(DutyCount.objects.values_list("street_code", "unit", "cases"))
    DutyCount.objects.all().delete()
    job = jobs.start("collaboration.learn", by=None)
    assert jobs.run(job.pk).state == "done"
    after = sorted(DutyCount.objects.values_list("street_code", "unit", "cases"))
    assert after == before


def test_lists_of_duty_take_the_same_queries(
    client, city, admin, django_assert_max_num_queries
):
    client.force_login(admin)
    url = reverse("collaboration:rule-list")
    rule(city.unit)
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for number in range(5):
        rule(city.unit, class_prefix=f"0{number}")
    with django_assert_max_num_queries(20) as many:
        client.get(url)
    assert len(many) == len(few)
    client.force_login(city.dispatcher)
    assert client.get(url).status_code == 403


def switched(city, least=0.9):
    rule(city.unit)
    return automatic.switch(
        class_kind="matter",
        class_code=CLASS,
        is_on=True,
        least=least,
        by=city.dispatcher,
    )


@pytest.mark.function("CC-21", at="collaboration:auto-list")
def test_the_platform_dispatches_a_class_that_is_switched_on(
    client, city, django_capture_on_commit_callbacks, monkeypatch
):
    switched(city)
    monkeypatch.setattr(tasks.auto_dispatch, "delay", tasks.auto_dispatch.run)
    with django_capture_on_commit_callbacks() as callbacks:
        case = lead(city, "pending_dispatch")
    for callback in callbacks:
        if "after_filing" in callback.__qualname__:
            callback()
    case.refresh_from_db()
    assert (case.state, case.handling_unit) == ("pending_handling", city.unit)
    client.force_login(city.dispatcher)
    text = client.get(case.get_absolute_url()).content.decode()
    assert "由平台派遣" in text
    assert not automatic.dispatch(case.pk)


def test_the_platform_leaves_what_it_is_not_sure_of(city):
    automatic.switch(
        class_kind="matter",
        class_code=CLASS,
        is_on=True,
        least=0.99,
        by=city.dispatcher,
    )
    rule(city.unit)
    case = lead(city, "pending_dispatch")
    assert not automatic.dispatch(case.pk)
    automatic.switch(
        class_kind="matter",
        class_code=CLASS,
        is_on=False,
        least=0.5,
        by=city.dispatcher,
    )
    assert automatic.sweep() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("reference_again")
def test_twenty_at_once_dispatch_once(monkeypatch):
    monkeypatch.setattr(datasets, "published", Signal())
    monkeypatch.setattr(tasks.auto_dispatch, "delay", lambda pk: None)
    city = factory.district()
    switched(city)
    case = lead(city, "pending_dispatch")

    def go(_number):
        try:
            return automatic.dispatch(case.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(go, range(20)))
    assert sum(done) == 1
    assert case.process.steps.filter(action="dispatch").count() == 1


def test_the_sweep_finds_what_was_filed_without_a_worker(city):
    case = report(city)
    for action, post in (("accept", "acceptor"), ("file", "duty_leader")):
        case = act(city, case, action, by=post)
    switched(city)
    assert automatic.sweep() == 1
    assert automatic.sweep() == 0
