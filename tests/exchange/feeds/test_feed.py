"""What a subscriber is offered: in order, once, within its divisions and fields."""

import pytest

from exchange.delivery.services import blobs, pump
from exchange.feeds.services.feed import Cursor
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record

from .conftest import INTERFACE, order


def test_pages_are_sealed_ordered_and_complete(city, shelf, subscribe, fetch_all):
    subscribe(city)
    made = [order(value=number) for number in range(7)]
    found = fetch_all(city, limit=3)
    assert found.uids == [str(one.uid) for one in made]
    assert len(found.groups) == 3
    for group in found.groups:
        city.check_seal(group)
        assert (group["origin"], group["route"]) == (OWN, [OWN])
    late = order()
    assert fetch_all(city, cursor=found.cursor).uids == [str(late.uid)]
    assert fetch_all(city, cursor=found.cursor).uids == [str(late.uid)]


def test_what_nobody_is_sent_is_in_the_feed_too(city, shelf, subscribe, fetch_all):
    subscribe(city)
    one = order(receivers=[])
    assert OutboxEntry.objects.get(uid=one.uid).position is not None
    assert fetch_all(city).uids == [str(one.uid)]


def test_files_that_fetched_records_name_may_be_fetched(
    city, shelf, subscribe, fetch_all
):
    peer = subscribe(city).peer
    entry = OutboxEntry.objects.get(uid=order().uid)
    entry.data["picture"] = {"name": "a.jpg", "size": 5, "sha256": "a" * 64}
    entry.save()
    assert not blobs.may_have(peer, "a" * 64)
    fetch_all(city)
    assert blobs.may_have(peer, "a" * 64)


def test_divisions_are_kept(city, shelf, subscribe, fetch_all):
    subscribe(city, divisions=["370200"])
    order(division="370800")
    wanted = order(division="370202")
    order(division="370000")
    found = fetch_all(city, limit=1)
    assert found.uids == [str(wanted.uid)]
    assert fetch_all(city, cursor=found.cursor).uids == []


def test_fields_are_kept_and_the_required_ones_added(
    client, city, shelf, subscribe, fetch_all
):
    row = subscribe(city, fields=["needs"])
    assert set(row.fields) == {"division", "value", "unit", "needs"}
    order(note="secret", needs="x")
    (group,) = fetch_all(city).groups
    city.check_seal(group)
    assert set(group["records"][0]["data"]) == {"division", "value", "unit", "needs"}


def test_masked_fields_are_masked_under_the_seal(city, shelf, subscribe, fetch_all):
    subscribe(city, masks=["note"])
    order(note="13812345678")
    (group,) = fetch_all(city).groups
    city.check_seal(group)
    assert group["records"][0]["data"]["note"] == "138****5678"


@pytest.fixture
def cousin(connect):
    """Another city, whose readings pass through us."""
    return connect("M37080001")


def test_records_of_others_pass_whole_under_their_own_seal(
    client, city, cousin, shelf, subscribe, fetch_all
):
    subscribe(city, interface="test.reading")
    group = cousin.group("test.reading", record(**reading(division="370800")))
    cousin.deliver(client, OWN, group)
    city.trusted[cousin.keyid] = cousin.public
    found = fetch_all(city, interface="test.reading")
    assert found.groups == [{**group, "route": [cousin.code, OWN]}]
    city.check_seal(found.groups[0])
    assert fetch_all(city, interface="test.reading", cursor=found.cursor).groups == []


@pytest.mark.parametrize(
    "terms", [{"fields": ["note"]}, {"masks": ["note"]}, {"divisions": ["370200"]}]
)
def test_what_cannot_pass_whole_does_not_pass(
    client, city, cousin, shelf, subscribe, fetch_all, terms
):
    subscribe(city, interface="test.reading", **terms)
    one = record(**reading(division="370800", note="secret"))
    cousin.deliver(client, OWN, cousin.group("test.reading", one))
    assert fetch_all(city, interface="test.reading").groups == []


def test_own_records_do_not_come_back(client, city, shelf, subscribe, fetch_all):
    subscribe(city, interface="test.reading")
    one = record(**reading())
    city.deliver(client, OWN, city.group("test.reading", one))
    assert fetch_all(city, interface="test.reading").groups == []


def test_what_is_sent_anyway_is_not_in_the_feed(
    client, city, nation, shelf, subscribe, fetch_all
):
    subscribe(city)
    nation.deliver(client, OWN, nation.group(INTERFACE, record(**reading())))
    assert fetch_all(city).groups == []


def test_a_change_that_commits_late_comes_late(city, shelf, subscribe, fetch_all):
    subscribe(city)
    hidden = order()
    entry = OutboxEntry.objects.get(uid=hidden.uid)
    number = entry.pk
    entry.delete()
    seen = fetch_all(city, cursor=fetch_all(city).cursor)
    order()
    seen = fetch_all(city)
    entry.pk, entry.position = number, None
    entry.save(force_insert=True)
    pump.collect()
    assert fetch_all(city, cursor=seen.cursor).uids == [str(hidden.uid)]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"cursor": "nonsense"}, 400, "format"),
        ({"cursor": str(Cursor(2**70, 0))}, 400, "format"),
        ({"limit": "0"}, 400, "range"),
        ({"limit": "1001"}, 400, "range"),
        ({"limit": "many"}, 400, "range"),
        ({"version": "x"}, 400, "type"),
        ({"version": "2"}, 403, "not_subscribed"),
        ({"interface": "no.such"}, 404, "unknown_interface"),
    ],
)
def test_wrong_questions(city, shelf, subscribe, fetch, query, status, code):
    subscribe(city)
    answer = fetch(city, **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_is_sent_records_does_not_fetch_them(city, shelf, subscribe, fetch):
    subscribe(city, mode="push")
    assert fetch(city).json()["code"] == "not_subscribed"


def test_a_page_has_at_most_its_size(
    city, shelf, subscribe, fetch_all, fetch, monkeypatch
):
    monkeypatch.setattr("exchange.feeds.services.feed.GROUP_BYTES", 500)
    subscribe(city)
    made = [order() for _ in range(5)]
    assert len(fetch(city).json()["records"][0]["records"]) < 5
    assert fetch_all(city).uids == [str(one.uid) for one in made]


def test_looking_through_much_for_nothing_goes_on_later(
    city, shelf, subscribe, fetch, fetch_all, monkeypatch
):
    monkeypatch.setattr("exchange.feeds.services.feed.SCAN", 2)
    subscribe(city, divisions=["370200"])
    for _ in range(5):
        order(division="370800")
    wanted = order(division="370200")
    first = fetch(city).json()
    assert (first["records"], first["has_more"]) == ([], True)
    assert fetch_all(city).uids == [str(wanted.uid)]


def test_the_cost_of_a_page_does_not_grow(
    city, shelf, subscribe, fetch, django_assert_max_num_queries
):
    subscribe(city)
    for _ in range(30):
        publish(INTERFACE, announced(receivers=[]))
    pump.collect()
    with django_assert_max_num_queries(36):
        assert len(fetch(city).json()["records"][0]["records"]) == 30
