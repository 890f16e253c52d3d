"""Subscriptions of a city at our province, approved by two people."""

from types import SimpleNamespace

import pytest

from exchange.delivery.services import pump
from exchange.feeds.models import Subscription
from exchange.feeds.services import subscriptions
from platform_core.datasets.services import publish
from tests.exchange.conftest import announced
from tests.factories.accounts import UserFactory

INTERFACE = "test.order"


@pytest.fixture
def owner(own):
    return UserFactory()


@pytest.fixture
def manager(own):
    return UserFactory()


def wish(**changes):
    """The body of an application."""
    terms = {
        "interface": INTERFACE,
        "version": 1,
        "mode": "pull",
        "divisions": [],
        "fields": None,
        "purpose": "figures of the city",
    }
    return terms | changes


@pytest.fixture
def subscribe(client, owner, manager):
    """A neighbour applies and is approved."""

    def make(one, masks=(), valid_to=None, **changes):
        answer = one.request(client, "POST", "subscriptions", wish(**changes))
        assert answer.status_code == 201, answer.content
        row = Subscription.objects.get(uid=answer.json()["id"])
        subscriptions.approve_as_owner(subscription=row, by=owner, masks=masks)
        subscriptions.approve_as_manager(
            subscription=row, by=manager, valid_to=valid_to
        )
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def fetch(client):
    """Ask for one page."""

    def get(one, interface=INTERFACE, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        path = f"interfaces/{interface}/changes" + (f"?{text}" if text else "")
        return one.request(client, "GET", path)

    return get


@pytest.fixture
def fetch_all(fetch):
    """Ask for page after page; the records in the order they came."""

    def get(one, cursor="", **query):
        groups, more = [], True
        while more:
            answer = fetch(one, cursor=cursor, **query)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            groups += page["records"]
            cursor, more = page["next_cursor"], page["has_more"]
        return SimpleNamespace(groups=groups, cursor=cursor, uids=uids(groups))

    return get


def uids(groups):
    return [record["uid"] for group in groups for record in group["records"]]


def order(**changes):
    """An own record that nobody is sent by itself, placed in the feed."""
    one = announced(**({"receivers": []} | changes))
    publish(INTERFACE, one)
    pump.collect()
    return one
