"""Taking deliveries in: once, whatever happens to them on the way."""

import json
import random
from uuid import uuid4

import pytest

from exchange.delivery.models import (
    LedgerRow,
    ReceivedBatch,
    RefusedGroup,
    RejectedRecord,
)
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import Neighbour, record

ONE = "test.reading"


def test_records_are_applied_and_answered(client, city, shelf):
    records = [record(**reading(value=n)) for n in range(3)]
    answer = city.deliver(client, OWN, city.group(ONE, *records))
    assert answer["results"] == [{"applied": 3, "unchanged": 0, "rejected": []}]
    assert {row.data["value"] for row in shelf.rows.values()} == {0, 1, 2}
    taken = shelf.calls[0]
    assert (taken.origin, taken.sender, taken.route) == (
        city.code,
        city.code,
        (city.code,),
    )
    row = LedgerRow.objects.get(uid=records[0]["uid"])
    assert (row.revision, row.sender, len(row.hash)) == (1, city.code, 64)


def test_a_compressed_body_is_understood(client, city, shelf):
    payload = city.delivery(OWN, city.group(ONE, record(**reading())))
    answer = city.request(client, "POST", "deliveries", payload, zipped=True)
    assert answer.json()["results"][0]["applied"] == 1


def test_the_same_batch_gets_the_same_answer(client, city, shelf):
    batch, group = uuid4(), city.group(ONE, record(**reading()))
    first = city.deliver(client, OWN, group, batch=batch)
    assert city.deliver(client, OWN, group, batch=batch) == first
    assert first["results"][0]["applied"] == 1
    assert ReceivedBatch.objects.get().uid == batch


def test_a_repeated_or_older_revision_is_unchanged(client, city, shelf):
    uid = uuid4()
    new, old = record(3, uid, **reading(value=3)), record(2, uid, **reading(value=2))
    city.deliver(client, OWN, city.group(ONE, new))
    for group in (city.group(ONE, new), city.group(ONE, old)):
        answer = city.deliver(client, OWN, group)
        assert answer["results"][0] == {"applied": 0, "unchanged": 1, "rejected": []}
    assert shelf.rows[str(uid)].revision == 3


def test_duplicates_in_any_order_end_the_same(client, city, shelf):
    """Ten times everything, shuffled: each record ends at its highest revision."""
    uids = [uuid4() for _ in range(5)]
    records = [record(n, uid, **reading(value=n)) for uid in uids for n in (1, 2, 3)]
    many = records * 10
    random.Random(7).shuffle(many)  # noqa: S311
    for start in range(0, len(many), 25):
        part = many[start : start + 25]
        answer = city.deliver(client, OWN, city.group(ONE, *part))
        result = answer["results"][0]
        assert result["applied"] + result["unchanged"] == len(part)
    assert {uid: shelf.rows[uid].revision for uid in map(str, uids)} == dict.fromkeys(
        map(str, uids), 3
    )
    calls = [(call.uid, call.revision) for call in shelf.calls]
    assert len(calls) == len(set(calls))


def test_a_withdrawn_record_keeps_its_row(client, city, shelf):
    uid = uuid4()
    city.deliver(client, OWN, city.group(ONE, record(1, uid, **reading())))
    gone = record(2, uid, op="withdraw", **reading())
    city.deliver(client, OWN, city.group(ONE, gone))
    assert shelf.rows[str(uid)].withdrawn
    assert LedgerRow.objects.get(uid=uid).op == "withdraw"


BAD = [
    (lambda r: r["data"].pop("value"), "required", "value"),
    (lambda r: r["data"].update(value="1"), "type", "value"),
    (lambda r: r["data"].update(value=-1), "range", "value"),
    (lambda r: r["data"].update(unit="kg"), "code_list", "unit"),
    (lambda r: r["data"].update(division="370800"), "out_of_scope", "division"),
    (lambda r: r["data"].update(needs="nobody"), "reference_missing", "needs"),
    (lambda r: r["data"].update(note="poison"), "internal", ""),
    (lambda r: r.update(op="delete"), "code_list", "op"),
    (lambda r: r.update(revision=0), "range", "revision"),
    (lambda r: r.update(revision="1"), "type", "revision"),
    (lambda r: r.update(uid="no-uuid"), "format", "uid"),
    (lambda r: r.update(occurred_at="2026-11-20T08:00:00"), "format", "occurred_at"),
    (lambda r: r.pop("occurred_at"), "required", "occurred_at"),
    (lambda r: r.pop("data"), "required", "data"),
]


