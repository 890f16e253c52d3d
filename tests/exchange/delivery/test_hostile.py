"""Deliveries by somebody careless or hostile: one bad thing never stops the rest."""

import json
from uuid import uuid4

import pytest

from exchange.delivery import texts
from exchange.delivery.models import LedgerRow, RefusedGroup, RejectedRecord
from exchange.delivery.services import receiving
from platform_core.common.errors import (
    Conflict,
    DomainError,
    Forbidden,
    PeerUnavailable,
    TransitionNotAllowed,
)
from platform_core.systems.monitoring.models import IndicatorValue
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import record

ONE, FIGURES = "test.reading", "monitoring.indicator_value"


def post(client, one, text, path="deliveries"):
    """Send a body exactly as it is written."""
    target = f"/exchange/v1/{path}"
    headers = one.headers("POST", target, text)
    return client.generic(
        "POST", target, text, content_type="application/json", headers=headers
    )


def only(client, one, group):
    """The result of the one group of a delivery."""
    (result,) = one.deliver(client, OWN, group)["results"]
    return result


# Records ----------------------------------------------------------------------


SPOILT = [
    ({"op": []}, "code_list", "op"),
    ({"op": {"a": 1}}, "code_list", "op"),
    ({"op": None}, "code_list", "op"),
    ({"uid": ["x"]}, "format", "uid"),
    ({"uid": {"a": None}}, "format", "uid"),
    ({"uid": 7}, "format", "uid"),
    ({"uid": "A5B1C2D3-0000-4000-8000-00000000000A"}, "format", "uid"),
    ({"uid": "urn:uuid:a5b1c2d3-0000-4000-8000-00000000000a"}, "format", "uid"),
    ({"uid": "a\0b"}, "format", "uid"),
    ({"revision": 2**31}, "range", "revision"),
    ({"revision": -(2**40)}, "range", "revision"),
    ({"revision": True}, "type", "revision"),
    ({"revision": 1.5}, "type", "revision"),
    ({"revision": None}, "type", "revision"),
    ({"occurred_at": "2026-13-01T00:00:00Z"}, "format", "occurred_at"),
    ({"occurred_at": 5}, "format", "occurred_at"),
    ({"data": []}, "type", "data"),
    ({"data": None}, "type", "data"),
    ({"data": reading(note="a\0b")}, "format", "data"),
    ({"data": reading() | {"more": {"deep": ["\0"]}}}, "format", "data"),
    ({"data": reading() | {"a\0b": 1}}, "format", "data"),
    ({"data": reading(division=370200)}, "type", "division"),
    ({"op": "withdraw", "data": []}, "type", "data"),
]


@pytest.mark.parametrize(("changes", "code", "field"), SPOILT)
def test_a_spoilt_record_is_set_aside(client, city, shelf, changes, code, field):
    good = [record(**reading(value=n)) for n in (1, 2)]
    bad = record(**reading()) | changes
    result = only(client, city, city.group(ONE, good[0], bad, good[1]))
    assert result["applied"] == 2
    (rejected,) = result["rejected"]
    assert (rejected["code"], rejected["field"]) == (code, field)
    kept = RejectedRecord.objects.get()
    assert json.loads(kept.record) == bad


def test_text_that_only_looks_like_a_null_character(client, city, shelf):
    """A backslash before `u0000` is a text like any other."""
    fine = record(**reading(note="C:\\u0000"))
    assert only(client, city, city.group(ONE, fine))["applied"] == 1
    assert shelf.rows[fine["uid"]].data["note"] == "C:\\u0000"


def test_characters_outside_the_plane_pass(client, city, shelf):
    fine = record(**reading(note="𠮷 😀"))
    assert only(client, city, city.group(ONE, fine))["applied"] == 1


def test_unknown_members_are_ignored(client, city, shelf):
    one = record(**reading()) | {"colour": "red"}
    group = city.group(ONE, one) | {"note": [1]}
    assert only(client, city, group)["applied"] == 1


