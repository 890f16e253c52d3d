"""Pages of the monitoring system."""

from datetime import timedelta

import pytest
from django.urls import reverse

from platform_core.common.clock import now, today
from platform_core.datasets import registry
from platform_core.systems.monitoring import services
from platform_core.systems.monitoring.models import CaseDigest
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.monitoring import CaseDigestFactory, IndicatorValueFactory

pytestmark = pytest.mark.django_db


def sign_in(client, division=None, role="bureau_leader"):
    more = {"unit": OrgUnitFactory(division_id=division)} if division else {}
    user = UserFactory(roles=[role], **more)
    client.force_login(user)
    return user


@pytest.fixture
def province(as_node):
    as_node("P37000001")


def announce(**values):
    case = CaseDigestFactory.build(reported_at=now(), **values)
    names = [
        "uid", "revision", "number", "title", "edition", "class_kind", "class_code",
        "class_name", "division", "lon", "lat", "source", "state", "stage",
        "reported_at", "deadline", "closed_at", "overdue", "on_time", "rework_count",
    ]  # fmt: skip
    services.announce_case(**{name: getattr(case, name) for name in names})
    return case


def arrive():
    case = CaseDigestFactory.build(reported_at=now())
    values = registry.get("monitoring.case_digest").data(case)
    values |= {"reported_at": case.reported_at}
    services.keep_digest(uid=case.uid, origin="M37020001", revision=1, values=values)
    return case


def test_the_wall_opens_with_its_figures(client):
    sign_in(client)
    services.count("cases.reported", "370202", day=today(), amount=7)
    announce(overdue=True)
    services.fold_all()
    response = client.get(reverse("monitoring:centre"))
    assert response.status_code == 200
    state = response.context["state"]
    tiles = {tile["label"]: tile["value"] for tile in state["kpi"]}
    assert (tiles["今日上报"], tiles["在办案件"], tiles["超期案件"]) == (7, 1, 1)
    shinan = next(part for part in state["parts"] if part["code"] == "370202")
    assert (shinan["today"], shinan["open"]) == (7, 1)
    assert [item["place"] for item in state["stream"]] == ["市南区"]
    assert state["outline"]["only"] == "370200"
    assert state["classes"][0]["value"] == 1


def test_the_wall_answers_304_until_something_changes(
    client, django_assert_max_num_queries
):
    sign_in(client)
    url = reverse("monitoring:centre-data")
    first = client.get(url)
    assert first.status_code == 200
    with django_assert_max_num_queries(8):  # session, user, rights
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_new_case_renews_the_wall(client, django_capture_on_commit_callbacks):
    sign_in(client)
    url = reverse("monitoring:centre-data")
    first = client.get(url)
    with django_capture_on_commit_callbacks(execute=True):
        case = arrive()
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again.json()["stream"][0]["number"] == case.number


def test_the_wall_costs_the_same_however_much_there_is(
    client, django_assert_max_num_queries
):
    sign_in(client)
    url = reverse("monitoring:centre-data")
    for division in ("370202", "370203", "370211", "370212"):
        for state in ("handling", "pending_check"):
            announce(division=division, state=state)
        services.count("cases.reported", division, day=today())
    services.fold_all()
    client.get(url)
    with django_assert_max_num_queries(22):
        assert client.get(url).status_code == 200


def test_one_drills_down_inside_the_own_division_only(client, province):
    sign_in(client, "370000", role="bureau_clerk")
    url = reverse("monitoring:centre-data")
    state = client.get(url, {"division": "370200"}).json()
    assert [step["code"] for step in state["trail"]] == ["370000", "370200"]
    assert state["outline"]["url"].endswith("370000.json")
    for foreign in ("100000", "110000", "nonsense"):
        assert client.get(url, {"division": foreign}).status_code == 404


def test_a_district_sees_its_own_wall(client):
    sign_in(client, "370202")
    url = reverse("monitoring:centre-data")
    announce(division="370203")
    state = client.get(url).json()
    assert state["division"]["code"] == "370202"
    assert state["stream"] == []
    assert client.get(url, {"division": "370200"}).status_code == 404


@pytest.mark.parametrize(
    "name", ["centre", "centre-data", "indicators", "explorer", "values", "cases"]
)
def test_figures_need_the_right(client, name):
    url = reverse(f"monitoring:{name}")
    assert client.get(url).status_code == 302
    sign_in(client, role="dept_handler")
    assert client.get(url).status_code == 403