@pytest.mark.parametrize(("spoil", "code", "field"), BAD)
def test_a_bad_record_is_set_aside_and_the_others_go_on(
    client, city, shelf, spoil, code, field
):
    records = [record(**reading(value=n)) for n in range(3)]
    spoil(records[1])
    result = city.deliver(client, OWN, city.group(ONE, *records))["results"][0]
    assert (result["applied"], len(result["rejected"])) == (2, 1)
    rejected = result["rejected"][0]
    assert (rejected["code"], rejected["field"]) == (code, field)
    assert rejected["uid"] == records[1].get("uid")
    assert len(shelf.rows) == 2
    kept = RejectedRecord.objects.get()
    assert (kept.code, json.loads(kept.record)) == (code, records[1])


def test_a_corrected_revision_goes_through(client, city, shelf):
    uid = uuid4()
    bad = record(1, uid, **reading(unit="kg"))
    for _ in range(2):
        city.deliver(client, OWN, city.group(ONE, bad))
    assert RejectedRecord.objects.count() == 1
    good = record(2, uid, **reading())
    answer = city.deliver(client, OWN, city.group(ONE, good))
    assert answer["results"][0]["applied"] == 1
    assert RejectedRecord.objects.get().resolved_at is not None


def refused(client, sender, group):
    """The answer to a group that must be refused as a whole."""
    result = sender.deliver(client, OWN, group)["results"][0]
    assert (result["applied"], result["unchanged"]) == (0, 0)
    assert len(result["rejected"]) == len(group["records"])
    assert RefusedGroup.objects.get().code == result["code"]
    assert not LedgerRow.objects.filter(origin=group["origin"]).exists()
    return result["code"]


def test_unknown_interfaces_and_versions_are_refused_and_kept(client, city, shelf):
    unknown = city.group("test.unknown", record(a=1))
    assert refused(client, city, unknown) == "unknown_interface"
    RefusedGroup.objects.all().delete()
    newer = city.group(ONE, record(**reading()), version=2)
    assert refused(client, city, newer) == "unknown_version"
    assert "occurred_at" in RefusedGroup.objects.get().body


def test_a_push_against_the_direction_is_refused(client, city, nation, shelf):
    down = city.group("test.order", record(**reading()))
    assert refused(client, city, down) == "not_subscribed"
    RefusedGroup.objects.all().delete()
    assert refused(client, nation, nation.group(ONE, record(**reading()))) == (
        "not_subscribed"
    )


def alter_records(group, city):
    group["records"][0]["data"]["value"] = 2


def alter_version_of_seal(group, city):
    group["seal"] = city.seal(ONE, group["records"], version=2)


def alter_keyid(group, city):
    group["seal"]["keyid"] = "P37000001#1"


def alter_alg(group, city):
    group["seal"]["alg"] = "sm2-sm3"


def alter_value(group, city):
    group["seal"]["value"] = "AAAA" + group["seal"]["value"][4:]


def no_seal(group, city):
    del group["seal"]


def add_record(group, city):
    group["records"].append(record(**reading()))


@pytest.mark.parametrize(
    "alter",
    [
        alter_records,
        alter_version_of_seal,
        alter_keyid,
        alter_alg,
        alter_value,
        no_seal,
        add_record,
    ],
)
def test_a_bad_seal_behind_a_good_hop_is_refused(client, city, shelf, alter):
    group = city.group(ONE, record(**reading()))
    alter(group, city)
    assert refused(client, city, group) == "bad_seal"
    assert not shelf.rows


