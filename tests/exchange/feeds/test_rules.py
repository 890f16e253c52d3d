"""The rules of a connection hold for what is fetched as for what is sent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exchange.delivery.models import Peer
from exchange.delivery.services import policies, states
from platform_core.common import clock

from .conftest import INTERFACE, order

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def rules(city):
    def make(**values):
        return policies.change(peer=Peer.objects.get(code=city.code), **values)

    return make


@pytest.fixture
def subscribed(city, shelf, subscribe):
    subscribe(city)
    return order()


def codes(answer):
    return answer.status_code, answer.json()["code"]


def test_a_direction_that_is_not_agreed(city, subscribed, rules, fetch):
    rules(may_send=False)
    assert codes(fetch(city)) == (403, "out_of_scope")
    rules(may_send=True)
    assert fetch(city).status_code == 200


def test_an_interface_that_is_not_agreed_is_not_seen(
    client, city, subscribed, rules, fetch
):
    rules(interfaces=["test.reading"])
    assert codes(fetch(city)) == (403, "out_of_scope")
    listed = city.request(client, "GET", "interfaces").json()
    assert {one["code"] for one in listed} == {"exchange.node", "test.reading"}
    schema = city.request(client, "GET", f"interfaces/{INTERFACE}/schema")
    assert codes(schema) == (404, "unknown_interface")
    rules(interfaces=[INTERFACE])
    assert fetch(city).status_code == 200


def test_a_line_under_test_and_closed_hours(city, subscribed, rules, fetch):
    states.move(code=city.code, state="testing")
    assert codes(fetch(city)) == (429, "busy")
    states.move(code=city.code, state="enabled")
    rules(windows=[{"days": [6], "start": "08:00", "end": "18:00"}])
    with clock.at(FRIDAY_NOON):
        closed = fetch(city)
        assert codes(closed) == (429, "busy")
        assert int(closed["Retry-After"]) > 3600
    with clock.at(FRIDAY_NOON + timedelta(days=1)):
        assert fetch(city).status_code == 200


def test_the_days_volume(city, subscribed, rules, fetch):
    order()
    order()
    rules(daily_records=2)
    with clock.at(FRIDAY_NOON):
        cursor = fetch(city, limit="2").json()["next_cursor"]
        full = fetch(city, cursor=cursor)
        assert codes(full) == (429, "too_many")
        assert int(full["Retry-After"]) == 12 * 3600 + 1
    with clock.at(FRIDAY_NOON + timedelta(days=1)):
        assert len(fetch(city, cursor=cursor).json()["records"]) == 1


def test_a_page_holds_no_more_than_agreed(city, subscribed, rules, fetch, fetch_all):
    order()
    order()
    rules(batch_records=2)
    page = fetch(city, limit="1000").json()
    assert sum(len(group["records"]) for group in page["records"]) == 2
    assert len(fetch_all(city).uids) == 3