def test_a_figure_opens_the_list_that_it_counts(client):
    sign_in(client)
    announce(overdue=True)
    announce()
    announce(state="closed", stage=6, closed_at=now(), on_time=True)
    services.fold_all()
    state = client.get(reverse("monitoring:centre-data")).json()
    for tile in state["kpi"][:5]:
        if "/cases/" not in tile["url"] or tile["label"] in {"今日上报", "今日结案"}:
            continue
        found = client.get(tile["url"]).context["page_obj"]
        assert found.paginator.count == tile["value"], tile["label"]
    source = state["sources"][0]
    found = client.get(source["url"]).context["page_obj"]
    assert found.paginator.count == source["value"] == 3


def test_the_case_list_is_scoped_and_constant(client, django_assert_max_num_queries):
    sign_in(client, "370202")
    for division in ("370202", "370202", "370202", "370203"):
        CaseDigestFactory(division=division)
    with django_assert_max_num_queries(14):
        response = client.get(reverse("monitoring:cases"))
    assert response.context["page_obj"].paginator.count == 3
    assert "市南区" in response.content.decode()


def test_the_case_list_filters_and_exports(client):
    sign_in(client)
    CaseDigestFactory(title="路灯不亮", reported_at=now())
    CaseDigestFactory(title="井盖丢失", reported_at=now() - timedelta(days=3))
    url = reverse("monitoring:cases")
    asked = {"reported_from": today().isoformat()}
    assert client.get(url, asked).context["page_obj"].paginator.count == 1
    exported = b"".join(client.get(url, {**asked, "export": "csv"}).streaming_content)
    assert "路灯不亮" in exported.decode()
    assert "井盖丢失" not in exported.decode()
    assert client.get(url, {"reported_to": "9999-12-31"}).status_code == 200


def test_a_case_page_shows_the_summary_and_hides_other_divisions(client):
    sign_in(client, "370202")
    inside = CaseDigestFactory(division="370202")
    outside = CaseDigestFactory(division="370203")
    assert "市南区" in client.get(inside.get_absolute_url()).content.decode()
    assert client.get(outside.get_absolute_url()).status_code == 404
    CaseDigest.objects.filter(pk=inside.pk).update(lon=None)
    assert client.get(inside.get_absolute_url()).status_code == 200


def test_the_overview_shows_today_month_and_year(client):
    sign_in(client)
    services.count("cases.closed", "370202", day=today(), amount=1234)
    services.fold_all()
    page = client.get(reverse("monitoring:indicators")).content.decode()
    assert page.count("1234") >= 3 or page.count("1,234") >= 3


def test_the_explorer_draws_and_compares(client):
    sign_in(client)
    services.count("cases.closed", "370202", day=today(), amount=4)
    services.count("cases.closed", "370203", day=today() - timedelta(days=2), amount=2)
    services.fold_all()
    url = reverse("monitoring:explorer")
    response = client.get(url, {"indicator": "cases.closed"})
    assert response.context["total"] == 6
    assert [(row.name, row.value) for row in response.context["below"][:2]] == [
        ("市南区", 4.0),
        ("市北区", 2.0),
    ]
    by_month = client.get(url, {"indicator": "cases.closed", "grain": "year"})
    assert by_month.context["total"] == 6
    file = client.get(url, {"indicator": "cases.closed", "export": "csv"})
    assert today().isoformat() in b"".join(file.streaming_content).decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"period_from": "2026-02-01", "period_to": "2026-01-01"},
        {"period_from": "1800-02-01"},
        {"indicator": "cases.imagined"},
        {"period_to": "soon"},
    ],
)
def test_the_explorer_says_what_is_wrong(client, wrong):
    sign_in(client)
    response = client.get(reverse("monitoring:explorer"), wrong)
    assert response.status_code == 200
    assert response.context["shown"] is None
    assert response.context["form"].errors


def test_reported_figures_name_their_platform(client, province):
    sign_in(client, "370000", role="bureau_clerk")
    IndicatorValueFactory(origin="M37020001")
    IndicatorValueFactory(origin="M37080001", division="370811", is_withdrawn=True)
    response = client.get(reverse("monitoring:values"), {"division": "370200"})
    assert response.context["page_obj"].paginator.count == 1
    assert "M37020001" in response.content.decode()


def test_the_home_page_shows_the_figures(client):
    sign_in(client)
    services.count("cases.reported", "370202", day=today(), amount=41)
    services.fold_all()
    assert "41" in client.get(reverse("ui:home")).content.decode()
