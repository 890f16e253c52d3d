"""Every altered part of a request is refused with the right code, in both suites."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchange.delivery import sm2
from exchange.delivery.models import LedgerRow, NodeKey, Nonce, RefusedGroup
from platform_core.common import clock
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import PREFIX, Neighbour, Sm2Key, digest, record

gm = pytest.mark.skipif(sm2._library is None, reason="the extra gm is not installed")
SUITES = ["ed25519", pytest.param("sm2-sm3", marks=gm)]
PATH, QUERY = PREFIX + "deliveries", "note=1"


def private(suite):
    return Sm2Key() if suite == "sm2-sm3" else Ed25519PrivateKey.generate()


@pytest.fixture(params=SUITES)
def city(request, connect):
    """A city with a key of each suite in turn."""
    return connect("M37020001", private=private(request.param))


class Request:
    """A delivery that would be taken; a test alters one part of it."""

    def __init__(self, city):
        self.city = city
        self.method, self.path, self.query = "POST", PATH, QUERY
        group = city.group("test.reading", record(**reading()))
        self.payload = city.delivery(OWN, group)
        self.body = json.dumps(self.payload).encode()
        self.signature = {}
        self.headers = None

    def sign(self):
        self.headers = self.city.headers(
            self.method, self.path, self.body, query=self.query, **self.signature
        )

    def send(self, client):
        return client.generic(
            self.method,
            f"{self.path}?{self.query}",
            self.body,
            content_type="application/json",
            headers=self.headers,
        )


@pytest.fixture
def ready(city, shelf):
    return Request(city)


def flip(text, at=12):
    """The base64 text with one byte of its content changed."""
    raw = bytearray(base64.b64decode(text))
    raw[at] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def method(one):
    one.sign()
    one.method = "PUT"


def path(one):
    one.sign()
    one.path = PREFIX + "heartbeats"


def query(one):
    one.sign()
    one.query = "note=2"


def host(one):
    one.signature = {"host": "elsewhere.test"}
    one.sign()


def body(one):
    one.sign()
    one.body = one.body.replace(b'"value": 1', b'"value": 2')


def body_and_digest(one):
    body(one)
    one.headers["Content-Digest"] = digest(one.body)


def only_digest(one):
    one.sign()
    one.headers["Content-Digest"] = digest(b"something else")


def no_digest(one):
    one.sign()
    del one.headers["Content-Digest"]


def date(one):
    one.sign()
    text = one.headers["Signature-Input"]
    created = int(clock.now().timestamp())
    one.headers["Signature-Input"] = text.replace(
        f"created={created}", f"created={created - 1}"
    )
    assert text != one.headers["Signature-Input"]


def old_date(one):
    one.signature = {"created": int(clock.now().timestamp()) - 301}
    one.sign()


def future_date(one):
    one.signature = {"created": int(clock.now().timestamp()) + 302}
    one.sign()


def nonce(one):
    one.signature = {"nonce": "n" * 20}
    one.sign()
    text = one.headers["Signature-Input"]
    one.headers["Signature-Input"] = text.replace("n" * 20, "m" * 20)


def seen_nonce(one):
    one.signature = {"nonce": "n" * 20}
    Nonce.objects.create(keyid=one.city.keyid, value="n" * 20)
    one.sign()


def no_nonce(one):
    one.signature = {"nonce": ""}
    one.sign()


def signature(one):
    one.sign()
    value = one.headers["Signature"].removeprefix("sig=:").removesuffix(":")
    one.headers["Signature"] = f"sig=:{flip(value)}:"


def other_key(one):
    one.city.private = private(one.city.alg)
    one.sign()


def unknown_serial(one):
    one.signature = {"keyid": f"{one.city.code}#7"}
    one.sign()


def keyid_of_another(one):
    """A known platform's name over a signature of the city."""
    other = Neighbour("M37080001", private=private(one.city.alg))
    NodeKey.objects.create(node=other.code, serial=1, public_key=other.public)
    one.signature = {"keyid": other.keyid}
    one.sign()


def retired_key(one):
    past = clock.now() - timedelta(hours=1)
    NodeKey.objects.filter(node=one.city.code).update(valid_to=past)
    one.sign()


def other_suite(one):
    swapped = {"ed25519": "sm2-sm3", "sm2-sm3": "ed25519"}
    one.signature = {"alg": swapped[one.city.alg]}
    one.sign()


def unsigned(one):
    one.headers = {"Host": "testserver"}


