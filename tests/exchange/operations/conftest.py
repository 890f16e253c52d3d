"""Operators of our province, and traffic between it and a city."""

import pytest

from exchange.delivery.models import Parcel, Peer
from exchange.delivery.services import pump, sending
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record
from tests.factories.accounts import UserFactory


@pytest.fixture
def operator(client, own):
    """The administrator of the platform, signed in."""
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user


@pytest.fixture
def clerk(own):
    """Somebody who may look, nothing else."""
    return UserFactory(roles=["bureau_clerk"])


def peer(one):
    return Peer.objects.get(code=one.code)


def order(city):
    """An order for the city, sealed and queued; nothing else is."""
    made = announced(receivers=[city.code])
    publish("test.order", made)
    pump.collect()
    Parcel.objects.exclude(group__interface="test.order").delete()
    return made


def send(city):
    return sending.send_to_peer(peer(city).pk)


def report(client, city, *values):
    """Readings of the city, delivered here."""
    records = [record(**reading(**value)) for value in values]
    return city.deliver(client, OWN, city.group("test.reading", *records))
