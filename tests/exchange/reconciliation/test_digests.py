"""Digests kept up to date in place, at both ends, and told to peers."""

import pytest
from django.core.management import CommandError, call_command
from rfc8785 import dumps

from exchange.delivery.models import LedgerRow
from exchange.delivery.services import pump, receiving
from exchange.reconciliation.models import Chunk, Offered, Scope
from exchange.reconciliation.services import rebuilding
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record, verify

from .conftest import INTERFACE, bucket, order, record_hash, summed

READING = "test.reading"


def ask(client, one, interface, origin, depth=0, **more):
    query = "&".join(f"{name}={value}" for name, value in more.items())
    path = f"interfaces/{interface}/digest?origin={origin}&depth={depth}&{query}"
    answer = one.request(client, "GET", path.rstrip("&"))
    assert answer.status_code == 200, answer.content
    return answer.json()


def whole(client, one, interface, origin):
    found = ask(client, one, interface, origin)
    return {name: found[name] for name in ("count", "digest")}


def test_copies_are_counted_as_they_are_applied(client, city, shelf):
    first = [record(**reading(value=n)) for n in range(20)]
    city.deliver(client, OWN, city.group(READING, *first))
    second = [
        record(revision=2, uid=first[0]["uid"], **reading(value=9)),
        record(revision=2, uid=first[1]["uid"], op="withdraw", **reading()),
        first[2],
        record(**reading(unit="kg")),
        record(**reading(value=5)),
    ]
    city.deliver(client, OWN, city.group(READING, *second))
    kept = {one["uid"]: one for one in [*first, *second] if one["data"]["unit"] != "kg"}
    hashes = [record_hash(city.code, one) for one in kept.values()]
    assert whole(client, city, READING, city.code) == summed(hashes)
    assert len(hashes) == 21


def test_own_records_are_counted_for_who_gets_them(client, city, connect, shelf):
    other = connect("M37080001")
    one = order(city, value=3)
    order(other)
    pump.collect()
    (entry,) = rows_of(one)
    assert whole(client, city, INTERFACE, OWN) == summed([record_hash(OWN, entry)])
    found = ask(client, city, INTERFACE, OWN)
    assert found["as_of_position"] > 0
    assert whole(client, other, INTERFACE, OWN)["count"] == 1


def rows_of(one):
    return [pump.wire(row) for row in OutboxEntry.objects.filter(uid=one.uid)]


def test_only_the_latest_revision_counts_and_withdrawn_ones_too(client, city, shelf):
    one = order(city)
    one.revision, one.value = 2, 8
    publish(INTERFACE, one)
    one.revision = 3
    publish(INTERFACE, one, op="withdraw")
    pump.collect()
    last = rows_of(one)[-1]
    assert last["op"] == "withdraw"
    assert whole(client, city, INTERFACE, OWN) == summed([record_hash(OWN, last)])


def test_from_the_top_down(client, city, shelf):
    records = [record(**reading(value=n)) for n in range(30)]
    city.deliver(client, OWN, city.group(READING, *records))
    listed = ask(client, city, READING, city.code, depth=1)
    assert [one["bucket"] for one in listed] == [f"{n:03x}" for n in range(4096)]
    assert sum(one["count"] for one in listed) == 30
    name = bucket(records[0]["uid"])
    inside = [one for one in records if bucket(one["uid"]) == name]
    found = ask(client, city, READING, city.code, depth=2, bucket=name)
    hashes = {one["uid"]: record_hash(city.code, one) for one in inside}
    assert {one["uid"]: one["hash"] for one in found} == hashes
    (digest,) = [one for one in listed if one["bucket"] == name]
    assert digest == {"bucket": name} | summed(list(hashes.values()))


def test_statements_are_signed(client, city, shelf):
    city.deliver(client, OWN, city.group(READING, record(**reading())))
    found = ask(client, city, READING, city.code)
    statement = found["statement"]
    assert statement["role"] == "holder"
    assert (statement["node"], statement["peer"]) == (OWN, city.code)
    assert statement["digest"] == found["digest"]
    seal = found["seal"]
    verify(seal["alg"], city.trusted[seal["keyid"]], seal["value"], dumps(statement))


