"""The catalogue over HTTP."""

import pytest

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
