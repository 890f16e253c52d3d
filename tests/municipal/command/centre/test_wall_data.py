"""What the wall asks for: scope, addresses, 304, and no more queries with more data."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from municipal.command.centre.board import noting, summing
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.models import Result, Run, Scheme
from platform_core.common import clock
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import lead, report

DATA = "centre:wall-data"


@pytest.fixture
def data(client, city):
    """What the wall of somebody shows."""

    def ask(person, **given):
        client.force_login(person)
        return client.get(reverse(DATA), given)

    return ask


def test_the_stream_names_the_state_that_a_step_led_to(city, data):
    lead(city, "closed")
    what = [row["what"] for row in data(city.overseer).json()["stream"]]
    assert what[0] == "结案"
    assert what.count("结案") == 1  # the steps before it led elsewhere
    assert "核查中" in what


@pytest.mark.function("CC-50", at=DATA)
def test_the_wall_shows_today_month_year_and_the_stream(client, city, data):
    case = lead(city, "pending_filing")
    summing.sum_all()
    shown = data(city.overseer).json()
    figures = {row["code"]: row for row in shown["figures"]}
    assert [one["value"] for one in figures["accepted"]["values"]] == [1, 1, 1]
    assert [one["value"] for one in figures["filed"]["values"]] == [0, 0, 0]
    assert shown["states"]["open"]["value"] == 1
    assert shown["states"]["rows"][0]["code"] == "pending_filing"
    assert [row["number"] for row in shown["stream"]] == [case.number] * 2
    assert len(shown["trend"]["labels"]) == 7
    for url in (
        figures["accepted"]["values"][0]["url"],
        shown["states"]["open"]["url"],
        shown["states"]["rows"][0]["url"],
        shown["trend"]["series"][0]["values"][-1]["url"],
    ):
        page = client.get(url)
        assert [row["object"].number for row in page.context["table"]] == [case.number]


@pytest.mark.function("CC-54", at=DATA)
@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_hot_spots_name_class_place_unit_source_and_the_days_before(
    client, city, data, span
):
    lead(city, "pending_handling")
    for _ in range(3):
        report(city)
    summing.sum_all()
    shown = data(city.overseer, span=span).json()
    for part, name, value in (
        ("class", "暴露垃圾", 4),
        ("street", "示例街道", 4),
        ("source", "", 4),
        ("unit", "市政处", 1),
    ):
        (found,) = shown["hot"][part]
        assert name in found["name"]
        assert (found["value"], found["former"]) == (value, 0)
        assert len(client.get(found["url"]).context["table"]) == value
    (spot,) = shown["recurring"]
    assert spot["value"] == 4
    assert len(client.get(spot["url"]).context["table"]) == 4


def test_who_does_not_see_all_cases_sees_no_figures(city, data):
    street = OrgUnitFactory(division_id="370202001")
    nobody = UserFactory(roles=["dept_handler"], unit=city.unit)
    assert data(nobody).status_code == 403
    below = UserFactory(roles=["overseer"], unit=street)
    assert data(below).status_code == 404


def test_a_district_sees_itself_only(city, data):
    report(city)
    summing.sum_all()
    own = UserFactory(roles=["overseer"], unit=OrgUnitFactory(division_id="370202"))
    other = UserFactory(roles=["overseer"], unit=OrgUnitFactory(division_id="370203"))
    assert data(own).json()["states"]["open"]["value"] == 1
    assert data(other).json()["states"]["open"]["value"] == 0
    assert data(other).json()["stream"] == []
    assert data(other, area="370202").status_code == 404
    assert data(other, area="370200").status_code == 404
    assert data(city.overseer, area="370203").json()["stream"] == []
    assert data(city.overseer, span="century").status_code == 404


def test_an_unchanged_wall_answers_304_until_something_happens(client, city, data):
    tag = data(city.overseer).headers["ETag"]
    again = client.get(reverse(DATA), headers={"if-none-match": tag})
    assert again.status_code == 304
    report(city)
    noting.announce()
    fresh = client.get(reverse(DATA), headers={"if-none-match": tag})
    assert fresh.status_code == 200
    assert len(fresh.json()["stream"]) == 1


def test_the_wall_costs_the_same_for_more_cases(
    city, data, django_assert_max_num_queries
):
    report(city)
    summing.sum_all()
    data(city.overseer)
    with django_assert_max_num_queries(14) as few:
        data(city.overseer)
    most = len(few)
    for _ in range(3):
        lead(city, "handling")
    summing.sum_all()
    data(city.overseer)
    with django_assert_max_num_queries(most):
        data(city.overseer)


@pytest.mark.function("CC-53", at=DATA)
def test_the_wall_ranks_areas_departments_and_posts(city, data):
    scheme = Scheme.objects.earliest("pk")
    run = Run.objects.create(
        scheme=scheme,
        kind=ObjectKind.DISTRICT,
        period_kind="month",
        first=clock.today().replace(day=1),
        last=clock.today(),
    )
    for rank, (key, name, score) in enumerate(
        (("370202", "市南区", 96), ("370203", "市北区", 81)), start=1
    ):
        Result.objects.create(
            run=run,
            key=key,
            division_code=key,
            label=name,
            composite=score,
            grade="A",
            colour="green",
            rank=rank,
        )
    cache.clear()
    kinds = {row["kind"]: row for row in data(city.overseer).json()["ranking"]}
    rows = kinds["district"]["rows"]
    assert [(row["rank"], row["name"], row["value"]) for row in rows] == [
        (1, "市南区", "96.0"),
        (2, "市北区", "81.0"),
    ]
    assert rows[0]["colour"] == "green"
    assert rows[0]["url"] == reverse("performance:result", args=[run.pk, "370202"])
    assert kinds["unit"]["rows"] == []
    district = UserFactory(
        roles=["overseer"], unit=OrgUnitFactory(division_id="370203")
    )
    assert data(district).json()["ranking"] == []
