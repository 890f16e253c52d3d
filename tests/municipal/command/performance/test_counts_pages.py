"""The counts on pages and for machines, and the cases behind every number."""

from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from municipal.command.performance import (
    asking,
    closing,
    measures,
    rebuilding,
    rewriting,
    sample,
    summing,
    tables,
)
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.models import StepFlags
from municipal.command.performance.periods import Period, period_of
from municipal.command.performance.sums import sums
from municipal.command.performance.tables import cases_url
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.jobs.models import Job
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import act, lead, report

from .walking import walk_many

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 9, 0))
WEEK = period_of("week", MONDAY.date())
GIVEN = {"period": "week", "first": "2026-11-16"}


def add_up():
    while rewriting.rewrite_stale():
        pass
    summing.add_all()


def shown(response):
    return [row["object"] for row in response.context["table"]]


def cells(response):
    """The first row by column."""
    names = [head["column"].name for head in response.context["heads"]]
    row = response.context["table"][0]["object"]
    return {name: row.counts[name] for name in names if name in row.counts}


@pytest.fixture
def week(city):
    with clock.at(MONDAY):
        for _ in range(2):
            lead(city, "closed")
        case = report(city, source="03", by=city.acceptor)
        act(city, case, "refuse", by="acceptor")
        add_up()
    return city


@pytest.mark.function("CC-60", at="performance:counts")
@pytest.mark.function("9.1-11", at="performance:counts")
@pytest.mark.parametrize("kind", list(ObjectKind))
def test_counts_of_every_kind_of_object(client, week, kind):
    client.force_login(week.dispatcher)
    response = client.get(reverse("performance:counts"), {**GIVEN, "kind": kind})
    assert response.status_code == 200
    assert len(shown(response)) >= 1
    asked = sums(kind, WEEK)
    for row in shown(response):
        assert row.counts == asked[row.key]
        assert row.label in response.content.decode()
    for group in measures.GROUPS:
        given = {**GIVEN, "kind": kind, "group": group}
        assert client.get(reverse("performance:counts"), given).status_code == 200


def test_the_table_shows_what_happened(client, week):
    client.force_login(week.bureau_leader)
    given = {**GIVEN, "kind": "district"}
    found = cells(client.get(reverse("performance:counts"), given))
    assert (found["reported_num"], found["filed_num"], found["closed_num"]) == (3, 2, 2)
    found = cells(
        client.get(reverse("performance:counts"), {**given, "group": "accept"})
    )
    assert (found["accepted_num"], found["not_accepted_num"]) == (2, 1)
    assert found["need_accept_num"] == 3
    given |= {"columns": "label,closed_num"}
    assert cells(client.get(reverse("performance:counts"), given)) == {"closed_num": 2}


def test_counts_are_searched_sorted_and_exported(client, week):
    with clock.at(MONDAY):
        case = lead(week, "pending_dispatch")
        case = act(week, case, "dispatch", by="dispatcher", unit=week.other_unit)
        add_up()
    client.force_login(week.overseer)
    url, given = reverse("performance:counts"), {**GIVEN, "kind": "unit"}
    response = client.get(url, {**given, "sort": "-closed_num"})
    assert [row.counts["closed_num"] for row in shown(response)] == [2, 0]
    response = client.get(url, {**given, "sort": "closed_num"})
    assert [row.counts["closed_num"] for row in shown(response)] == [0, 2]
    response = client.get(url, {**given, "q": str(week.other_unit)})
    assert [row.label for row in shown(response)] == [str(week.other_unit)]
    file = client.get(url, {**given, "export": "csv", "columns": "label,closed_num"})
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert lines[1:] == [
        f"{unit},{count}"
        for unit, count in sorted([(str(week.unit), 2), (str(week.other_unit), 0)])
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "planet"},
        {"period": "era"},
        {"first": "yesterday"},
        {"period": "free", "first": "2026-11-16", "last": "2026-11-01"},
        {"period": "free", "first": "2001-11-16", "last": "2026-11-01"},
    ],
)
def test_what_cannot_be_counted_is_said(client, city, given):
    client.force_login(city.overseer)
    for url in (
        reverse("performance:counts"),
        reverse("performance_counts_api:counts"),
    ):
        assert client.get(url, given).status_code == 400


