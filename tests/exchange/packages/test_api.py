"""The same over HTTP, for machines that carry."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.delivery.models import Parcel, Peer
from exchange.delivery.services import pump
from exchange.packages.models import Package
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record

from . import carrier

PATH = "/api/v1/exchange/packages"


@pytest.fixture
def api(client, operator):
    client.force_login(operator)
    return client


def post(client, path, **payload):
    return client.post(PATH + path, payload, content_type="application/json")


def bring(client, parts):
    file = SimpleUploadedFile("package.zip", carrier.packed(parts))
    return client.post(f"{PATH}/bring", {"file": file})


@pytest.mark.function("DX-23", at=["exchange-package-list", "exchange-package-bring"])
def test_there_and_back(api, city, shelf, background):
    good, bad = record(**reading()), record(**reading(unit="kg"))
    parts = carrier.package(city, OWN, [city.group("test.reading", good, bad)])
    with background():
        answer = bring(api, parts)
    assert answer.status_code == 201
    told = answer.json()
    assert not told["known"]
    uid = told["package"]["uid"]
    assert bring(api, parts).json()["known"]
    (problem,) = api.get(f"{PATH}/{uid}/problems").json()["results"]
    assert (problem["uid"], problem["code"]) == (bad["uid"], "code_list")
    with background():
        assert post(api, f"/{uid}/take").status_code == 200
    detail = api.get(f"{PATH}/{uid}").json()
    assert (detail["state"], detail["applied"], detail["rejected"]) == ("done", 1, 1)
    assert post(api, f"/{uid}/take").status_code == 409
    (receipt,) = detail["receipts"]
    file = api.get(f"{PATH}/{receipt}/file")
    manifest, _parts = carrier.read(city, b"".join(file.streaming_content))
    assert manifest["kind"] == "receipt"


def test_a_package_is_made(api, city, shelf, background):
    publish("test.order", announced(receivers=[city.code]))
    pump.collect()
    Parcel.objects.exclude(group__interface="test.order").delete()
    with background():
        answer = post(api, "", peer=city.code, interfaces=["test.order"])
    assert answer.status_code == 201
    uid = answer.json()["uid"]
    detail = api.get(f"{PATH}/{uid}").json()
    assert (detail["state"], detail["records"]) == ("ready", 1)
    file = api.get(f"{PATH}/{uid}/file")
    assert carrier.read(city, b"".join(file.streaming_content))
    found = api.get(PATH, {"direction": "out", "peer": city.code}).json()["results"]
    assert [one["uid"] for one in found] == [uid]
    assert not api.get(PATH, {"direction": "in"}).json()["results"]


def test_what_is_wrong_is_said_in_a_code(api, city, shelf):
    group = city.group("test.reading", record(**reading()))
    parts = carrier.package(city, "P35000001", [group])
    answer = bring(api, parts)
    assert answer.status_code == 400
    assert answer.json()["code"] == "out_of_scope"
    assert post(api, "", peer="X").status_code == 400
    assert post(api, "", peer=city.code, span="period").json()["code"] == "required"
    assert post(api, "", peer=city.code, span="batch").json()["code"] == "required"
    Peer.objects.update(state="suspended")
    assert post(api, "", peer=city.code).json()["code"] == "suspended"


def test_who_may_do_what(client, city, shelf, allowed, bring):
    group = city.group("test.reading", record(**reading()))
    package = bring(carrier.packed(carrier.package(city, OWN, [group]))).package
    assert client.get(PATH).status_code in {401, 403}
    client.force_login(allowed("view_package"))
    assert client.get(PATH).status_code == 200
    assert post(client, "", peer=city.code).status_code == 403
    assert client.post(f"{PATH}/bring").status_code == 403
    assert post(client, f"/{package.uid}/take").status_code == 403
    assert client.get(f"{PATH}/{package.uid}/file").status_code == 403
    client.force_login(allowed("make_package"))
    assert client.get(PATH).status_code == 403
    assert Package.objects.get().state == "tried"
