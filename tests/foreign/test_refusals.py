"""What the province must not take, and the codes that the text gives for it."""

import json
import time

import httpx
import pytest

from .conftest import FIGURES, STATUS, figure
from .node import OwnKey, moment
from .suites import secret

pytestmark = pytest.mark.journey
ASK = ("GET", "interfaces")


def test_a_request_counts_once(weihai):
    made = weihai.request(*ASK)
    assert weihai.answer(made)[0] == 200
    assert weihai.answer(made) == (401, "replay")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off(weihai, minutes):
    created = int(time.time()) + 60 * minutes
    assert weihai.refused(*ASK, created=created) == (401, "expired")


def test_a_key_nobody_knows(weihai):
    strange = {"keyid": f"{weihai.node.code}#77"}
    assert weihai.refused(*ASK, **strange) == (401, "unknown_peer")
    stranger = {"keyid": "M37990001#1"}
    assert weihai.refused(*ASK, **stranger) == (401, "unknown_peer")


def test_a_key_of_somebody_else(weihai):
    serial = weihai.node.key.serial
    forged = OwnKey(serial, secret(weihai.node.key.secret.alg), moment())
    assert weihai.refused(*ASK, key=forged) == (401, "bad_signature")


def other_digest(made):
    made.headers["Content-Digest"] = f"sha-256=:{'A' * 43}=:"


def other_body(made):
    made.stream = httpx.ByteStream(made.content.replace(b"sent", b"SENT"))


def other_query(made):
    made.url = made.url.copy_with(query=b"a=2")


def other_path(made):
    made.url = made.url.copy_with(path="/exchange/v1/deliveries")


def other_host(made):
    made.headers["Host"] = f"localhost:{made.url.port}"


def other_tag(made):
    text = made.headers["Signature-Input"].replace("exchange-v1", "exchange-v2")
    made.headers["Signature-Input"] = text


ALTERED = [other_digest, other_body, other_query, other_path, other_host, other_tag]


@pytest.mark.parametrize("alter", ALTERED)
def test_any_covered_part_that_is_altered(weihai, alter):
    body = json.dumps({"sent_at": moment().isoformat()}).encode()
    made = weihai.request("POST", "heartbeats?a=1", body=body)
    alter(made)
    assert weihai.answer(made) == (401, "bad_signature")


def test_a_request_without_signature(weihai):
    answer = weihai.http.get("/exchange/v1/interfaces")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_paused_platform_is_not_heard(rizhao, offices):
    admin, path = offices("admin"), f"{STATUS}{rizhao.node.code}"
    admin.submit(f"{path}/suspend/")
    try:
        assert rizhao.refused(*ASK) == (401, "suspended")
    finally:
        admin.submit(f"{path}/resume/")
    assert rizhao.refused(*ASK)[0] == 200


def test_deliveries_of_another_form(weihai):
    def tried(payload=None, **more):
        return weihai.refused("POST", "deliveries", payload, **more)

    group = weihai.node.group(FIGURES, figure("371002", 1))
    batch = {"batch": "0192f0c4-0000-7000-8000-000000000001"}
    whole = {**batch, "receiver": weihai.peer, "groups": [group]}
    assert tried(whole | {"receiver": "P99000001"}) == (400, "out_of_scope")
    assert tried(whole | {"batch": "one"}) == (400, "format")
    assert tried(batch) == (400, "required")
    assert tried(body=b"{") == (400, "format")
    many = group | {"records": [{}] * 1001}
    assert tried(whole | {"groups": [many]}) == (413, "too_large")
    coded = {"Content-Encoding": "br"}
    assert tried(body=b"xx", headers=coded) == (415, "format")


def test_groups_that_may_not_come(weihai):
    one = figure("371002", 1)

    def tried(group):
        (result,) = weihai.deliver(group)
        assert (result["applied"], len(result["rejected"])) == (0, 1)
        assert result["rejected"][0]["code"] == result["code"]
        return result["code"]

    assert tried(weihai.node.group("no.such", one)) == "unknown_interface"
    newer = weihai.node.group(FIGURES, one) | {"version": 9}
    assert tried(newer) == "unknown_version"
    assert tried(weihai.node.group("supervision.task", one)) == "not_subscribed"
    altered = weihai.node.group(FIGURES, one)
    altered["records"] = [one | {"revision": 2}]
    assert tried(altered) == "bad_seal"
    route = weihai.node.group(FIGURES, one) | {"route": ["M37020001", weihai.node.code]}
    assert tried(route) == "out_of_scope"


def test_files_nobody_named(weihai):
    missing = weihai.refused("GET", f"blobs/{'0' * 64}")
    assert missing == (404, "reference_missing")
    wrong = weihai.refused("PUT", f"blobs/{'0' * 64}", body=b"content")
    assert wrong == (400, "format")


def test_our_own_door_is_as_strict(weihai):
    """The foreign server judges what comes in by the same rules."""
    url = f"{weihai.node.url}/exchange/v1/interfaces/{FIGURES}/digest?origin=x"
    strange = weihai.http.get(url)
    assert (strange.status_code, strange.json()["code"]) == (401, "bad_signature")
    made = weihai.http.get(f"{weihai.node.url}/exchange/v1/health")
    assert made.json()["node"] == weihai.node.code
