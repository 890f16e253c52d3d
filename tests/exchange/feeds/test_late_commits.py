"""Two real transactions: the earlier one commits later, and nothing is skipped."""

import threading

import pytest
from django.db import connection, transaction

from exchange.delivery.models import Group
from exchange.delivery.services import housekeeping, pump, sending
from exchange.feeds.services import passages, serving
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from platform_core.regions.models import Division
from tests.conftest import load_reference
from tests.exchange.conftest import OWN, announced

from .conftest import INTERFACE, uids

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("reference_again"),
]


class Slow:
    """A transaction that writes now and commits when it is told to."""

    def __init__(self, work):
        self.work = work
        self.written, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            with transaction.atomic():
                self.work()
                self.written.set()
                assert self.go.wait(20)
        finally:
            connection.close()

    def __enter__(self):
        self.thread.start()
        assert self.written.wait(20)
        return self

    def __exit__(self, *exc):
        self.go.set()
        self.thread.join(20)


@pytest.fixture(autouse=True)
def postgres(db, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("two transactions at once need PostgreSQL")
    if not Division.objects.exists():  # a test before this one emptied the tables
        load_reference()
    monkeypatch.setattr(housekeeping, "kick", lambda: None)


def announce(one):
    publish(INTERFACE, one)


def announce_now(one):
    with transaction.atomic():
        publish(INTERFACE, one)


@pytest.mark.parametrize("mode", ["pull", "push"])
def test_an_earlier_change_that_commits_later(city, shelf, subscribe, fetch_all, mode):
    subscribe(city, mode=mode)

    def reach(cursor=""):
        pump.collect()
        if mode == "pull":
            return fetch_all(city, cursor=cursor)
        serving.push_all()
        for peer_id in pump.due_peers():
            sending.send_to_peer(peer_id)
        return None

    late, early = announced(receivers=[]), announced(receivers=[])
    with Slow(lambda: announce(late)):
        announce_now(early)
        first = reach()
    second = reach(first.cursor if first else "")
    numbers = dict(OutboxEntry.objects.values_list("uid", "pk"))
    places = dict(OutboxEntry.objects.values_list("uid", "position"))
    assert numbers[late.uid] < numbers[early.uid]
    assert places[late.uid] == places[early.uid] + 1
    if mode == "pull":
        assert first.uids == [str(early.uid)]
        assert second.uids == [str(late.uid)]
    else:
        assert uids(city.groups(INTERFACE)) == [str(early.uid), str(late.uid)]


def relay(uid):
    """A group of somebody else, taken in and kept."""
    group = Group.objects.create(
        interface="test.reading",
        version=1,
        origin="M37080001",
        route=["M37080001", OWN],
        records=f'[{{"uid":"{uid}","revision":1,"op":"upsert","data":{{}}}}]',
        count=1,
        size=90,
        seal={},
    )
    passages.keep(group, True)


def test_an_earlier_group_of_others_that_commits_later(
    city, shelf, subscribe, fetch_all
):
    subscribe(city, interface="test.reading")
    late = "0192f0c4-0000-7000-8000-000000000001"
    early = "0192f0c4-0000-7000-8000-000000000002"
    with Slow(lambda: relay(late)):
        with transaction.atomic():
            relay(early)
        first = fetch_all(city, interface="test.reading")
    second = fetch_all(city, interface="test.reading", cursor=first.cursor)
    assert (first.uids, second.uids) == ([early], [late])
