"""Cases over HTTP."""

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from municipal.command.models import Case, Component
from platform_core.accounts import services as accounts
from platform_core.geo.cells import cell
from tests.factories.accounts import UserFactory
from tests.factories.command import CLASS, LAT, LON, STEP, lead, picture, report

URL = "/api/v1/cases"
BODY = {
    "source": "03",
    "class_code": CLASS,
    "description": "路边堆放垃圾",
    "lon": LON + STEP / 2,
    "lat": LAT + STEP / 2,
}


def api(user):
    """A client that carries the user's token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user)[1]}")
    return client


def envelope(response, status):
    """The error of an answer, after checking its shape."""
    assert response.status_code == status, response.content
    body = response.json()
    assert set(body) == {"code", "message", "fields"}
    return body


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_seat_operator_reports(city, slash):
    answer = api(city.acceptor).post(URL + slash, BODY, format="json")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get(uid=answer.json()["uid"])
    assert answer.json()["state"] == case.state == "pending_accept"
    assert case.reported_by == city.acceptor


def test_reporting_stays_inside_its_budget(city, django_assert_max_num_queries):
    client = api(city.acceptor)
    client.post(URL, BODY, format="json")
    shot = picture(city.acceptor)
    body = {**BODY, "attachments": [str(shot.uid)]}
    with django_assert_max_num_queries(20):
        answer = client.post(URL, body, format="json")
    assert answer.status_code == 201


def test_a_token_answers_in_few_queries(city, django_assert_max_num_queries):
    """The token with its owner, the roles, and then the case itself."""
    case = report(city)
    client = api(city.acceptor)
    url = f"{URL}/{case.uid}"
    client.get(url)
    with django_assert_max_num_queries(3):
        assert client.get(url).status_code == 200
    with django_assert_max_num_queries(2):
        assert client.get(URL).status_code == 200
    with django_assert_max_num_queries(14):
        assert client.post(URL, BODY, format="json").status_code == 201
    with django_assert_max_num_queries(17):
        assert client.post(f"{url}/actions/accept", {}).status_code == 200


def test_dispatching_stays_inside_its_budget(city, django_assert_max_num_queries):
    first, second = (lead(city, "pending_dispatch") for _ in range(2))
    client = api(city.dispatcher)
    given = {"unit": city.dept_handler.unit.code}
    client.post(f"{URL}/{first.uid}/actions/dispatch", given)
    with django_assert_max_num_queries(20):
        answer = client.post(f"{URL}/{second.uid}/actions/dispatch", given)
    assert answer.json()["handling_unit"]["code"] == given["unit"]


def test_a_case_goes_its_whole_way_over_the_api(city):
    def step(role, action, **data):
        url = f"{URL}/{uid}/actions/{action}"
        answer = api(city.person(role)).post(url, data, format="json")
        assert answer.status_code == 200, answer.content
        return answer.json()["state"]

    def shot(role):
        return [str(picture(city.person(role)).uid)]

    uid = api(city.acceptor).post(URL, BODY, format="json").json()["uid"]
    assert step("acceptor", "send_verify") == "verifying"
    step("supervisor", "verify_true")
    step("acceptor", "accept")
    step("duty_leader", "file")
    step("dispatcher", "dispatch", unit=city.unit.code)
    step("dept_handler", "sign")
    step("dept_handler", "feedback", attachments=shot("dept_handler"))
    step("dispatcher", "pass_feedback")
    step("acceptor", "send_check", inspector=city.supervisor.username)
    step("supervisor", "check_pass", attachments=shot("supervisor"))
    assert step("duty_leader", "close", note="同意结案") == "closed"
    body = api(city.duty_leader).get(f"{URL}/{uid}").json()
    assert [row["action"] for row in body["timeline"]][-1] == "close"
    assert [row["purpose"] for row in body["files"]] == ["handle", "check"]
    assert body["options"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"class_code": "99999"}, "class_code"),
        ({"lon": 116.4, "lat": 39.9}, "position"),
        ({"lon": "x"}, "lon"),
        ({"source": "77"}, "source"),
        ({"attachments": ["0190a2b4-0000-7000-8000-000000000000"]}, "attachments"),
    ],
)
def test_bad_reports_are_explained(city, change, field):
    answer = api(city.acceptor).post(URL, BODY | change, format="json")
    assert field in envelope(answer, 400)["fields"]
    assert not Case.objects.exists()


def test_somebody_elses_upload_cannot_be_used(city):
    body = BODY | {"attachments": [str(picture(city.dispatcher).uid)]}
    answer = api(city.acceptor).post(URL, body, format="json")
    assert "attachments" in envelope(answer, 400)["fields"]


def test_who_may_not_report_gets_403(city):
    answer = api(city.dispatcher).post(URL, BODY, format="json")
    assert envelope(answer, 403)["code"] == "forbidden"
    assert not Case.objects.exists()


def test_without_signing_in_nothing_is_shown(city):
    assert APIClient().get(URL).status_code == 401


def test_a_step_that_is_not_allowed_is_a_conflict(city):
    case = report(city)
    answer = api(city.acceptor).post(f"{URL}/{case.uid}/actions/file", {})
    body = envelope(answer, 409)
    assert body["code"] == "transition_not_allowed"
    assert body["fields"]["action"] == "file"


def test_a_missing_reason_is_a_conflict(city):
    case = report(city)
    answer = api(city.acceptor).post(f"{URL}/{case.uid}/actions/refuse", {})
    assert envelope(answer, 409)["fields"]["reason"] == "reason_required"


def test_a_case_of_another_unit_is_not_there(city):
    case = lead(city, "handling")
    for method, url in (
        ("get", f"{URL}/{case.uid}"),
        ("get", f"{URL}/{case.uid}/options"),
        ("get", f"{URL}/{case.uid}/timeline"),
        ("post", f"{URL}/{case.uid}/actions/feedback"),
    ):
        envelope(getattr(api(city.other_handler), method)(url), 404)
    assert api(city.other_handler).get(URL).json()["results"] == []
    assert api(city.other_handler).get(f"{URL}/geojson").json()["features"] == []


def test_a_grant_lets_somebody_see_one_case(city):
    case, _other = lead(city, "handling"), lead(city, "handling")
    accounts.grant(city.other_handler, "command.view_case", case)
    rows = api(city.other_handler).get(URL).json()["results"]
    assert [row["uid"] for row in rows] == [str(case.uid)]


def test_an_inspector_sees_the_own_grid_and_own_reports(city):
    case = report(city)
    elsewhere = report(city, by=city.other_supervisor, source="01")
    Case.objects.filter(pk=elsewhere.pk).update(duty_grid=None)
    mine = api(city.supervisor).get(URL).json()["results"]
    assert [row["uid"] for row in mine] == [str(case.uid)]
    theirs = api(city.other_supervisor).get(URL).json()["results"]
    assert [row["uid"] for row in theirs] == [str(elsewhere.uid)]


def test_a_district_sees_its_own_cases_only(city):
    report(city)
    here = UserFactory(roles=["acceptor"], unit__division_id="370202")
    there = UserFactory(roles=["acceptor"], unit__division_id="370203")
    assert len(api(here).get(URL).json()["results"]) == 1
    assert api(there).get(URL).json()["results"] == []


def test_the_reporter_is_masked_without_the_right(city):
    case = report(city, by=None, source="03", reporter="王小明", contact="13812345678")
    seen = api(city.acceptor).get(f"{URL}/{case.uid}").json()
    assert (seen["reporter"], seen["contact"]) == ("王小明", "13812345678")
    seen = api(city.dispatcher).get(f"{URL}/{case.uid}").json()
    assert (seen["reporter"], seen["contact"]) == ("王**", "138*****678")


def test_lists_take_the_same_queries_for_few_and_many(city, django_assert_num_queries):
    clients = [api(city.acceptor), api(city.dept_handler), api(city.supervisor)]
    lead(city, "handling")
    for client in clients:
        client.get(URL)
    counts = []
    for _round in range(2):
        for client in clients:
            with django_assert_num_queries(5, exact=False):
                client.get(URL)
        counts.append(len(clients[1].get(URL).json()["results"]))
        for _more in range(5):
            lead(city, "handling")
    assert counts == [1, 6]


def test_the_map_takes_one_query_for_few_and_many(city, django_assert_num_queries):
    client = api(city.acceptor)
    client.get(f"{URL}/geojson?open=true")
    for wanted in (1, 4):
        for _more in range(wanted - Case.objects.count()):
            report(city)
        with django_assert_num_queries(1):
            found = client.get(f"{URL}/geojson?open=true").json()["features"]
        assert len(found) == wanted
    case = Case.objects.get(uid=found[0]["id"])
    assert found[0]["geometry"]["coordinates"] == [case.lon, case.lat]
    assert found[0]["properties"] == {
        "title": case.title,
        "state": case.state,
        "label": case.state_name,
        "light": case.light,
        "url": case.get_absolute_url(),
    }


def test_filters_narrow_the_list(city):
    case = lead(city, "handling")
    report(city)
    client = api(city.acceptor)

    def found(query):
        return [row["uid"] for row in client.get(f"{URL}?{query}").json()["results"]]

    assert found("state=handling") == [str(case.uid)]
    assert found(f"unit={city.unit.code}") == [str(case.uid)]
    assert found("light=red") == []
    assert len(found("division=370202")) == 2
    assert found("division=370203") == []
    assert found(f"q={case.number}") == [str(case.uid)]
    assert len(found("class_code=06")) == 2
    assert found("overdue=true") == []
    assert client.get(f"{URL}?state=nowhere").status_code == 400


def test_pages_follow_by_cursor(city):
    for _ in range(3):
        report(city)
    client = api(city.acceptor)
    first = client.get(f"{URL}?page_size=2").json()
    second = client.get(first["next"]).json()
    rows = [row["number"] for page in (first, second) for row in page["results"]]
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == 3


def test_the_place_of_a_position(city):
    client = api(city.acceptor)
    body = client.get(f"/api/v1/grids?lon={LON + STEP / 2}&lat={LAT + STEP / 2}").json()
    assert body["grid_code"] == "370202001001001"
    assert body["names"] == ["市南区", "示例街道", "示例社区"]
    envelope(client.get("/api/v1/grids?lon=116.4&lat=39.9"), 400)
    envelope(client.get("/api/v1/grids?lon=x&lat=1"), 400)
    envelope(client.get("/api/v1/grids"), 400)


def test_grids_as_shapes(city):
    client = api(city.acceptor)
    body = client.get("/api/v1/grids/geojson?bbox=120,36,121,37").json()
    assert len(body["features"]) == 4
    envelope(client.get("/api/v1/grids/geojson?bbox=1,2"), 400)


def test_components_near_a_point(city):
    Component.objects.create(
        code="37020201001000001",
        edition="2026",
        class_code="01001",
        class_name="供水井盖",
        lon=LON,
        lat=LAT,
        cell=cell(LON, LAT),
        grid_code="370202001001001",
        surveyed_on="2026-07-01",
    )
    client = api(city.supervisor)
    rows = client.get(f"/api/v1/components?lon={LON}&lat={LAT}&radius=30").json()
    assert [(row["class_name"], row["distance"]) for row in rows] == [("供水井盖", 0)]
    rows = client.get(f"/api/v1/components?lon={LON + 0.01}&lat={LAT}&radius=30").json()
    assert rows == []