def test_a_group_of_an_unknown_origin_may_come_again(client, city, shelf):
    """The node's record is still on its way: the sender is asked to retry."""
    county = Neighbour("C37020201")
    group = county.group(ONE, record(**reading(division="370202")))
    group["route"] = [county.code, city.code]
    result = city.deliver(client, OWN, group)["results"][0]
    assert (result["code"], result["retry"]) == ("bad_seal", True)
    node = {
        "code": county.code,
        "tier": "county",
        "division": "370202",
        "name": "市南区",
        "state": "active",
        "keys": [
            {
                "serial": 1,
                "alg": "ed25519",
                "public_key": county.public,
                "valid_from": "2026-01-01T00:00:00+08:00",
            }
        ],
    }
    told = city.deliver(client, OWN, city.group("exchange.node", record(**node)))
    assert told["results"][0]["applied"] == 1
    answer = city.deliver(client, OWN, group)
    assert answer["results"][0]["applied"] == 1
    assert shelf.calls[0].route == (county.code, city.code)


@pytest.mark.parametrize(
    ("code", "route"),
    [
        ("M37080001", ["M37080001", "M37020001"]),  # another city's record
        ("M37020001", ["M37020001", "P37000001", "M37020001"]),  # a loop
        ("M37020001", []),
        ("M37020001", ["M37080001"]),
    ],
)
def test_records_from_outside_the_senders_division_are_refused(
    client, connect, city, shelf, code, route
):
    origin = city if code == city.code else connect(code)
    group = origin.group(ONE, record(**reading(division="370800")))
    group["route"] = route
    assert refused(client, city, group) == "out_of_scope"


WRONG = [
    (lambda p: p.pop("batch"), "required", "batch"),
    (lambda p: p.update(batch="x"), "format", "batch"),
    (lambda p: p.update(receiver="M37020001"), "out_of_scope", "receiver"),
    (lambda p: p.update(groups={}), "type", "groups"),
    (lambda p: p["groups"][0].pop("records"), "required", "groups.records"),
    (lambda p: p["groups"][0].update(version="1"), "type", "groups.version"),
    (lambda p: p["groups"][0].update(records=[1]), "type", "groups.records"),
]


@pytest.mark.parametrize(("spoil", "code", "field"), WRONG)
def test_a_malformed_delivery_is_a_400(client, city, shelf, spoil, code, field):
    payload = city.delivery(OWN, city.group(ONE, record(**reading())))
    spoil(payload)
    answer = city.request(client, "POST", "deliveries", payload)
    assert answer.status_code == 400
    assert (answer.json()["code"], list(answer.json()["fields"])) == (code, [field])
    assert not shelf.rows


def test_limits_of_a_delivery(client, city, shelf, settings):
    many = [record(**reading()) for _ in range(1001)]
    payload = city.delivery(OWN, city.group(ONE, *many))
    answer = city.request(client, "POST", "deliveries", payload)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    bomb = city.delivery(OWN) | {"padding": "x" * 5_000_001}
    answer = city.request(client, "POST", "deliveries", bomb, zipped=True)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = city.request(client, "POST", "deliveries", bomb)
    assert answer.status_code == 413
    settings.EXCHANGE_REQUESTS_PER_MINUTE = 2
    answer = city.request(client, "POST", "deliveries", city.delivery(OWN))
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer["Retry-After"]) > 0


def test_a_body_that_is_no_json(client, city):
    for body in (b"{", b"[1]", b'{"a": NaN}', b'{"a": "\\u0000"}'):
        headers = city.headers("POST", "/exchange/v1/deliveries", body)
        answer = client.generic(
            "POST", "/exchange/v1/deliveries", body, headers=headers
        )
        assert answer.status_code == 400, body
    headers["Content-Encoding"] = "br"
    headers |= city.headers("POST", "/exchange/v1/deliveries", body)
    answer = client.generic("POST", "/exchange/v1/deliveries", body, headers=headers)
    assert answer.status_code == 415


def test_taking_a_group_costs_few_queries(
    client, city, shelf, django_assert_max_num_queries
):
    """Two savepoint queries a record; everything else is the same for any number."""
    records = [record(**reading()) for _ in range(50)]
    city.deliver(client, OWN, city.group(ONE, record(**reading())))
    with django_assert_max_num_queries(50 * 2 + 36):
        city.deliver(client, OWN, city.group(ONE, *records))
