"""Components, proposals and surveys for phones and programs; the sample."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from municipal.command.basedata import sample
from municipal.command.basedata.models import (
    BlockCount,
    Campaign,
    LayerFeature,
    Proposal,
)
from municipal.command.basedata.surveys import services
from municipal.command.models import Component
from platform_core.common import clock
from tests.factories.command import LAT, LON, STEP

from .conftest import CLASS

API = "/api/v1/base-data"


@pytest.mark.function("CC-41", at="basedata_api:component-list")
def test_components_are_listed_read_and_found_near_by(client, make, inspector):
    row = make(1)
    client.force_login(inspector)
    answer = client.get(f"{API}/components", {"class_code": CLASS})
    assert [one["code"] for one in answer.json()["results"]] == [row.code]
    assert client.get(f"{API}/components/{row.code}").json()["revision"] == 1
    near = client.get(f"{API}/components/nearest", {"lon": row.lon, "lat": row.lat})
    assert near.json()["code"] == row.code
    far = client.get(f"{API}/components/nearest", {"lon": 120.9, "lat": row.lat})
    assert far.content in {b"", b"null"}
    wrong = client.get(f"{API}/components/nearest", {"lon": "x", "lat": 1})
    assert wrong.status_code == 400
    client.logout()
    assert client.get(f"{API}/components").status_code in {401, 403}


@pytest.mark.function("CC-45", at="basedata_api:proposal-list")
def test_a_phone_proposes_a_change(client, make, inspector):
    row = make(1)
    client.force_login(inspector)
    given = {
        "change": "state",
        "component": row.code,
        "values": {"status": "lost"},
        "reason": "井盖丢失",
    }
    url = reverse("basedata_api:proposal-list")
    answer = client.post(url, given, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["state"] == "pending"
    again = {**given, "values": {"status": "nothing"}}
    wrong = client.post(url, again, content_type="application/json")
    assert wrong.json()["fields"]["status"]
    gone = {**given, "component": "37020201001999999"}
    assert client.post(url, gone, content_type="application/json").status_code == 404
    assert client.get(url).json()["results"][0]["reason"] == "井盖丢失"


@pytest.mark.function("CC-05", at="basedata_api:survey-grid-list")
def test_a_phone_surveys_a_grid_and_may_send_twice(
    client, make, inspector, keeper, city
):
    row = make(1)
    campaign = services.plan(
        name="普查",
        kind="census",
        division_code="370202",
        class_codes=[],
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=9),
        inspectors=[inspector],
        by=keeper,
    )
    services.begin(campaign, by=keeper)
    client.force_login(inspector)
    grids = client.get(f"{API}/survey-grids").json()["results"]
    (grid,) = [one for one in grids if one["grid_code"] == row.grid_code]
    one = f"{API}/survey-grids/{grid['id']}"
    assert client.get(f"{one}/components").json()[0]["code"] == row.code
    given = {
        "uid": str(uuid4()),
        "finding": "missing",
        "values": {
            "class_code": CLASS,
            "status": "intact",
            "lon": LON + STEP / 2,
            "lat": LAT + STEP / 2,
        },
        "note": "新装",
    }
    for _number in range(2):
        answer = client.post(f"{one}/findings", given, content_type="application/json")
        assert answer.status_code == 201
    assert Proposal.objects.get().campaign == campaign
    assert client.post(f"{one}/finish").json()["done_at"]
    client.force_login(city.other_supervisor)
    assert client.post(f"{one}/finish").status_code == 404


def test_the_sample_is_made_once(make, city, keeper, inspector):
    city.duty_grid.unit_grids.update(is_sample=True)
    for serial in range(1, 31):
        make(serial, is_sample=True)
    for _number in range(2):
        sample.load()
    assert LayerFeature.objects.count() == 1
    assert Campaign.objects.get().state == "running"
    assert Proposal.objects.count() == 4
    assert Component.objects.exclude(status="intact").count() == 2
    assert BlockCount.objects.get(level=8, class_code="").rows == 30
