"""The outage log: how long, why, and as a file."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.delivery.models import Outage
from exchange.delivery.services import line
from platform_core.common import clock


@pytest.fixture
def outage(client, city):
    """Ten minutes without a sign of life, then the city is back."""
    start = clock.now()
    with clock.at(start):
        city.request(client, "GET", "interfaces")
    with clock.at(start + timedelta(minutes=5)):
        line.find_outages()
    with clock.at(start + timedelta(minutes=10)):
        city.request(client, "GET", "interfaces")
    return Outage.objects.get()


@pytest.mark.function("DX-04", at=["operations:outage-list", "operations:outage"])
def test_an_outage_is_listed_explained_and_exported(client, operator, city, outage):
    url = reverse("operations:outage-list")
    assert city.code in client.get(url).content.decode()
    explain = reverse("operations:outage-explain", args=[outage.pk])
    client.post(explain, {"cause": "power", "note": "transformer"})
    page = client.get(reverse("operations:outage", args=[outage.pk]))
    assert "transformer" in page.content.decode()
    text = client.get(url, {"export": "csv"}).getvalue().decode()
    assert ",已解除," in text
    assert "10 分钟" in text
    assert "transformer" in text


def test_outages_are_filtered(client, operator, city, outage):
    url = reverse("operations:outage-list")
    for given, count in (
        ({"lasts": "true"}, 0),
        ({"lasts": "false"}, 1),
        ({"kind": "silent"}, 1),
        ({"kind": "unreachable"}, 0),
        ({"cause": "power"}, 0),
    ):
        answer = client.get(url, given | {"export": "csv"})
        assert len(answer.getvalue().decode().strip().splitlines()) == count + 1


def test_who_may_only_look_cannot_explain(client, clerk, outage):
    client.force_login(clerk)
    explain = reverse("operations:outage-explain", args=[outage.pk])
    assert client.post(explain, {"cause": "power"}).status_code == 403
    page = client.get(reverse("operations:outage", args=[outage.pk]))
    assert explain not in page.content.decode()
