"""The catalogue over HTTP."""

import pytest

from platform_core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


def test_tree_defaults_to_the_matters_of_the_edition_in_use(reader):
    body = reader.get("/api/v1/classes").json()
    assert [major["code"] for major in body][:2] == ["01", "02"]
    assert body[0]["classes"][0]["name"] == "供水井盖异常"
    older = reader.get("/api/v1/classes?edition=2013&kind=component").json()
    assert sum(len(major["classes"]) for major in older) == 119


def test_detail_carries_the_conditions(reader):
    body = reader.get("/api/v1/classes/2026/matter/01001").json()
    assert body["code_2013"] == "0101"
    assert body["conditions"][0]["limit_unit"] == "urgent_hour"
    assert len(body["conditions"]) == 4


@pytest.mark.parametrize(
    "path", ["classes/2026/matter/99999", "classes?edition=1999", "classes?kind=x"]
)
def test_unknown_is_not_found(reader, path):
    assert reader.get(f"/api/v1/{path}").status_code == 404


def test_strangers_see_nothing(client):
    assert client.get("/api/v1/classes").status_code in {401, 403}


def test_administrator_sets_edition_and_limits(
    client, django_capture_on_commit_callbacks
):
    client.force_login(UserFactory(roles=["sys_admin"]))
    json = "application/json"
    with django_capture_on_commit_callbacks(execute=True):
        put = client.put("/api/v1/classes/edition", {"edition": "2013"}, json)
    assert put.json() == client.get("/api/v1/classes/edition").json()
    assert put.json() == {"edition": "2013"}
    condition = "/api/v1/classes/2026/matter/01001/conditions/01"
    limit = {"limit_value": 3, "limit_unit": "work_hour"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.patch(condition, limit, json).json()["is_own"] is True
    read = client.get("/api/v1/classes/2026/matter/01001").json()["conditions"][0]
    assert (read["limit_value"], read["limit_unit"]) == (3, "work_hour")
    wrong = client.patch(condition, {**limit, "limit_unit": "fortnight"}, json)
    assert wrong.status_code == 400
    assert client.patch(condition + "9", limit, json).status_code == 404
    kinds = AuditEntry.objects.values_list("type", flat=True)
    assert {"classification.edition_chosen", "classification.limit_set"} <= set(kinds)


def test_others_may_not_set_them(reader):
    json = "application/json"
    limit = {"limit_value": 3, "limit_unit": "work_hour"}
    condition = "/api/v1/classes/2026/matter/01001/conditions/01"
    assert reader.patch(condition, limit, json).status_code == 403
    edition = {"edition": "2013"}
    assert reader.put("/api/v1/classes/edition", edition, json).status_code == 403