def test_a_list_takes_the_same_queries_for_few_and_many(
    client, week, django_assert_max_num_queries
):
    client.force_login(week.dispatcher)
    given = {**GIVEN, "kind": "unit"}
    client.get(reverse("performance:counts"), given)
    with django_assert_max_num_queries(9):
        client.get(reverse("performance:counts"), given)
    with clock.at(MONDAY):
        for _ in range(3):
            unit = OrgUnitFactory()
            case = lead(week, "pending_dispatch")
            act(week, case, "dispatch", by="dispatcher", unit=unit)
        add_up()
    with django_assert_max_num_queries(9):
        response = client.get(reverse("performance:counts"), given)
    assert len(shown(response)) == 4


# Who sees what ------------------------------------------------------------------


def test_a_units_leader_sees_the_own_unit_only(client, week):
    leader = UserFactory(roles=["dept_leader"], unit=week.unit)
    stranger = UserFactory(roles=["dept_leader"], unit=week.other_unit)
    given = {**GIVEN, "kind": "unit"}
    client.force_login(leader)
    response = client.get(reverse("performance:counts"), given)
    assert [row.key for row in shown(response)] == [str(week.unit.pk)]
    other = client.get(reverse("performance:counts"), {**GIVEN, "kind": "district"})
    assert other.status_code == 400
    url = cases_url("unit", str(week.unit.pk), "closed_num", WEEK)
    assert len(shown(client.get(url))) == 2
    client.force_login(stranger)
    assert not shown(client.get(reverse("performance:counts"), given))
    assert client.get(url).status_code == 404
    page = reverse("performance:object", args=["unit", week.unit.pk])
    assert client.get(page).status_code == 404
    found = client.get(reverse("performance_counts_api:counts"), given).json()
    assert found["results"] == []


def test_staff_of_a_district_see_its_areas(client, week):
    unit = OrgUnitFactory(division_id="370203")
    far = UserFactory(roles=["overseer"], unit=unit)
    near = UserFactory(roles=["overseer"], unit=OrgUnitFactory(division_id="370202"))
    for person, count in ((far, 0), (near, 1)):
        client.force_login(person)
        for kind in ("district", "street", "community", "unit_grid", "duty_grid"):
            response = client.get(
                reverse("performance:counts"), {**GIVEN, "kind": kind}
            )
            assert len(shown(response)) == count, kind
    assert StepFlags.objects.visible_to(near).exists()
    assert not StepFlags.objects.visible_to(far).exists()


def test_others_see_no_counts(client, week):
    for person in (week.supervisor, week.dept_handler):
        client.force_login(person)
        assert client.get(reverse("performance:counts")).status_code == 403
        assert not StepFlags.objects.visible_to(person).exists()


# Behind a number ------------------------------------------------------------------


def behind(user, kind, key, code, period):
    """How many rows the page of a number has."""
    query = QueryDict(cases_url(kind, key, code, period).partition("?")[2])
    found = tables.behind(asking.figure(query, user), user)
    assert len(list(found)) == len(found)
    return len(found)


@pytest.mark.function("CC-66", at="performance:cases")
def test_behind_every_number_there_are_as_many_rows(city):
    walk_many(city, 21, 25)
    with clock.at(timezone.make_aware(datetime(2027, 3, 1, 12, 0))):
        day = date(2026, 10, 20)
        for number in range(8):
            closing.close_day(day + timedelta(days=number))
        add_up()
    user = city.bureau_leader
    closed = Period("free", date(2026, 10, 2), date(2026, 10, 25))
    running = Period("free", date(2026, 10, 2), clock.today())
    compared = 0
    for period in (closed, running):
        for kind in ObjectKind:
            for key, row in list(sums(kind, period).items())[:2]:
                for code, count in row.items():
                    found = behind(user, kind, key, code, period)
                    assert found == count, (kind, key, code, period)
                    compared += bool(count)
    assert compared > 200


@pytest.mark.function("CC-66", at="performance:cases")
def test_a_number_leads_to_its_cases(client, week):
    client.force_login(week.dispatcher)
    page = client.get(reverse("performance:counts"), {**GIVEN, "kind": "district"})
    row = shown(page)[0]
    assert row.url("closed_num").replace("&", "&amp;") in page.content.decode()
    response = client.get(row.url("closed_num"))
    numbers = [one.case.number for one in shown(response)]
    assert len(numbers) == 2
    assert all(
        one.case.get_absolute_url() in response.content.decode()
        for one in shown(response)
    )
    response = client.get(row.url("closed_num") + f"&q={numbers[0]}")
    assert [one.case.number for one in shown(response)] == numbers[:1]
    file = client.get(row.url("closed_num") + "&export=csv")
    text = b"".join(file.streaming_content).decode()
    assert all(number in text for number in numbers)
    assert AuditEntry.objects.filter(type="figures.exported").count() == 1


