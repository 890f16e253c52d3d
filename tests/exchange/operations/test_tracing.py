"""One record followed from its change to its receipts, over several platforms."""

from uuid import uuid4

import httpx
import pytest
from django.urls import reverse

from exchange.delivery.models import Batch, Peer
from exchange.operations.services import tracing
from platform_core.common import clock
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import record

from .conftest import order, peer, send


def codes(found, node=OWN):
    return [event.code for event in found.sorted() if event.node == node]


def tells(one, answer):
    """The neighbour answers questions on traces with this."""
    usual = type(one).answer

    def reply(request):
        if "/traces/" in request.url.path:
            one.received.append(("trace", str(request.url)))
            return answer
        return usual(one, request)

    one.answer = reply


@pytest.fixture
def sent(city, shelf):
    made = order(city)
    send(city)
    return made


def test_an_own_record_has_all_its_stations(city, sent):
    found = tracing.follow(sent.uid)
    assert codes(found) == ["announced", "queued", "sent", "delivered"]
    assert found.silent == []


@pytest.mark.function("DX-04", at="operations:trace")
def test_the_other_platform_adds_what_it_knows(client, operator, city, sent):
    events = [
        {"node": city.code, "event": "applied", "at": clock.now().isoformat()},
        {"node": city.code, "event": "refused", "at": "noon"},
        {"node": OWN, "event": "applied", "at": clock.now().isoformat()},
        "nonsense",
    ]
    tells(city, httpx.Response(200, json={"events": events}))
    found = tracing.follow(sent.uid, ask=True)
    assert codes(found, city.code) == ["applied"]
    assert codes(found) == ["announced", "queued", "sent", "delivered"]
    url = reverse("operations:trace")
    text = client.get(url, {"uid": str(sent.uid), "ask": "on"}).content.decode()
    assert f"<td>{city.code}</td>" in text
    answer = client.get(url, {"uid": str(sent.uid), "ask": "on", "export": "csv"})
    assert len(answer.getvalue().decode().strip().splitlines()) == 6


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404, json={}), httpx.Response(200, text="?")],
)
def test_who_does_not_tell_is_named(city, sent, answer):
    tells(city, answer)
    found = tracing.follow(sent.uid, ask=True)
    assert [code for code, _reason in found.silent] == [city.code]


def test_nobody_is_asked_while_the_line_is_paused(city, sent):
    Peer.objects.update(state="suspended")
    tells(city, httpx.Response(200, json={"events": []}))
    assert tracing.follow(sent.uid, ask=True).silent
    assert ("trace" in dict(city.received)) is False


def test_a_batch_is_followed_by_its_identifier(client, operator, city, sent):
    batch = Batch.objects.get()
    assert codes(tracing.follow(batch.uid)) == ["queued", "sent", "delivered"]
    text = client.get(reverse("operations:trace"), {"uid": str(batch.uid)})
    assert city.code in text.content.decode()


def ask(client, one, uid, depth=0):
    return one.request(client, "GET", f"traces/{uid}?depth={depth}")


def test_who_gave_a_record_learns_how_far_it_came(client, nation, city, shelf):
    given = record(**reading())
    city.deliver(client, OWN, city.group("test.reading", given))
    send(nation)
    tells(
        nation,
        httpx.Response(
            200,
            json={
                "events": [
                    {
                        "node": nation.code,
                        "event": "applied",
                        "at": clock.now().isoformat(),
                    }
                ]
            },
        ),
    )
    events = ask(client, city, given["uid"], depth=1).json()["events"]
    told = [(event["node"], event["event"]) for event in events]
    assert (OWN, "applied") in told
    assert (OWN, "delivered") in told
    assert told[-1] == (nation.code, "applied")
    near = ask(client, city, given["uid"]).json()["events"]
    assert {event["node"] for event in near} == {OWN}


def test_who_got_a_record_learns_nothing_of_others_who_did(client, connect, shelf):
    one, other = connect("M37020001"), connect("M37080001")
    made = order(one)
    send(one)
    events = ask(client, one, made.uid).json()["events"]
    assert {event["peer"] for event in events} <= {"", one.code}
    assert ask(client, other, made.uid).status_code == 404


def test_strangers_and_wrong_depths_are_refused(client, city, sent):
    assert ask(client, city, uuid4()).status_code == 404
    assert ask(client, city, sent.uid, depth=9).status_code == 400
    path = f"/exchange/v1/traces/{sent.uid}"
    assert client.get(path).status_code == 401


def test_an_unknown_record_says_so(client, operator):
    text = client.get(reverse("operations:trace"), {"uid": str(uuid4())})
    assert "empty" in text.content.decode()
    assert client.get(reverse("operations:trace")).status_code == 200


def test_a_stopped_platform_is_asked_by_nobody(city, sent):
    city.down = True
    found = tracing.follow(sent.uid, ask=True)
    assert found.silent[0][0] == city.code
    assert peer(city).state == "enabled"
