"""The many lawful forms of a signed request, and those that only look lawful."""

import base64
import gzip
import hashlib
import json
from io import BytesIO

import pytest
from django.test import RequestFactory

from exchange.delivery.api import access, views
from exchange.delivery.enums import MAX_BYTES
from exchange.delivery.models import Nonce
from platform_core.common import clock
from platform_core.ui.views import errors
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import HOST, PREFIX, digest, record

BEAT = {"sent_at": "2026-11-20T08:00:00+08:00", "outbox_pending": 3}
BODY = json.dumps(BEAT).encode()
PATH = PREFIX + "heartbeats"


def signed(city, parts, *, label="sig", **changes):
    """Headers over exactly these components, in this order."""
    given = {
        "created": int(clock.now().timestamp()),
        "keyid": city.keyid,
        "alg": city.alg,
        "nonce": base64.b64encode(repr(sorted(changes)).encode()).decode(),
        "tag": "exchange-v1",
    } | changes
    texts = [
        f"{name}={value}" if not isinstance(value, str) else f'{name}="{value}"'
        for name, value in given.items()
    ]
    inner = " ".join(f'"{name}"' for name in parts)
    params = f"({inner});" + ";".join(texts)
    lines = [f'"{name}": {value}' for name, value in parts.items()]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    value = base64.b64encode(city.private.sign(base.encode())).decode()
    return {
        "Host": HOST,
        "Signature-Input": f"{label}={params}",
        "Signature": f"{label}=:{value}:",
    }


def covered(body=BODY, path=PATH, query="", method="POST", **more):
    parts = {"@method": method, "@authority": HOST, "@path": path}
    parts["@query"] = f"?{query}"
    return (parts | {"content-digest": digest(body)} if body else parts) | more


def beat(client, headers, body=BODY, path=PATH, **extra):
    headers = {"Content-Digest": digest(body)} | headers
    return client.generic(
        "POST", path, body, content_type="application/json", headers=headers, **extra
    )


def refused(answer, code="bad_signature", status=401):
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return True


# Lawful -----------------------------------------------------------------------


def test_the_order_of_the_components_is_the_signers(client, city):
    parts = dict(reversed(covered().items()))
    assert beat(client, signed(city, parts)).status_code == 204


def test_more_may_be_covered(client, city):
    parts = covered(**{"content-type": "application/json", "@scheme": "http"})
    assert beat(client, signed(city, parts)).status_code == 204
    headers = signed(city, parts, nonce="another one")
    answer = client.generic(
        "POST",
        PATH,
        BODY,
        content_type="text/plain",
        headers=headers | {"Content-Digest": digest(BODY)},
    )
    assert refused(answer)


def test_other_signatures_beside_it_do_not_matter(client, city):
    """A proxy may sign too; only the label of the protocol is looked at."""
    headers = signed(city, covered())
    strange = {
        "Signature-Input": 'proxy=("@method");created=1;keyid="p"',
        "Signature": f"proxy=:{base64.b64encode(bytes(64)).decode()}:",
    }
    both = {name: f"{strange[name]}, {headers[name]}" for name in strange}
    assert beat(client, headers | both).status_code == 204


def test_other_digests_beside_it_do_not_matter(client, city):
    wide = base64.b64encode(hashlib.sha512(BODY).digest()).decode()
    for other in (f"sha-512=:{wide}:", "unixsum=:AAA=:"):
        value = f"{other}, {digest(BODY)}"
        headers = signed(city, covered(**{"content-digest": value}), nonce=other)
        answer = beat(client, headers | {"Content-Digest": value})
        assert answer.status_code == 204, answer.content


@pytest.mark.parametrize("nonce", ["1", "n" * 200, "ü".encode().hex() * 300])
def test_nonces_of_any_length_count_once(client, city, nonce):
    headers = signed(city, covered(), nonce=nonce)
    assert beat(client, headers).status_code == 204
    assert refused(beat(client, headers), "replay")
    assert Nonce.objects.count() == 1


