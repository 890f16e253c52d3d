"""Calling out: whom we may connect to, and how bodies are packed on the way."""

import gzip
import ipaddress
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpcore
import httpx
import pytest

from exchange.delivery import codings, guard, network
from exchange.delivery.models import Peer
from exchange.delivery.services import policies, pump, sending
from platform_core.common.errors import DomainError, PeerUnavailable
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record

# Whom we may connect to -------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff0e::1",
    ],
)
def test_addresses_inside(address):
    assert not guard.outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"])
def test_addresses_outside(address):
    assert guard.outside(ipaddress.ip_address(address))


def names(monkeypatch, *addresses):
    """What the name server says, one answer a question."""
    answers = list(addresses)

    def resolve(host, port, *_args, **_kwargs):
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(2, 1, 6, "", (one, port)) for one in found.split()]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


class Backend:
    """Notes what is really connected to."""

    def __init__(self):
        self.asked = []

    def connect_tcp(self, host, *_args):
        self.asked.append(host)
        raise httpcore.ConnectError("closed")


@pytest.fixture
def connected(monkeypatch, own, settings):
    """Outgoing connections under the strict rule."""
    settings.EXCHANGE_ALLOW_PRIVATE = False
    backend = Backend()
    monkeypatch.setattr(httpcore, "SyncBackend", lambda: backend)
    network.guarded_client.cache_clear()
    yield backend.asked
    network.guarded_client.cache_clear()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            httpx.ConnectError("[Errno 111] Connection refused"),
            "该地址无应答: [Errno 111]",
        ),
        (httpx.ReadTimeout("timed out"), "对端未在时限内应答: timed out"),
        (httpx.RemoteProtocolError(""), "线路中断: RemoteProtocolError"),
    ],
)
def test_how_the_line_failed_is_told_in_words(own, monkeypatch, error, told):
    def broken(*_args, **_more):
        raise error

    monkeypatch.setattr(httpx.Client, "send", broken)
    with pytest.raises(PeerUnavailable) as caught:
        network.call("http://127.0.0.1:9", "GET", "interfaces")
    assert str(caught.value.message).startswith(told)


def test_a_name_that_leads_inside_is_not_called(connected, monkeypatch):
    names(monkeypatch, "8.8.8.8 127.0.0.1")
    with pytest.raises(PeerUnavailable, match="private|内"):
        network.call("https://peer.test", "GET", "interfaces")
    assert connected == []


def test_the_address_that_was_judged_is_the_one_connected_to(connected, monkeypatch):
    """A second question to the name server would be answered with loopback."""
    names(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(PeerUnavailable):
        network.call("https://peer.test", "GET", "interfaces")
    assert connected == ["8.8.8.8"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "10.0.0.1"]
)
def test_written_out_addresses_inside_are_not_called(connected, host):
    with pytest.raises(PeerUnavailable):
        network.call(f"https://{host}:8000", "GET", "interfaces")
    assert connected == []


def test_every_judged_address_is_tried(connected, monkeypatch):
    names(monkeypatch, "8.8.8.8 1.1.1.1 8.8.8.8")
    with pytest.raises(PeerUnavailable):
        network.call("https://peer.test", "GET", "interfaces")
    assert connected == ["8.8.8.8", "1.1.1.1"]


def test_an_unknown_name(connected):
    with pytest.raises(PeerUnavailable):
        network.call("https://no-such-name.invalid", "GET", "interfaces")


@pytest.mark.parametrize("url", ["http://peer.test", "http://127.0.0.1:8000"])
def test_without_tls_nobody_outside_is_called(connected, monkeypatch, url):
    names(monkeypatch, "8.8.8.8")
    with pytest.raises(PeerUnavailable, match="TLS"):
        network.call(url, "GET", "interfaces")
    assert connected == []


def test_the_rules_of_a_peer_may_allow_it(connected, city, wire):
    """For that peer's address only, and audited like every rule."""
    policies.change(peer=Peer.objects.get(), allow_private=True)
    assert network.call(city.url, "POST", "heartbeats", {}).status_code == 204
    with pytest.raises(PeerUnavailable):
        network.call("http://127.0.0.1:9", "POST", "heartbeats", {})
    policies.change(peer=Peer.objects.get(), allow_private=False)
    with pytest.raises(PeerUnavailable):
        network.call(city.url, "POST", "heartbeats", {})


