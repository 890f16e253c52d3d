"""Our platform as a province between a nation and cities written by others."""

from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from rest_framework import serializers

from exchange.delivery import keys, network
from exchange.delivery.enums import PeerState, Relation
from exchange.delivery.models import NodeKey, Peer
from exchange.delivery.services import enrolment, nodes
from platform_core.common.errors import DomainError
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset, Outcome
from platform_core.regions.models import Node

from .neighbour import Neighbour

OWN = "P37000001"


class ReadingSerializer(serializers.Serializer):
    """A small contract with one field of each kind that matters."""

    division = serializers.CharField(max_length=12)
    value = serializers.IntegerField(min_value=0)
    unit = serializers.ChoiceField(choices=["case", "request"])
    note = serializers.CharField(required=False, max_length=20)
    needs = serializers.CharField(required=False)


def reading(**changes):
    """`data` of the contract."""
    return {"division": "370200", "value": 1, "unit": "case"} | changes


def announced(**changes):
    """An own object of the contract."""
    facts = {"uid": uuid4(), "origin": OWN, "revision": 1, "note": None, "needs": None}
    return SimpleNamespace(**(facts | reading(division="370000") | changes))


class Shelf:
    """Where the test contracts put what they take in."""

    def __init__(self):
        self.rows = {}
        self.calls = []

    def apply(self, record):
        self.calls.append(record)
        needs = record.data.get("needs")
        if needs and needs not in self.rows:
            raise DomainError(
                "not here yet", code="reference_missing", fields={"needs": needs}
            )
        if record.data.get("note") == "poison":
            raise ValueError("boom")
        self.rows[str(record.uid)] = record
        return Outcome.APPLIED


@pytest.fixture
def shelf():
    """Two contracts, one in each direction, registered for a test."""
    made = Shelf()
    common = {
        "version": 1,
        "name": "Test",
        "model": Node,
        "serializer": ReadingSerializer,
        "apply": made.apply,
        "relay": True,
    }
    registry.register(Dataset(code="test.reading", direction="up", **common))
    registry.register(
        Dataset(
            code="test.order",
            direction="down",
            recipients=lambda obj: obj.receivers,
            **common,
        )
    )
    yield made
    registry.forget("test.reading", 1)
    registry.forget("test.order", 1)


@pytest.fixture
def own(db, as_node, settings, tmp_path):
    """Our platform: the province, with its key."""
    as_node(OWN)
    settings.EXCHANGE_KEY_FILE = tmp_path / "node.key"
    NodeKey.objects.all().delete()
    Node.objects.all().delete()
    nodes.own_row()
    return keys.own_key()


class Wire:
    """Routes our calls to the neighbour of that address."""

    def __init__(self):
        self.neighbours = {}

    def answer(self, request):
        answer = self.neighbours[request.url.host].answer(request)
        if not answer.is_stream_consumed:
            return answer
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=httpx.ByteStream(answer.content),
        )


@pytest.fixture
def wire(monkeypatch):
    """What our platform calls goes to the neighbours in this process."""
    made = Wire()
    client = httpx.Client(transport=httpx.MockTransport(made.answer))
    monkeypatch.setattr(network, "client", lambda: client)
    yield made
    client.close()


@pytest.fixture
def connect(own, wire):
    """Connect a neighbour to our platform as its administrators would."""

    def make(code, **facts):
        name = code.lower()
        one = Neighbour(code, url=f"http://{name}.test", **facts)
        one.trusted[own.keyid] = own.public_key
        wire.neighbours[f"{name}.test"] = one
        if code.startswith("N"):
            connect_parent(one)
        else:
            enrolment.add_peer(
                code=code, name=code, url=one.url, public_key=one.public, alg=one.alg
            )
        return one

    return make


def connect_parent(one):
    keys.trust(one.code, 1, one.public, alg=one.alg)
    Peer.objects.create(
        code=one.code,
        url=one.url,
        tier="national",
        relation=Relation.PARENT,
        state=PeerState.ENABLED,
    )
    nodes.remember(one.code, {"name": one.code, "tier": "national"}, origin=OWN)
    Node.objects.filter(code=OWN).update(parent_code=one.code)


@pytest.fixture
def city(connect):
    return connect("M37020001")


@pytest.fixture
def nation(connect):
    return connect("N10000001")