def test_an_empty_query_may_be_written(client, city):
    path = PREFIX + "interfaces"
    headers = signed(city, covered(b"", path, method="GET"))
    wire = {"RAW_URI": f"{path}?"}
    assert client.get(path, headers=headers, **wire).status_code == 200


def test_the_path_is_taken_as_it_was_sent(client, city):
    """`%65` is an `e`, but what was signed is what went over the wire."""
    raw = PREFIX + "interfac%65s"
    path, wire = PREFIX + "interfaces", {"RAW_URI": raw}
    headers = signed(city, covered(b"", raw, method="GET"))
    assert client.get(path, headers=headers, **wire).status_code == 200
    headers = signed(city, covered(b"", path, method="GET"), nonce="plain one")
    assert refused(client.get(path, headers=headers, **wire))


def test_names_of_headers_in_small_letters(client, city):
    headers = {name.lower(): text for name, text in signed(city, covered()).items()}
    headers["content-digest"] = digest(BODY)
    answer = client.generic(
        "POST", PATH, BODY, content_type="application/json", headers=headers
    )
    assert answer.status_code == 204


def test_the_digest_is_over_the_body_as_it_is_sent(client, city):
    packed = gzip.compress(BODY)
    coding = {"Content-Encoding": "gzip"}
    good = signed(city, covered(packed)) | coding
    assert beat(client, good, packed).status_code == 204
    plain = signed(city, covered(BODY), nonce="of the plain") | coding
    plain["Content-Digest"] = digest(BODY)
    assert refused(beat(client, plain, packed))


def test_a_digest_of_nothing(client, city):
    path = PREFIX + "interfaces"
    value = digest(b"")
    parts = covered(b"", path, method="GET") | {"content-digest": value}
    headers = signed(city, parts) | {"Content-Digest": value}
    assert client.get(path, headers=headers).status_code == 200


# Bodies without a length ------------------------------------------------------


def chunked(city, body, *, ended=True):
    """A request as a server hands it over that has put the pieces together."""
    payload_headers = signed(city, covered(body, PREFIX + "deliveries"))
    made = RequestFactory().generic(
        "POST",
        PREFIX + "deliveries",
        headers=payload_headers
        | {"Content-Digest": digest(body), "Transfer-Encoding": "chunked"},
        **{"wsgi.input": BytesIO(body), "wsgi.input_terminated": ended},
    )
    assert "CONTENT_LENGTH" not in made.META
    return views.deliveries(made)


def test_a_body_in_pieces(city, shelf):
    group = city.group("test.reading", record(**reading()))
    answer = chunked(city, json.dumps(city.delivery(OWN, group)).encode())
    assert json.loads(answer.content)["results"][0]["applied"] == 1


def test_a_body_in_pieces_has_a_limit_too(city, shelf):
    answer = chunked(city, b" " * (MAX_BYTES + 1))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (
        413,
        "too_large",
    )


def test_a_server_that_cannot_put_the_pieces_together(city, shelf):
    answer = chunked(city, BODY, ended=False)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (411, "format")


# Only like it -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["@method", "@authority", "@path", "@query"])
def test_every_component_has_to_be_covered(client, city, name):
    parts = covered()
    del parts[name]
    assert refused(beat(client, signed(city, parts)))


def test_a_body_needs_a_covered_digest(client, city):
    parts = covered()
    del parts["content-digest"]
    assert refused(beat(client, signed(city, parts)))


def test_the_digest_has_to_be_sha_256(client, city):
    wide = base64.b64encode(hashlib.sha512(BODY).digest()).decode()
    value = f"sha-512=:{wide}:"
    headers = signed(city, covered(**{"content-digest": value}))
    assert refused(beat(client, headers | {"Content-Digest": value}))