def test_a_revision_taken_before_is_not_judged_again(client, city, shelf):
    """A refused revision that arrives behind its correction is no news."""
    uid = uuid4()
    bad, good = record(1, uid, **reading(unit="kg")), record(2, uid, **reading())
    assert only(client, city, city.group(ONE, good))["applied"] == 1
    result = only(client, city, city.group(ONE, bad, good))
    assert result == {"applied": 0, "unchanged": 2, "rejected": []}
    assert not RejectedRecord.objects.exists()


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 2)])
def test_one_record_several_times_in_a_group(client, city, shelf, order):
    uid = uuid4()
    records = [record(number, uid, **reading(value=number)) for number in order]
    result = only(client, city, city.group(ONE, *records))
    assert result["applied"] + result["unchanged"] == 3
    assert (shelf.rows[str(uid)].revision, LedgerRow.objects.get().revision) == (
        max(order),
        max(order),
    )


# Groups -----------------------------------------------------------------------


WITHOUT_FORM = [
    '"note": "\\ud800"',
    '"note": "\\udc00x"',
    '"\\udfff": 1',
    '"value": 1e999',
    '"value": 9007199254740993',
]


@pytest.mark.parametrize("member", WITHOUT_FORM)
def test_what_has_no_canonical_form_has_no_seal(client, city, shelf, member):
    """RFC 8785 knows no half characters and no numbers beyond 2^53."""
    group = city.group(ONE, record(**reading()))
    good = city.group(ONE, record(**reading()))
    text = json.dumps(city.delivery(OWN, group, good))
    text = text.replace('"unit": "case"', f'"unit": "case", {member}', 1)
    answer = post(client, city, text.encode())
    assert answer.status_code == 200, answer.content
    first, second = answer.json()["results"]
    assert (first["code"], first["applied"]) == ("format", 0)
    assert second["applied"] == 1
    assert RefusedGroup.objects.get().code == "format"


@pytest.mark.parametrize("version", [0, -1, 2**31, 2**53 - 1, -(2**40)])
def test_versions_nobody_has(client, city, shelf, version):
    group = city.group(ONE, record(**reading()), version=version)
    assert only(client, city, group)["code"] == "unknown_version"
    assert RefusedGroup.objects.get().code == "unknown_version"


@pytest.mark.parametrize("name", ["", "x" * 500, "no such", "тест.чтение"])
def test_names_nobody_has(client, city, shelf, name):
    group = city.group(name, record(**reading()))
    assert only(client, city, group)["code"] == "unknown_interface"
    assert RefusedGroup.objects.get().interface == name[:80]


ROUTES = [
    [],
    ["M37020001", 5, "M37020001"],
    ["M37020001", "x\ty", "M37020001"],
    ["M37020001", "M37020001"],
    ["M37020001", "C37020201", "C37020201", "M37020001"],
    ["M37020001", OWN],
    [OWN, "M37020001"],
    ["C37020201", "M37020001"],
    ["M37020001", "C37020201"],
]


@pytest.mark.parametrize("route", ROUTES)
def test_impossible_routes(client, city, shelf, route):
    group = city.group(ONE, record(**reading())) | {"route": route}
    assert only(client, city, group)["code"] == "out_of_scope"
    assert not shelf.rows


def test_the_results_stand_in_the_order_of_the_groups(client, city, shelf):
    groups = [
        city.group(ONE),
        city.group("no.such", record(**reading())),
        city.group(ONE, record(**reading()), record(**reading(value=-1))),
        city.group(ONE),
    ]
    results = city.deliver(client, OWN, *groups)["results"]
    found = [(one["applied"], len(one["rejected"])) for one in results]
    assert found == [(0, 0), (0, 1), (1, 1), (0, 0)]


def test_a_seal_travels_without_additions(client, city, nation, shelf):
    group = city.group(ONE, record(**reading()))
    group["seal"] |= {"comment": "a" * 10}
    assert only(client, city, group)["applied"] == 1


@pytest.mark.parametrize("seal", [[], "x", 5, {"keyid": []}, {"keyid": "M37020001#1"}])
def test_seals_that_are_none(client, city, shelf, seal):
    group = city.group(ONE, record(**reading())) | {"seal": seal}
    assert only(client, city, group)["code"] == "bad_seal"


# The envelope -----------------------------------------------------------------