HOPS = [
    (method, "bad_signature"),
    (path, "bad_signature"),
    (query, "bad_signature"),
    (host, "bad_signature"),
    (body, "bad_signature"),
    (body_and_digest, "bad_signature"),
    (only_digest, "bad_signature"),
    (no_digest, "bad_signature"),
    (date, "bad_signature"),
    (old_date, "expired"),
    (future_date, "expired"),
    (nonce, "bad_signature"),
    (seen_nonce, "replay"),
    (no_nonce, "bad_signature"),
    (signature, "bad_signature"),
    (other_key, "bad_signature"),
    (unknown_serial, "unknown_peer"),
    (keyid_of_another, "unknown_peer"),
    (retired_key, "expired"),
    (other_suite, "bad_signature"),
    (unsigned, "bad_signature"),
]


@pytest.mark.parametrize(("alter", "code"), HOPS)
def test_an_altered_hop(client, ready, alter, code):
    with clock.at(clock.now()):
        alter(ready)
        answer = ready.send(client)
    wanted = 405 if alter is method else 401
    if alter is method:
        # The resource has no such method; nothing is read before that is said.
        assert (answer.status_code, answer.json()["code"]) == (wanted, "format")
    else:
        assert (answer.status_code, answer.json()["code"]) == (wanted, code)
    assert not LedgerRow.objects.exists()


def test_an_altered_method_of_a_resource_with_two(client, city, own):
    """`GET` and `PUT` of a blob: the signature of one is none of the other."""
    target = f"{PREFIX}blobs/{'0' * 64}"
    headers = city.headers("PUT", target)
    answer = client.get(target, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    answer = client.get(target, headers=city.headers("GET", target))
    assert answer.status_code == 404


def test_the_same_request_unaltered_is_taken(client, ready):
    ready.sign()
    answer = ready.send(client)
    assert answer.json()["results"][0]["applied"] == 1
    again = ready.send(client)
    assert (again.status_code, again.json()["code"]) == (401, "replay")


# Seals behind a good hop ------------------------------------------------------


def seal_value(group, city):
    group["seal"]["value"] = flip(group["seal"]["value"])


def seal_of_other_key(group, city):
    other = Neighbour(city.code, private=private(city.alg))
    group["seal"] = other.seal("test.reading", group["records"])


def seal_keyid(group, city):
    group["seal"]["keyid"] = f"{OWN}#1"


def seal_suite(group, city):
    swapped = {"ed25519": "sm2-sm3", "sm2-sm3": "ed25519"}
    group["seal"]["alg"] = swapped[city.alg]


def sealed_data(group, city):
    group["records"][0]["data"]["value"] = 2


def sealed_revision(group, city):
    group["records"][0]["revision"] = 9


def sealed_time(group, city):
    group["records"][0]["occurred_at"] = "2026-11-20T08:00:01+08:00"


def record_left_out(group, city):
    group["records"].pop()


def records_in_another_order(group, city):
    group["records"].reverse()


def sealed_interface(group, city):
    group["seal"] = city.seal("test.order", group["records"])


def sealed_origin(group, city):
    group["seal"] = city.seal("test.reading", group["records"], origin="C37020201")


def no_seal(group, city):
    del group["seal"]


SEALS = [
    seal_value,
    seal_of_other_key,
    seal_keyid,
    seal_suite,
    sealed_data,
    sealed_revision,
    sealed_time,
    record_left_out,
    records_in_another_order,
    sealed_interface,
    sealed_origin,
    no_seal,
]


@pytest.mark.parametrize("alter", SEALS)
def test_an_altered_seal(client, city, shelf, alter):
    two = [record(**reading(value=n)) for n in (1, 5)]
    group = city.group("test.reading", *two)
    alter(group, city)
    result = city.deliver(client, OWN, group)["results"][0]
    assert result["code"] == "bad_seal"
    assert RefusedGroup.objects.get().code == "bad_seal"
    assert not shelf.rows


def test_a_seal_of_a_retired_key(client, city, shelf):
    """The hop is signed with the new key; the seal is the old one's."""
    group = city.group("test.reading", record(**reading()))
    past = clock.now() - timedelta(seconds=1)
    NodeKey.objects.filter(node=city.code).update(valid_to=past)
    new = Neighbour(city.code, serial=2, private=private(city.alg))
    NodeKey.objects.create(node=city.code, serial=2, alg=new.alg, public_key=new.public)
    result = new.deliver(client, OWN, group)["results"][0]
    assert result["code"] == "bad_seal"
    assert not shelf.rows
