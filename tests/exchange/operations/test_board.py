"""The operator's start page and the picture of the federation."""

import pytest
from django.urls import reverse

from exchange.delivery import selectors as delivery
from exchange.delivery.models import Peer
from exchange.operations.selectors import network
from exchange.operations.views.board import lights
from tests.exchange.conftest import OWN
from tests.factories.accounts import UserFactory

from .conftest import order, report, send

PAGES = ["board", "topology", "figures", "statistics"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_need_their_permission(client, own, clerk, name):
    url = reverse(f"operations:{name}")
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(clerk)
    assert client.get(url).status_code == 200


@pytest.mark.function("DX-21", at="operations:board")
def test_the_board_shows_lights_backlog_and_volume(client, operator, city, shelf):
    report(client, city, {})
    order(city)
    url = reverse("operations:board")
    text = client.get(url).content.decode()
    assert f"{city.code}</a>" in text
    assert "light-green" in text
    Peer.objects.update(failures=3)
    part = client.get(url, headers={"X-Poll": "1"})
    assert "light-red" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_the_worst_connection_stands_first(client, operator, connect, shelf):
    good, bad = connect("M37020001"), connect("M37080001")
    report(client, good, {})
    report(client, bad, {})
    Peer.objects.filter(code=bad.code).update(failures=5)
    text = client.get(reverse("operations:board")).content.decode()
    assert text.index(bad.code) < text.index(good.code)


@pytest.mark.function("DX-04", at="operations:topology")
def test_the_picture_has_every_node_and_the_lag_of_links(
    client, operator, nation, city, shelf
):
    report(client, city, {})
    order(city)
    found = network.places(delivery.peer_health())
    assert [place.code for place in found] == [nation.code, OWN, city.code]
    picture = network.graph(found, lights())["series"][0]
    ends = {(link["source"], link["target"]): link for link in picture["links"]}
    assert set(ends) == {(nation.code, OWN), (OWN, city.code)}
    assert ends[OWN, city.code]["value"].endswith(" s")
    points = {point["id"]: point for point in picture["data"]}
    assert points[city.code]["url"] == reverse("delivery:peer", args=[city.code])
    assert points[OWN]["url"] == ""
    text = client.get(reverse("operations:topology")).content.decode()
    assert text.count("<tr>") >= 4
    assert nation.code in text


@pytest.mark.parametrize(
    "name", ["operations:topology", "delivery:status", "delivery:interface-list"]
)
def test_the_tables_of_the_network_are_exported(client, operator, city, shelf, name):
    report(client, city, {})
    url = reverse(name)
    text = client.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")
    wanted = "test.reading" if name == "delivery:interface-list" else city.code
    assert wanted in text
    assert client.get(url, {"export": "xlsx"}).getvalue().startswith(b"PK")
    assert client.get(url, {"export": "pdf"}).status_code == 404
    assert "export=xlsx" in client.get(url).content.decode()


def test_a_cheap_page(client, operator, connect, shelf, django_assert_max_num_queries):
    for number in range(1, 6):
        connect(f"M37{number:02}0001".ljust(9, "0"))
    with django_assert_max_num_queries(40):
        client.get(reverse("operations:board"))


def test_sending_shows_no_lag(client, operator, city, shelf):
    order(city)
    send(city)
    found = network.places(delivery.peer_health())
    link = network.graph(found, lights())["series"][0]["links"][-1]
    assert link["value"] == ""
