"""The parts of a drill: its records, its detour, where the demo's platforms are."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as BrokerGone

from exchange.delivery import network
from exchange.delivery.models import Detour, Peer, ProblemRecord
from exchange.delivery.services import detours, housekeeping, pump, sending
from exchange.drills import running, services
from exchange.drills.forwarder import closed_port, forwarding
from exchange.drills.management.commands import drill
from exchange.drills.models import DrillRecord
from platform_core.common import clock
from platform_core.common.errors import DomainError, PeerUnavailable
from platform_core.datasets.registry import IncomingRecord
from tests.exchange.conftest import OWN
from tests.exchange.neighbour import record


def incoming(**changes):
    facts = {"run": str(uuid4()), "number": 1, "refuse": False} | changes
    moment = clock.now()
    city = "M37020001"
    return IncomingRecord(
        *("exchange.drill", 1, city, uuid4(), 1, "upsert", moment, facts, city, (city,))
    )


@pytest.fixture
def echo():
    """A server that says which host was asked for."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.headers["Host"].encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def away(own):
    """A peer at whose address nobody listens."""
    host, port = closed_port("127.0.0.1")
    url = f"http://{host}:{port}"
    return Peer.objects.create(code="M37020001", url=url, state="enabled")


def test_a_drill_record_is_kept_once(own):
    first = incoming()
    services.take(first)
    assert DrillRecord.objects.get().uid == first.uid
    with pytest.raises(DomainError) as found:
        services.take(first)
    assert found.value.code == "not_origin"


def test_a_record_made_to_be_refused_is_refused_by_the_other_end(client, city, own):
    group = city.group(
        "exchange.drill", record(run=str(uuid4()), number=1, refuse=True)
    )
    (result,) = city.deliver(client, OWN, group)["results"]
    assert [one["code"] for one in result["rejected"]] == ["range"]
    assert not DrillRecord.objects.exists()


def test_a_drill_record_goes_to_the_chosen_platform_only(connect, own):
    city, other = connect("M37020001"), connect("M37080001")
    services.send(run=uuid4(), number=0, receivers=[city.code], many=3)
    pump.collect()
    for pk in pump.due_peers():
        sending.send_to_peer(pk)
    assert [len(g["records"]) for g in city.groups("exchange.drill")] == [3]
    assert not other.groups("exchange.drill")
    assert not ProblemRecord.objects.exists()


def test_a_detour_leads_elsewhere_under_the_peers_name(away, echo):
    with pytest.raises(PeerUnavailable):
        network.call(away.url, "GET", "health")
    detours.lead(peer=away, host=echo[0], port=echo[1], seconds=20)
    assert network.call(away.url, "GET", "health").text in away.url
    with (
        clock.at(clock.now() + timedelta(seconds=21)),
        pytest.raises(PeerUnavailable),
    ):
        network.call(away.url, "GET", "health")
    detours.end(peer=away)
    assert not Detour.objects.exists()


def test_a_relay_lets_the_answer_wait(away, echo):
    begun = clock.now()
    with forwarding(echo, delay=0.3, listen="127.0.0.1") as (host, port):
        detours.lead(peer=away, host=host, port=port, seconds=20)
        assert network.call(away.url, "GET", "health").status_code == 200
    assert clock.now() - begun >= timedelta(seconds=0.3)
    network.led_client(host, port).close()


def test_a_lost_broker_does_not_spoil_a_commit(
    own, monkeypatch, django_capture_on_commit_callbacks
):
    def gone(*args):
        raise BrokerGone("away")

    monkeypatch.setattr(cache, "add", gone)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        services.send(run=uuid4(), number=0, receivers=["M37020001"], many=1)
    assert housekeeping.kick in callbacks


def test_the_demo_says_where_its_platforms_are(tmp_path):
    assert drill.demo_environment(tmp_path, "") == {}
    (tmp_path / "federation.json").write_text("{}")
    (tmp_path / "N10000001.env").write_text("NODE_CODE=N10000001\n")
    (tmp_path / "P37000001.env").write_text("NODE_CODE=P37000001\nNAME='a b'\n")
    found = drill.demo_environment(tmp_path, "")
    assert found == {"NODE_CODE": "P37000001", "NAME": "a b"}
    assert drill.demo_environment(tmp_path, "N10000001")["NODE_CODE"] == "N10000001"
    assert drill.demo_environment(tmp_path, "M37020001") == {}


@pytest.mark.parametrize(
    ("at_home", "took", "held"),
    [(False, 0.9, True), (False, 1.3, False), (True, 29.0, True), (True, 31.0, False)],
)
def test_others_are_served_or_have_caught_up(monkeypatch, at_home, took, held):
    class Times:
        def p95(self, span):
            return took if span.start else 0.1

    monkeypatch.setattr(running, "delays", lambda *_about: Times())
    peer, other = Peer(code="M37020001"), Peer(code="N10000001")
    plan = running.Plan("a-drill", peer, (other,), seconds=20, at_home=at_home)
    drill = running.Drill(plan, print, sent=100)
    drill.judge_others()
    (verdict,) = drill.verdicts
    assert (other.code in verdict.expected, verdict.held) == (True, held)
