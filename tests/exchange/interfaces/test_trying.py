"""Records are tried against a version: everything wrong is told, nothing kept."""

import json

import pytest
from django.urls import reverse

from exchange.interfaces.models import Row
from tests.factories.accounts import UserFactory
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return TableFactory(code="t_task").current


@pytest.fixture
def ask(client, version):
    client.force_login(UserFactory(roles=["sys_admin"]))
    url = reverse("interfaces:try", args=[version.uid])

    def post(records):
        text = records if isinstance(records, str) else json.dumps(records)
        return client.post(url, {"records": text})

    return post


@pytest.mark.function("DX-02", at="interfaces:try")
def test_every_error_of_every_record_is_told(ask):
    good = {"task_no": "R1", "title": "x"}
    answer = ask([good, {"task_no": "R2", "title": 7, "score": "many"}])
    assert answer.status_code == 200
    first, second = answer.context["tried"]
    assert (first.key, first.problems) == ("R1", [])
    assert {(one.field, one.code) for one in second.problems} == {
        ("title", "type"),
        ("score", "type"),
    }
    assert not Row.objects.exists()


def test_the_sample_is_right_and_one_record_will_do(ask, client, version):
    url = reverse("interfaces:try", args=[version.uid])
    sample = client.get(url).context["form"].initial["records"]
    (one,) = ask(sample).context["tried"]
    assert not one.problems


@pytest.mark.parametrize("text", ["{", "7", "[]", "[1]", json.dumps([{}] * 101)])
def test_what_is_no_record_is_refused_at_its_field(ask, text):
    answer = ask(text)
    assert answer.status_code == 422
    assert "is-invalid" in answer.content.decode()


def test_who_may_not_see_the_standard_may_not_try(client, version):
    client.force_login(UserFactory(roles=[]))
    url = reverse("interfaces:try", args=[version.uid])
    assert client.get(url).status_code == 403
