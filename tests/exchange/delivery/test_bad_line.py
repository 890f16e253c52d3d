"""A line that doubles, shuffles, loses and flips: the end is that of a clean line."""

import json
import os
from collections import Counter
from random import Random
from uuid import UUID

import pytest

from exchange.delivery.models import LedgerRow, RefusedGroup
from platform_core.audit.models import AuditEntry
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import PREFIX, record

ONE = "test.reading"
PATH = PREFIX + "deliveries"
COPIES, LOST = 10, 0.05
SEEDS = range(20 if "FAULT_SEEDS" in os.environ else 2)


def batches(one, random):
    """Deliveries with several revisions of each record, in the order of the changes."""
    uids = [UUID(int=random.getrandbits(128), version=4) for _ in range(30)]
    changes = [
        record(n, uid, **reading(division=one.code[1:7], value=random.randint(0, 999)))
        for n in (1, 2, 3)
        for uid in uids
    ]
    parts = [changes[start : start + 9] for start in range(0, len(changes), 9)]
    return [one.delivery(OWN, one.group(ONE, *part)) for part in parts]


def post(client, one, payload, *, flip_at=None):
    """Sign and send; perhaps one byte changes on the way. Also what was sent."""
    body = json.dumps(payload).encode()
    headers = one.headers("POST", PATH, body)
    if flip_at is not None:
        at = flip_at % len(body)
        body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
    sent = (body, headers)
    return again(client, sent), sent


def again(client, sent):
    """The very same bytes."""
    body, headers = sent
    return client.generic(
        "POST", PATH, body, content_type="application/json", headers=headers
    )


def play(client, one, deliveries, random):
    """Ten copies of each, shuffled, one in twenty lost; then what was not answered."""
    copies = [number for number in range(len(deliveries)) for _ in range(COPIES)]
    random.shuffle(copies)
    answered = set()
    for number in copies:
        if random.random() < LOST:
            continue
        answer, sent = post(client, one, deliveries[number])
        assert answer.status_code == 200
        if random.random() < LOST:
            assert again(client, sent).json()["code"] == "replay"
        elif random.random() >= LOST:
            answered.add(number)
    for number in set(range(len(deliveries))) - answered:
        assert post(client, one, deliveries[number])[0].status_code == 200


def state(shelf, one):
    """What is there in the end: rows, and the ledger's own words."""
    rows = {uid: (row.revision, row.data["value"]) for uid, row in shelf.rows.items()}
    ledger = LedgerRow.objects.filter(origin=one.code, interface=ONE)
    return rows, set(ledger.values_list("uid", "revision", "op"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_line_ends_like_a_clean_one(client, connect, shelf, seed):
    clean, bad = connect("M37020001"), connect("M37080001")
    for delivery in batches(clean, Random(seed)):
        assert post(client, clean, delivery)[0].status_code == 200
    wanted = state(shelf, clean)
    shelf.rows.clear()
    shelf.calls.clear()
    random = Random(seed)
    deliveries = batches(bad, random)
    play(client, bad, deliveries, random)
    assert state(shelf, bad) == wanted
    effects = Counter((call.uid, call.revision) for call in shelf.calls)
    assert set(effects.values()) == {1}


@pytest.mark.parametrize("seed", range(4))
def test_one_flipped_byte_is_refused_and_noted(client, city, shelf, seed):
    random = Random(seed)
    delivery = batches(city, random)[0]
    refused, _sent = post(client, city, delivery, flip_at=random.randint(0, 10**6))
    assert (refused.status_code, refused.json()["code"]) == (401, "bad_signature")
    assert AuditEntry.objects.filter(
        type="exchange.refused", data__code="bad_signature"
    ).exists()
    assert not shelf.rows
    assert post(client, city, delivery)[0].json()["results"][0]["applied"] == 9


def test_a_flip_behind_a_good_signature_breaks_the_seal(client, city, shelf):
    """A relay that spoils what it passes on signs its own hop well."""
    delivery = batches(city, Random(1))[0]
    spoiled = json.loads(json.dumps(delivery))
    spoiled["batch"] = spoiled["batch"][:-1] + "0"
    spoiled["groups"][0]["records"][0]["data"]["value"] ^= 1
    (result,) = post(client, city, spoiled)[0].json()["results"]
    assert {one["code"] for one in result["rejected"]} == {"bad_seal"}
    assert RefusedGroup.objects.get().code == "bad_seal"
    assert not shelf.rows
    delivery["batch"] = delivery["batch"][:-1] + "1"
    assert post(client, city, delivery)[0].json()["results"][0]["applied"] == 9
