"""Each interface with each platform: light, last success, lag, latency."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.operations.models import Flow
from exchange.operations.selectors.flows import Standing
from exchange.operations.services import alarms
from platform_core.common import clock

from .conftest import order, report, send


def flow(interface="test.order", direction="out"):
    return Flow.objects.get(interface=interface, direction=direction)


@pytest.mark.function("DX-04", at="operations:flow-list")
def test_every_interface_stands_with_its_figures(client, operator, city, shelf):
    report(client, city, {}, {"unit": "kg"})
    order(city)
    send(city)
    url = reverse("operations:flow-list")
    text = client.get(url).content.decode()
    assert "status-green" in text
    assert "status-yellow" in text
    answer = client.get(url, {"interface": "test.reading", "export": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    _head, line = csv.reader(io.StringIO(text))
    assert line[:2] == [city.code, "test.reading"]
    assert line[-2:] == ["2", "1"]
    assert client.get(url, {"direction": "out"}).status_code == 200


def test_waiting_records_turn_it_yellow_and_a_failed_call_red(city, shelf):
    order(city)
    send(city)
    assert Standing.now().light(flow()) == "green"
    order(city)
    with clock.at(clock.now() + timedelta(seconds=90)):
        standing = Standing.now()
        assert standing.light(flow()) == "yellow"
        assert standing.lag(flow()) == pytest.approx(90, abs=5)
        city.down = True
        send(city)
        assert Standing.now().light(flow()) == "red"


def test_the_number_of_queries_does_not_grow(
    client, operator, connect, shelf, django_assert_max_num_queries
):
    for code in ("M37020001", "M37080001", "M37010001"):
        report(client, connect(code), {})
    with django_assert_max_num_queries(30):
        client.get(reverse("operations:flow-list"))


def test_an_open_alarm_is_a_thing_to_do(client, operator, city, shelf):
    order(city)
    with clock.at(clock.now() + timedelta(minutes=30)):
        alarms.evaluate()
    text = client.get(reverse("ui:home")).content.decode()
    assert reverse("operations:alarm-list") in text
    assert "待发数据积压" in text