@pytest.mark.parametrize(
    "value",
    [
        f"{digest(b'other')}, {digest(BODY)}",
        f"{digest(BODY)}, {digest(b'other')}",
        "sha-256",
        "sha-256=5",
        "sha-256=(:AAAA:)",
        "sha-256=:AAAA:",
        ":::",
    ],
)
def test_digests_that_say_two_things_or_none(client, city, value):
    headers = signed(city, covered(**{"content-digest": value}))
    assert refused(beat(client, headers | {"Content-Digest": value}))


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "1"},
        {"created": 1.5},
        {"nonce": 5},
        {"nonce": ""},
        {"alg": "rsa-pss-sha512"},
        {"tag": "exchange-v2"},
        {"keyid": 5},
    ],
)
def test_parameters_of_another_kind(client, city, changes):
    assert refused(beat(client, signed(city, covered(), **changes)))


def test_a_date_that_is_a_flag(client, city):
    headers = signed(city, covered())
    text = headers["Signature-Input"].replace("created=", "created;c=")
    assert refused(beat(client, headers | {"Signature-Input": text}))


def test_a_signature_twice(client, city):
    headers = signed(city, covered())
    twice = {
        name: f"{headers[name]}, {headers[name]}"
        for name in ("Signature-Input", "Signature")
    }
    assert refused(beat(client, headers | twice))


def test_a_signature_under_another_label(client, city):
    assert refused(beat(client, signed(city, covered(), label="sig1")))


@pytest.mark.parametrize(
    "text",
    ["", "sig", "sig=1", "sig=()", 'sig=("@method"', "sig=?1;", "ü", ",", "sig=(1);a"],
)
def test_headers_that_are_none(client, city, text):
    headers = signed(city, covered()) | {"Signature-Input": text}
    assert refused(beat(client, headers))
    headers = signed(city, covered()) | {"Signature": text}
    assert refused(beat(client, headers))


@pytest.mark.parametrize("keyid", ["M37020001", "M37020001#0", "M37020001#01", "#1"])
def test_keyids_that_are_none(client, city, keyid):
    headers = signed(city, covered(), keyid=keyid)
    assert refused(beat(client, headers), "unknown_peer")


# Heartbeats and accidents -----------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sent_at": "2026-13-01T00:00:00Z"}, "sent_at"),
        ({"sent_at": "2026-11-20T08:00:00"}, "sent_at"),
        ({"outbox_pending": True}, "outbox_pending"),
        ({"outbox_pending": "3"}, "outbox_pending"),
        ({"sent_at": 5, "outbox_pending": -1}, "sent_at"),
    ],
)
def test_signs_of_life_of_another_form(client, city, changes, field):
    answer = city.request(client, "POST", "heartbeats", BEAT | changes)
    assert (answer.status_code, answer.json()["code"]) == (400, "format")
    assert field in answer.json()["fields"]


def test_signs_of_life_with_large_figures(client, city):
    many = {"outbox_pending": 10**30, "oldest_pending_seconds": 1e30, "x": [None]}
    answer = city.request(client, "POST", "heartbeats", BEAT | many)
    assert answer.status_code == 204
    assert refused(city.request(client, "POST", "heartbeats"), "format", 400)


def test_a_version_that_is_no_number(client, city):
    schema = "interfaces/exchange.node/schema?version="
    for text in ("x", "-1", "1.0", "%C2%B2"):
        answer = city.request(client, "GET", schema + text)
        assert refused(answer, "type", 400)


def test_accidents_are_told_in_the_shape_of_the_protocol(rf):
    answer = errors.server_error(rf.get(PREFIX + "interfaces"))
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"], told["fields"]) == (500, "internal", {})
    strange = errors.bad_request(rf.get(PREFIX + "interfaces"), ValueError())
    assert json.loads(strange.content)["code"] == "format"


def test_codes_of_other_errors(rf):
    request = rf.get(PREFIX)
    odd = access.MethodNotAllowed("x", code="invalid")
    assert json.loads(access.refusal(request, odd).content)["code"] == "format"