@pytest.mark.parametrize("member", ["batch", "receiver", "interface", "origin"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_texts_no_database_keeps_outside_the_records(client, city, shelf, member, text):
    payload = city.delivery(OWN, city.group(ONE, record(**reading())))
    (payload if member in payload else payload["groups"][0])[member] = text
    answer = post(client, city, json.dumps(payload).encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "format")


def test_the_batch_is_told_back_as_it_was_given(client, city, shelf):
    batch = str(uuid4()).upper()
    payload = city.delivery(OWN, batch=batch)
    first = city.request(client, "POST", "deliveries", payload).json()
    again = city.request(client, "POST", "deliveries", payload).json()
    assert first == again == {"batch": batch, "results": []}


def test_another_body_under_a_known_batch_changes_nothing(client, city, shelf):
    batch = uuid4()
    first = city.deliver(client, OWN, city.group(ONE), batch=batch)
    other = city.group(ONE, record(**reading()))
    assert city.deliver(client, OWN, other, batch=batch) == first
    assert not shelf.rows


BODIES = [
    b"",
    b"null",
    b'"text"',
    b'{"groups": 5}',
    b'{"a": Infinity}',
    b'{"a": ' + b"1" * 5_000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"a": "\xff"}',
    b'{"groups": "\\u0000"}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bodies_that_are_no_delivery(client, city, shelf, body):
    answer = post(client, city, body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("depth", [100, 300, 480, 900])
def test_data_however_deep(client, city, shelf, depth):
    """Applied or refused, and what stands beside it goes on."""
    nested = "[" * depth + "]" * depth
    group = city.group(ONE, record(**reading()))
    good = city.group(ONE, record(**reading(value=7)))
    text = json.dumps(city.delivery(OWN, group, good))
    text = text.replace('"unit": "case"', f'"unit": "case", "more": {nested}', 1)
    answer = post(client, city, text.encode())
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert answer.json()["results"][1]["applied"] == 1


# Withdrawals ------------------------------------------------------------------


def figure(revision, uid, **changes):
    data = {
        "indicator": "cases.closed",
        "division": "370202",
        "period": "2026-11-20",
        "value": 4,
        "unit": "case",
        "measured_at": "2026-11-20T20:00:00+08:00",
    }
    return record(revision, uid, **(data | changes))


@pytest.mark.parametrize("data", [{}, None])
def test_a_withdrawal_may_leave_the_data_out(client, city, data):
    """The record keeps its row and what it said."""
    uid = uuid4()
    assert only(client, city, city.group(FIGURES, figure(1, uid)))["applied"] == 1
    bare = record(2, uid, op="withdraw") | {"data": data}
    assert only(client, city, city.group(FIGURES, bare))["applied"] == 1
    row = IndicatorValue.objects.get(uid=uid)
    assert (row.is_withdrawn, row.value, row.revision) == (True, 4, 2)
    row = LedgerRow.objects.get(uid=uid)
    assert (row.revision, row.op) == (2, "withdraw")


def test_a_withdrawal_may_come_before_what_it_withdraws(client, city):
    uid = uuid4()
    bare = record(2, uid, op="withdraw")
    assert only(client, city, city.group(FIGURES, bare))["applied"] == 1
    late = only(client, city, city.group(FIGURES, figure(1, uid)))
    assert late["unchanged"] == 1
    assert not IndicatorValue.objects.filter(uid=uid).exists()
    again = only(client, city, city.group(FIGURES, figure(3, uid)))
    assert again["applied"] == 1
    assert not IndicatorValue.objects.get(uid=uid).is_withdrawn


# What is told back ------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TransitionNotAllowed, "reference_missing"),
        (Conflict, "busy"),
        (Forbidden, "out_of_scope"),
        (DomainError, "format"),
        (PeerUnavailable, "busy"),
    ],
)
def test_only_codes_of_the_protocol_are_told(
    client, city, shelf, monkeypatch, error, code
):
    """A business rule may have words of its own; on the wire they are these."""

    def refuse(dataset, incoming):
        raise error("not now")

    monkeypatch.setattr(receiving.withdrawals, "apply", refuse)
    result = only(client, city, city.group(ONE, record(**reading())))
    assert result["rejected"][0]["code"] == code


def test_answers_of_others_become_what_can_be_kept():
    told = texts.parse_answer(
        b'{"a": NaN, "b": [1e999, "x\\u0000y"], "\\ud800": 1.5, "c": -Infinity}'
    )
    assert told == {"a": None, "b": [None, "x\ufffdy"], "\ufffd": 1.5, "c": None}
    with pytest.raises(ValueError, match="Expecting"):
        texts.parse_answer(b"<html>")
