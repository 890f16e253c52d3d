"""Who is speaking: every altered part, old clock and repeated nonce is refused."""

import json
from datetime import timedelta

import pytest

from exchange.delivery.models import Nonce, Peer
from exchange.delivery.services import enrolment
from exchange.delivery.signatures import forget_nonces
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from tests.exchange.neighbour import PREFIX, Neighbour, digest

PATH = PREFIX + "heartbeats"
BEAT = {"sent_at": "2026-11-20T08:00:00+08:00", "outbox_pending": 3}


def post(client, headers, body, path=PATH):
    return client.generic(
        "POST", path, body, content_type="application/json", headers=headers
    )


def test_a_signed_request_passes(client, city):
    answer = city.request(client, "POST", "heartbeats", BEAT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert Peer.objects.get(code=city.code).remote_pending == 3


def test_query_and_empty_body_are_covered(client, city):
    assert city.request(client, "GET", "interfaces").status_code == 200
    answer = city.request(client, "GET", "interfaces/exchange.node/schema?version=1")
    assert answer.status_code == 200
    path = PREFIX + "interfaces/exchange.node/schema"
    headers = city.headers("GET", path, query="version=1")
    answer = client.get(path, {"version": "2"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def alter_body(headers, body):
    return headers, body.replace(b"3", b"4")


def alter_body_and_digest(headers, body):
    body = body.replace(b"3", b"4")
    return headers | {"Content-Digest": digest(body)}, body


def alter_signature(headers, body):
    mark = "A" if headers["Signature"][5] != "A" else "B"
    text = headers["Signature"]
    return headers | {"Signature": text[:5] + mark + text[6:]}, body


def change(old, new):
    def alter(headers, body):
        text = headers["Signature-Input"]
        assert old in text
        return headers | {"Signature-Input": text.replace(old, new)}, body

    return alter


def without(name):
    def alter(headers, body):
        return {key: text for key, text in headers.items() if key != name}, body

    return alter


@pytest.mark.parametrize(
    "alter",
    [
        alter_body,
        alter_body_and_digest,
        alter_signature,
        change("created=", "created=1"),
        change('tag="exchange-v1"', 'tag="exchange-v2"'),
        change(';tag="exchange-v1"', ""),
        change(";nonce=", ";nonces="),
        change('alg="ed25519"', 'alg="hmac-sha256"'),
        change(' "content-digest"', ""),
        change(' "@query"', ""),
        change('"@method" "@authority"', '"@authority" "@method"'),
        change("sig=", "gis="),
        without("Signature"),
        without("Signature-Input"),
        without("Content-Digest"),
    ],
)
def test_an_altered_request_is_refused(client, city, alter):
    body = json.dumps(BEAT).encode()
    headers, body = alter(city.headers("POST", PATH, body), body)
    answer = post(client, headers, body)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fields"}
    assert answer.json()["code"] in {"bad_signature", "expired"}
    assert not Nonce.objects.exists()


def test_another_path_method_or_host_is_refused(client, city):
    body = json.dumps(BEAT).encode()
    for changes in (
        {"path": PREFIX + "deliveries"},
        {"method": "PUT"},
        {"host": "elsewhere.test"},
    ):
        signed = {"method": "POST", "path": PATH} | changes
        headers = city.headers(body=body, **signed)
        assert post(client, headers, body).status_code == 401


def test_a_replayed_request_is_refused_for_a_day(client, city):
    body = json.dumps(BEAT).encode()
    headers = city.headers("POST", PATH, body)
    assert post(client, headers, body).status_code == 204
    again = post(client, headers, body)
    assert (again.status_code, again.json()["code"]) == (401, "replay")
    start = clock.now()
    with clock.at(start + timedelta(hours=23)):
        forget_nonces(24)
    assert Nonce.objects.count() == 1
    with clock.at(start + timedelta(hours=25)):
        forget_nonces(24)
    assert not Nonce.objects.exists()


@pytest.mark.parametrize(("offset", "status"), [(-295, 204), (295, 204), (-305, 401)])
def test_clocks_may_differ_by_five_minutes(client, city, offset, status):
    created = int(clock.now().timestamp()) + offset
    answer = city.request(client, "POST", "heartbeats", BEAT, created=created)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "expired"


def test_a_future_or_expired_signature_is_refused(client, city):
    moment = int(clock.now().timestamp())
    for changes in ({"created": moment + 305}, {"expires": moment - 1}):
        answer = city.request(client, "POST", "heartbeats", BEAT, **changes)
        assert (answer.status_code, answer.json()["code"]) == (401, "expired")


def test_strangers_and_old_keys_are_unknown(client, city, own):
    stranger = Neighbour("M37080001")
    answer = stranger.request(client, "POST", "heartbeats", BEAT)
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_peer")
    city.serial = 2
    answer = city.request(client, "POST", "heartbeats", BEAT)
    assert answer.json()["code"] == "unknown_peer"
    entry = AuditEntry.objects.get(type="exchange.refused")
    assert entry.data["code"] == "unknown_peer"


def test_another_key_under_a_known_name_is_refused(client, city):
    impostor = Neighbour(city.code)
    answer = impostor.request(client, "POST", "heartbeats", BEAT)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_a_suspended_peer_is_told_so(client, city):
    enrolment.suspend(code=city.code)
    answer = city.request(client, "POST", "heartbeats", BEAT)
    assert (answer.status_code, answer.json()["code"]) == (401, "suspended")
    enrolment.resume(code=city.code)
    assert city.request(client, "POST", "heartbeats", BEAT).status_code == 204
