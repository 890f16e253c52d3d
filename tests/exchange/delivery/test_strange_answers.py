"""Answers of careless platforms: the queue goes on, whatever they say."""

import json

import httpx
import pytest

from exchange.delivery.enums import MAX_INTEGER
from exchange.delivery.models import Parcel, Peer
from exchange.delivery.models import ProblemRecord as Problem
from exchange.delivery.services import pump, sending
from platform_core.datasets.services import publish
from tests.exchange.conftest import announced

DOWN = "test.order"


def delivered(city, result):
    """One order; the city answers each group like this."""
    one = announced(receivers=[city.code])
    publish(DOWN, one)
    pump.collect()
    Parcel.objects.exclude(group__interface=DOWN).delete()
    text = json.dumps({"batch": "x", "results": [result]}).encode()
    city.reply = lambda: httpx.Response(200, content=text)
    sending.send_to_peer(Peer.objects.get().pk)
    return one, Parcel.objects.get()


@pytest.mark.parametrize("rejected", [5, {"a": 1}, [5, "x", None], "text", None])
def test_refusals_that_name_nothing(city, shelf, rejected):
    _one, parcel = delivered(city, {"applied": 1, "rejected": rejected})
    assert (parcel.state, parcel.rejected, parcel.applied) == ("delivered", 0, 1)
    assert not Problem.objects.exists()


@pytest.mark.parametrize(
    "revision", [0, -5, MAX_INTEGER + 1, 10**40, "x", None, [1], float("inf"), 1e300]
)
def test_refusals_of_revisions_that_cannot_be(city, shelf, revision):
    refusal = {"uid": "0192f0c4-0000-7000-8000-000000000001", "revision": revision}
    _one, parcel = delivered(city, {"rejected": [refusal]})
    assert parcel.state == "delivered"
    assert not Problem.objects.exists()


def test_reasons_with_characters_no_database_keeps(city, shelf):
    one = announced(receivers=[city.code])
    publish(DOWN, one)
    refusal = {"uid": str(one.uid), "revision": 1, "code": "x\0", "message": "\ud800"}
    _other, parcel = delivered(city, {"rejected": [refusal], "code": ""})
    problem = Problem.objects.get(uid=one.uid)
    assert (problem.code, problem.message) == ("x\ufffd", "\ufffd")
    parcel.batch.refresh_from_db()
    assert parcel.batch.answer[0]["rejected"][0]["code"] == "x\ufffd"


@pytest.mark.parametrize("count", [-1, 10**20, "1", 1.5, None, True])
def test_counts_that_cannot_be(city, shelf, count):
    _one, parcel = delivered(city, {"applied": count, "rejected": []})
    assert (parcel.state, parcel.applied <= 1) == ("delivered", True)


@pytest.mark.parametrize("wait", ["9" * 5_000, "²", "-1", "soon", "Sat, 21 Nov 2026"])
def test_waits_that_are_none(city, shelf, wait):
    publish(DOWN, announced(receivers=[city.code]))
    pump.collect()
    headers = {"Retry-After": wait.encode()}
    city.reply = lambda: httpx.Response(429, headers=headers, json={})
    sending.send_to_peer(Peer.objects.get().pk)
    assert Peer.objects.get().failures == 0