class Door(BaseHTTPRequestHandler):
    """A real server that sends everybody elsewhere."""

    def do_POST(self):
        self.server.seen.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def door():
    server = HTTPServer(("127.0.0.1", 0), Door)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_redirects_are_not_followed(own, door, shelf):
    url = f"http://127.0.0.1:{door.server_port}"
    Peer.objects.create(code="M37020001", url=url, state="enabled")
    publish("test.order", announced(receivers=["M37020001"]))
    pump.collect()
    peer = Peer.objects.get()
    sending.send_to_peer(peer.pk)
    peer.refresh_from_db()
    assert door.seen == ["/exchange/v1/deliveries"]
    assert (peer.failures, peer.last_error[:3]) == (1, "302")
    network.client().close()
    network.client.cache_clear()


# How bodies are packed --------------------------------------------------------

BOMB = {"sent_at": "2026-11-20T08:00:00+08:00", "padding": "x" * 200_000_000}


def post(client, city, body, coding, path="deliveries"):
    target = f"/exchange/v1/{path}"
    headers = city.headers("POST", target, body) | {"Content-Encoding": coding}
    return client.generic(
        "POST", target, body, content_type="application/json", headers=headers
    )


def codes(answer):
    return answer.status_code, answer.json()["code"]


def test_a_bomb_is_refused_while_it_is_unpacked(client, city):
    body = gzip.compress(json.dumps(BOMB).encode())
    assert len(body) < 300_000
    assert codes(post(client, city, body, "gzip")) == (413, "too_large")


def test_broken_and_unknown_codings(client, city):
    body = gzip.compress(b'{"a": 1}')
    assert codes(post(client, city, body[:-4], "gzip")) == (400, "format")
    assert codes(post(client, city, b"no gzip", "gzip")) == (400, "format")
    answer = post(client, city, body, "br")
    assert codes(answer) == (415, "format")
    assert answer["Accept-Encoding"] == codings.ACCEPT


def test_zstd_bodies_are_understood_and_bombs_refused(client, city, shelf):
    def pack(value):
        return codings.encode(json.dumps(value).encode(), "zstd")

    payload = city.delivery(OWN, city.group("test.reading", record(**reading())))
    answer = post(client, city, pack(payload), "zstd")
    assert answer.json()["results"][0]["applied"] == 1
    assert codes(post(client, city, pack(BOMB), "zstd")) == (413, "too_large")
    assert codes(post(client, city, pack(payload)[:-9], "zstd")) == (400, "format")
    assert codes(post(client, city, b"no zstd", "zstd")) == (400, "format")


def test_large_answers_are_compressed_as_wanted(client, city, shelf):
    plain = city.request(client, "GET", "interfaces/supervision.task/schema")
    assert "Content-Encoding" not in plain
    path = "/exchange/v1/interfaces/supervision.task/schema"
    headers = city.headers("GET", path) | {"Accept-Encoding": "gzip;q=0.5"}
    packed = client.get(path, headers=headers)
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == plain.json()


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip", "gzip"),
        ("GZIP ; q=0.3", "gzip"),
        ("gzip;q=0", ""),
        ("", ""),
        ("br, identity", ""),
    ],
)
def test_choosing_a_coding(accepted, chosen):
    assert codings.choose(accepted) == chosen


def long_order(city, count=40):
    for _ in range(count):
        publish("test.order", announced(receivers=[city.code]))
    pump.collect()
    sending.send_to_peer(Peer.objects.get().pk)


def test_a_peer_that_takes_no_compression_gets_none(own, city, shelf):
    """It says so once with 415; from then on bodies come plain."""
    city.codings = ""
    long_order(city)
    assert [one for one in city.packed if one] == ["gzip"]
    assert len(city.groups("test.order")[0]["records"]) == 40
    city.packed.clear()
    long_order(city)
    assert set(city.packed) == {""}


def test_a_peer_that_takes_zstd_gets_it(own, city, shelf):
    city.codings = "zstd, gzip"
    long_order(city)
    long_order(city)
    assert city.packed[-1] == "zstd"


def test_an_answer_may_not_fill_our_memory(own, city):
    bomb = gzip.compress(b"x" * 50_000_000)
    city.reply = lambda: httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(bomb)
    )
    with pytest.raises(PeerUnavailable):
        network.call(city.url, "GET", "interfaces")
    city.reply = lambda: httpx.Response(200, stream=httpx.ByteStream(b"x" * 7_000_000))
    with pytest.raises(PeerUnavailable):
        network.call(city.url, "GET", "interfaces")


def test_a_compressed_answer_is_read(own, city):
    packed = gzip.compress(b'{"a": 1}')
    city.reply = lambda: httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(packed)
    )
    assert network.call(city.url, "GET", "interfaces").json() == {"a": 1}


def test_no_address_of_another_kind():
    for url in ("ftp://x", "http://", "http://u:p@x", "http://x/?a", "file:///etc"):
        with pytest.raises(DomainError):
            network.check_url(url)
