"""Subscribers who want to be sent what changes."""

import pytest

from exchange.delivery.models import Parcel, Peer
from exchange.delivery.services import pump, sending
from exchange.feeds.models import Subscription
from exchange.feeds.services import serving, subscriptions
from platform_core.common import clock
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import record

from .conftest import INTERFACE, order


def run():
    pump.collect()
    serving.push_all()
    for peer_id in pump.due_peers():
        sending.send_to_peer(peer_id)


def sent(one, interface=INTERFACE):
    return [
        entry["uid"] for group in one.groups(interface) for entry in group["records"]
    ]


def test_what_was_there_and_what_comes_is_sent_once(city, shelf, subscribe):
    before = [order() for _ in range(3)]
    subscribe(city, mode="push")
    run()
    after = order()
    run()
    run()
    assert sent(city) == [str(one.uid) for one in [*before, after]]
    for group in city.groups(INTERFACE):
        city.check_seal(group)


def test_only_divisions_and_fields_of_the_subscription(city, shelf, subscribe):
    subscribe(city, mode="push", divisions=["370200"], fields=["value"])
    order(division="370800")
    wanted = order(division="370200", note="secret")
    run()
    assert sent(city) == [str(wanted.uid)]
    (group,) = city.groups(INTERFACE)
    city.check_seal(group)
    assert "note" not in group["records"][0]["data"]


def test_a_pause_of_the_subscription_loses_nothing(city, shelf, subscribe, manager):
    row = subscribe(city, mode="push")
    subscriptions.suspend(subscription=row, by=manager, reason="audit")
    one = order()
    run()
    assert sent(city) == []
    subscriptions.resume(subscription=row, by=manager)
    run()
    assert sent(city) == [str(one.uid)]


def test_records_of_others_are_passed_on(client, city, connect, shelf, subscribe):
    subscribe(city, mode="push", interface="test.reading")
    other = connect("M37080001")
    city.trusted[other.keyid] = other.public
    group = other.group("test.reading", record(**reading(division="370800")))
    other.deliver(client, OWN, group)
    run()
    (passed,) = city.groups("test.reading")
    assert passed == {**group, "route": [other.code, OWN]}
    city.check_seal(passed)


def test_a_peer_that_is_down_is_not_flooded(city, shelf, subscribe, monkeypatch):
    monkeypatch.setattr(serving, "AHEAD", 2)
    monkeypatch.setattr(serving, "MAX_RECORDS", 1)
    subscribe(city, mode="push")
    made = [order() for _ in range(5)]
    city.down = True
    run()
    run()
    queued = Parcel.objects.filter(group__interface=INTERFACE, state="queued")
    assert queued.count() == 2
    city.down = False
    Peer.objects.update(next_try_at=clock.now())
    for _ in range(4):
        run()
    assert sent(city) == [str(one.uid) for one in made]


def test_the_cursor_and_the_parcels_commit_together(
    city, shelf, subscribe, monkeypatch
):
    row = subscribe(city, mode="push")
    order()

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(serving.feed, "note", die)
    with pytest.raises(KeyboardInterrupt):
        serving.push(row.pk)
    row.refresh_from_db()
    assert row.cursor == ""
    assert not Parcel.objects.filter(group__interface=INTERFACE).exists()


def test_the_page_says_how_much_was_served(city, shelf, subscribe):
    subscribe(city, mode="push")
    order()
    order()
    run()
    row = Subscription.objects.get()
    assert (row.served, row.served_at is None) == (2, False)
