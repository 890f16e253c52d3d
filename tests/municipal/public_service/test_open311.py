"""Open311 GeoReport v2, also through a client written by others."""

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from municipal.command.models import Case
from municipal.public_service.models import PublicRequest

from .conftest import PLACE

SERVICE = "2026-matter-06001"
GOOD = {
    "service_code": SERVICE,
    "lat": PLACE["lat"],
    "long": PLACE["lon"],
    "description": "Rubbish by the road",
}
BASE = "/open311/v2"


def test_services_in_both_formats(client, db):
    listed = client.get(f"{BASE}/services.json").json()
    names = {"service_code", "service_name", "metadata", "type", "keywords", "group"}
    assert names <= set(listed[0])
    tree = ET.fromstring(client.get(f"{BASE}/services.xml").content)
    assert tree.tag == "services"
    codes = [node.findtext("service_code") for node in tree.findall("service")]
    assert codes == [row["service_code"] for row in listed]
    assert SERVICE in codes


def test_a_definition_asks_for_the_condition(client, db):
    found = client.get(f"{BASE}/services/{SERVICE}.json").json()
    (question,) = found["attributes"]
    assert question["code"] == "condition"
    assert question["values"][0]["name"]


def test_post_then_follow(client, db):
    answer = client.post(f"{BASE}/requests.json", GOOD)
    assert answer.status_code == 201
    number = answer.json()[0]["service_request_id"]
    (shown,) = client.get(f"{BASE}/requests/{number}.json").json()
    assert shown["status"] == "open"
    assert shown["service_code"] == SERVICE
    assert (shown["lat"], shown["long"]) == (PLACE["lat"], PLACE["lon"])
    item = PublicRequest.objects.get()
    token = client.get(f"{BASE}/tokens/{item.query_code}.json").json()
    assert token == [{"service_request_id": number, "token": item.query_code}]


def test_xml_of_a_request(client, public_request):
    number = public_request.case.number
    tree = ET.fromstring(client.get(f"{BASE}/requests/{number}.xml").content)
    assert tree.tag == "service_requests"
    assert tree.findtext("request/service_request_id") == number


def test_list_by_status_and_service(client, closed_request):
    number = closed_request.case.number
    ask = f"{BASE}/requests.json"
    assert client.get(ask, {"status": "open"}).json() == []
    (shown,) = client.get(ask, {"status": "closed", "service_code": SERVICE}).json()
    assert shown["service_request_id"] == number
    assert client.get(ask, {"end_date": "2020-01-01T00:00:00Z"}).json() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_code": "nonsense"}, 404),
        ({"service_code": ""}, 400),
        ({"lat": ""}, 400),
        ({"lat": 39.9, "long": 116.4}, 400),
        ({"jurisdiction_id": "elsewhere.org"}, 404),
    ],
)
def test_bad_arguments_are_answered_as_a_list(client, db, change, status):
    answer = client.post(f"{BASE}/requests.json", {**GOOD, **change})
    assert answer.status_code == status
    assert all(row["code"] == status and row["description"] for row in answer.json())
    assert not Case.objects.exists()


def test_errors_in_xml(client, db):
    answer = client.get(f"{BASE}/requests/none.xml")
    assert answer.status_code == 404
    tree = ET.fromstring(answer.content)
    assert tree.tag == "errors"
    assert tree.findtext("error/code") == "404"


@pytest.mark.parametrize("query", ["status=lost", "start_date=yesterday"])
def test_bad_queries(client, db, query):
    assert client.get(f"{BASE}/requests.json?{query}").status_code == 400


def test_the_reporter_stays_unknown(client, public_request):
    text = client.get(f"{BASE}/requests.json").content.decode()
    assert "13800000000" not in text
    assert "王女士" not in text


def test_a_photo_is_public_only_after_acceptance(client, db):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    stream.name = "a.png"
    stream.seek(0)
    client.post(f"{BASE}/requests.json", {**GOOD, "media": stream})
    (shown,) = client.get(f"{BASE}/requests.json").json()
    assert shown["media_url"] == ""
    Case.objects.update(stage=2)
    (shown,) = client.get(f"{BASE}/requests.json").json()
    photo = client.get(shown["media_url"].removeprefix("http://testserver"))
    assert photo.status_code == 200
    assert b"".join(photo.streaming_content)
    photo.close()


def test_list_costs_one_query_whatever_its_length(
    client, public_request, django_assert_num_queries
):
    client.post(f"{BASE}/requests.json", GOOD)
    with django_assert_num_queries(1):
        assert len(client.get(f"{BASE}/requests.json").json()) == 2
