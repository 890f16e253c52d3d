"""The API of figures and digests."""

import pytest

from platform_core.common.clock import today
from platform_core.systems.monitoring import services
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.monitoring import CaseDigestFactory, IndicatorValueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=["bureau_leader"]))


def test_the_catalogue_lists_the_ten_indicators(client, leader):
    codes = [row["code"] for row in client.get("/api/v1/indicators").json()]
    assert len(codes) == 10
    assert codes[0] == "cases.reported"
    assert client.get("/api/v1/indicators/cases.closed").json()["unit"] == "case"


def test_a_series_has_every_day(client, leader):
    services.count("cases.closed", "370202", day=today(), amount=3)
    services.fold_all()
    answer = client.get("/api/v1/indicators/cases.closed/series").json()
    assert len(answer["points"]) == 30
    assert answer["points"][-1] == {"period": today().isoformat(), "value": 3}
    assert (answer["division"], answer["total"]) == ("370200", 3)
    by_month = client.get(
        "/api/v1/indicators/cases.closed/series",
        {"grain": "month", "division": "370202"},
    ).json()
    assert by_month["points"][-1]["value"] == 3


def test_a_ranking_compares_divisions(client, leader):
    services.count("cases.closed", "370203", day=today(), amount=3)
    services.fold_all()
    rows = client.get("/api/v1/indicators/cases.closed/ranking").json()["rows"]
    assert rows[0] == {"division": "370203", "name": "市北区", "value": 3}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/indicators/cases.imagined/series", 404),
        ("/api/v1/indicators/cases.closed/series?division=110000", 404),
        ("/api/v1/indicators/cases.closed/series?division=x", 400),
        ("/api/v1/indicators/cases.closed/series?grain=hour", 400),
        (
            "/api/v1/indicators/cases.closed/series"
            "?period_from=2026-02-01&period_to=2026-01-01",
            400,
        ),
    ],
)
def test_a_wrong_question_is_refused(client, leader, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert {"code", "message", "fields"} <= set(answer.json())


def test_values_and_digests_are_scoped(client):
    user = UserFactory(
        roles=["bureau_leader"], unit=OrgUnitFactory(division_id="370202")
    )
    client.force_login(user)
    for division in ("370202", "370203"):
        IndicatorValueFactory(division=division)
        CaseDigestFactory(division=division)
    for path in ("/api/v1/indicator-values", "/api/v1/case-digests"):
        rows = client.get(path).json()["results"]
        assert [row["division"] for row in rows] == ["370202"], path


def test_values_are_filtered_by_indicator_division_and_period(client, leader):
    IndicatorValueFactory(period="2026-11-20")
    IndicatorValueFactory(period="2026-11-18")
    IndicatorValueFactory(period="2026-11-20", division="370203")
    rows = client.get(
        "/api/v1/indicator-values",
        {
            "indicator": "cases.closed",
            "division": "370202",
            "period_from": "2026-11-19",
        },
    ).json()["results"]
    assert [row["period"] for row in rows] == ["2026-11-20"]


def test_a_digest_is_found_by_its_uid(client, leader):
    case = CaseDigestFactory(state="closed")
    row = client.get(f"/api/v1/case-digests/{case.uid}").json()
    assert (row["number"], row["state_name"]) == (case.number, "结案")
    assert client.get("/api/v1/case-digests/nonsense").status_code == 404


@pytest.mark.parametrize("path", ["indicators", "indicator-values", "case-digests"])
def test_the_api_needs_the_right(client, path):
    assert client.get(f"/api/v1/{path}").status_code in {401, 403}
    client.force_login(UserFactory(roles=["dept_handler"]))
    assert client.get(f"/api/v1/{path}").status_code == 403