def test_nobody_hears_about_what_another_one_got(client, city, connect, shelf):
    other = connect("M37080001")
    order(city)
    pump.collect()
    assert whole(client, other, INTERFACE, OWN) == summed([])
    city.deliver(client, OWN, city.group(READING, record(**reading())))
    assert whole(client, other, READING, city.code) == summed([])


def test_relayed_records_are_counted_for_who_is_above(client, city, nation, shelf):
    one = record(**reading())
    city.deliver(client, OWN, city.group(READING, one))
    wanted = summed([record_hash(city.code, one)])
    assert whole(client, city, READING, city.code) == wanted
    assert whole(client, nation, READING, city.code) == wanted


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("origin=X", 400, "format"),
        ("", 400, "format"),
        ("origin=M37020001&depth=3", 400, "range"),
        ("origin=M37020001&depth=2", 400, "format"),
        ("origin=M37020001&depth=2&bucket=xyz", 400, "format"),
    ],
)
def test_wrong_questions(client, city, shelf, query, status, code):
    answer = city.request(client, "GET", f"interfaces/{READING}/digest?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_unknown_interfaces_and_strangers(client, city, shelf):
    path = "interfaces/no.such/digest?origin=M37020001"
    assert city.request(client, "GET", path).json()["code"] == "unknown_interface"
    assert client.get(f"/exchange/v1/{path}").status_code == 401


def test_a_rolled_back_group_leaves_no_trace(client, city, shelf, monkeypatch):
    def die(**kwargs):
        raise receiving.IntegrityError

    monkeypatch.setattr(receiving.relaying, "relay", die)
    city.deliver(client, OWN, city.group(READING, record(**reading())))
    monkeypatch.undo()
    assert not LedgerRow.objects.filter(interface=READING).exists()
    assert whole(client, city, READING, city.code) == summed([])


def test_digests_of_an_older_ledger_are_built_at_the_first_change(client, city, shelf):
    old = [record(**reading(value=n)) for n in range(5)]
    city.deliver(client, OWN, city.group(READING, *old))
    Scope.objects.all().delete()
    new = [record(revision=2, uid=old[0]["uid"], **reading(value=7))]
    city.deliver(client, OWN, city.group(READING, *new))
    hashes = [record_hash(city.code, one) for one in [*old[1:], *new]]
    assert whole(client, city, READING, city.code) == summed(hashes)


def test_the_check_finds_a_wrong_digest_and_rebuilds_it(client, city, shelf, capsys):
    for _ in range(5):
        order(city)
    pump.collect()
    city.deliver(client, OWN, city.group(READING, record(**reading())))
    right = whole(client, city, INTERFACE, OWN)
    call_command("rebuild_digests", "--check")
    chunk = Chunk.objects.filter(scope__interface=INTERFACE).first()
    chunk.data = bytes(chunk.data)[:-1] + bytes([bytes(chunk.data)[-1] ^ 1])
    chunk.save()
    assert whole(client, city, INTERFACE, OWN) != right
    with pytest.raises(CommandError, match="1 of"):
        call_command("rebuild_digests", "--check")
    call_command("rebuild_digests", f"--interface={INTERFACE}", f"--origin={OWN}")
    assert whole(client, city, INTERFACE, OWN) == right
    call_command("rebuild_digests", "--check")
    assert "1 chunks do not fit" in capsys.readouterr().out


def test_an_older_node_builds_everything_once(client, city, nation, shelf):
    for _ in range(3):
        order(city)
    publish(READING, announced())
    pump.collect()
    city.deliver(client, OWN, city.group(READING, record(**reading())))
    questions = [
        (city, INTERFACE, OWN),
        (city, READING, city.code),
        (nation, READING, OWN),
        (nation, READING, city.code),
    ]
    before = [whole(client, *question) for question in questions]
    assert all(one["count"] for one in before)
    Scope.objects.all().delete()
    rebuilding.load()
    assert [whole(client, *question) for question in questions] == before
    assert rebuilding.load() == "digests are kept"


def test_a_group_costs_the_same_for_any_number(
    client, city, nation, shelf, django_assert_max_num_queries
):
    """Positions and digests of 300 changes: buckets are written once."""
    for _ in range(300):
        publish(READING, announced())
    with django_assert_max_num_queries(55):
        pump.collect()
    assert Offered.objects.filter(scope__interface=READING).count() == 300