def test_a_number_that_is_none_has_no_page(client, week):
    client.force_login(week.dispatcher)
    good = {
        "kind": "district",
        "key": "370202",
        "measure": "closed_num",
        "first": "2026-11-16",
        "last": "2026-11-22",
    }
    url = reverse("performance:cases")
    assert client.get(url, good).status_code == 200
    for name, value in (
        ("kind", "planet"),
        ("measure", "beauty"),
        ("first", "x"),
        ("measure", "given_num"),
    ):
        assert client.get(url, {**good, name: value}).status_code == 404
    assert client.get(url, {**good, "kind": "acceptor"}).status_code == 404


def test_an_object_over_time(client, week):
    client.force_login(week.overseer)
    url = reverse("performance:object", args=["unit", week.unit.pk])
    response = client.get(url, GIVEN)
    lines = {one["measure"].code: one["cells"] for one in response.context["lines"]}
    assert [value for value, _url in lines["closed_num"]] == [0] * 11 + [2]
    assert str(week.unit) in response.content.decode()
    assert (
        client.get(reverse("performance:object", args=["planet", 1])).status_code == 404
    )
    assert client.get(url, {**GIVEN, "group": "file"}).status_code == 200


@pytest.mark.function("CC-60", at="performance:measures")
def test_the_meaning_of_every_count_is_told(client, city):
    client.force_login(city.overseer)
    text = client.get(reverse("performance:measures")).content.decode()
    for code, one in measures.MEASURES.items():
        assert code in text
        assert str(one.name) in text


def test_a_case_shows_what_its_steps_count_as(client, week):
    case = StepFlags.objects.filter(closed_num=True)[0].case
    url = reverse("command:case-detail", args=[case.uid])
    client.force_login(week.overseer)
    text = client.get(url).content.decode()
    assert "结案数" in text
    assert "准确派遣数" in text
    client.force_login(week.acceptor)
    assert "准确派遣数" not in client.get(url).content.decode()


def test_machines_ask_for_counts(client, week):
    client.force_login(week.overseer)
    url = reverse("performance_counts_api:counts")
    found = client.get(url, {**GIVEN, "kind": "district"}).json()
    assert (found["kind"], found["first"], found["last"]) == (
        "district",
        "2026-11-16",
        "2026-11-22",
    )
    [row] = found["results"]
    assert (row["key"], row["counts"]["closed_num"]) == ("370202", 2)
    assert row["counts"] == sums(ObjectKind.DISTRICT, WEEK)["370202"]
    none = client.get(url, {**GIVEN, "kind": "district", "key": "370203"}).json()
    assert none["results"] == []
    assert found["next"] is None


@pytest.mark.function("CC-60", at="performance:rebuild")
def test_the_administrator_has_the_figures_rebuilt(
    client, week, django_capture_on_commit_callbacks
):
    before = sums(ObjectKind.DISTRICT, WEEK)
    StepFlags.objects.filter(accepted_num=True).update(accepted_num=None)
    client.force_login(UserFactory(roles=["sys_admin"]))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("performance:rebuild"), {"first": "2026-11-16"})
    job = Job.objects.get(kind=rebuilding.KIND)
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert sums(ObjectKind.DISTRICT, WEEK)["370202"]["reported_num"] == 3
    assert StepFlags.objects.filter(accepted_num=True).count() == 2
    assert before["370202"]["closed_num"] == 2
    client.force_login(week.overseer)
    assert client.post(reverse("performance:rebuild")).status_code == 403


def test_the_sample_fills_the_figures_once(city):
    with clock.at(MONDAY):
        lead(city, "closed")
        StepFlags.objects.all().delete()
    assert sample.load() == sample.load() == "figures of 1 cases"
    assert StepFlags.objects.filter(closed_num=True).count() == 1
    assert sums(ObjectKind.DISTRICT, WEEK)["370202"]["closed_num"] == 1
