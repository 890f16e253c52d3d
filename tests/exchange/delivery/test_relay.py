"""Relays: seals checked hop by hop, and a direct line beside the relayed path."""

import pytest
from django.utils.dateparse import parse_datetime

from exchange.delivery import keys, seals
from exchange.delivery.models import LedgerRow, NodeKey, Parcel, Peer
from exchange.delivery.services import policies, pump, sending
from platform_core.datasets.services import publish
from platform_core.regions.models import Node
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import Neighbour, record

ONE = "test.reading"


def send_all():
    pump.collect()
    for peer_id in pump.due_peers():
        sending.send_to_peer(peer_id)


@pytest.fixture
def county(client, city):
    """A county below the city; the city vouches for its key."""
    one = Neighbour("C37020201")
    key = {"serial": 1, "alg": one.alg, "public_key": one.public}
    facts = {
        "code": one.code,
        "tier": "county",
        "division": "370202",
        "name": "市南区",
        "state": "active",
        "keys": [key | {"valid_from": "2026-01-01T00:00:00+08:00"}],
    }
    city.deliver(client, OWN, city.group("exchange.node", record(**facts)))
    return one


def relayed(county, city, *records):
    group = county.group(ONE, *records)
    group["route"] = [county.code, city.code]
    return group


def test_a_relay_passes_records_on_as_they_are(client, city, county, nation, shelf):
    """The nation checks the county's own seal after two hops."""
    group = relayed(county, city, record(**reading(division="370202")))
    assert city.deliver(client, OWN, group)["results"][0]["applied"] == 1
    send_all()
    (onward,) = nation.groups(ONE)
    assert onward["route"] == [county.code, city.code, OWN]
    assert (onward["seal"], onward["records"]) == (group["seal"], group["records"])
    nation.trusted[county.keyid] = county.public
    nation.check_seal(onward)


@pytest.mark.parametrize(
    "alter",
    [
        lambda group, city: group["records"][0]["data"].update(value=7),
        lambda group, city: group.update(
            seal=city.seal(ONE, group["records"], origin=group["origin"])
        ),
        lambda group, city: group.update(seal=city.seal(ONE, group["records"])),
        lambda group, city: group["seal"].update(keyid=city.keyid),
    ],
)
def test_a_relay_that_lies_is_stopped_at_the_next_hop(
    client, city, county, nation, shelf, alter
):
    """Its own hop is good, the origin's seal is not: nothing goes on."""
    group = relayed(county, city, record(**reading(division="370202")))
    alter(group, city)
    result = city.deliver(client, OWN, group)["results"][0]
    assert result["code"] == "bad_seal"
    send_all()
    assert not nation.groups(ONE)
    assert not shelf.rows


@pytest.fixture
def ended(client, city, county):
    """The county has another key now; the old one ended at noon."""
    new = Neighbour(county.code, serial=2)
    known = NodeKey.objects.get(node=county.code)
    keys.trust(county.code, 2, new.public)
    known.valid_to = parse_datetime("2026-11-20T12:00:00+08:00")
    known.save()
    return new


@pytest.mark.parametrize(
    ("hours", "applied", "code"), [((8,), 1, None), ((8, 13), 0, "bad_seal")]
)
def test_a_slow_relay_may_bring_what_was_sealed_while_the_key_was_valid(
    client, city, county, nation, shelf, ended, hours, applied, code
):
    records = [
        record(**reading(division="370202"))
        | {"occurred_at": f"2026-11-20T{hour:02}:00:00+08:00"}
        for hour in hours
    ]
    group = relayed(county, city, *records)
    result = city.deliver(client, OWN, group)["results"][0]
    assert (result["applied"], result.get("code")) == (applied, code)
    assert "retry" not in result
    send_all()
    assert len(nation.groups(ONE)) == applied


def test_the_origin_itself_seals_with_a_key_that_is_valid(client, city, shelf):
    NodeKey.objects.filter(node=city.code).update(
        valid_to=parse_datetime("2026-11-20T12:00:00+08:00")
    )
    keys.trust(city.code, 2, city.public)
    city.serial = 2
    group = city.group(ONE, record(**reading()))
    group["seal"]["keyid"] = f"{city.code}#1"
    result = city.deliver(client, OWN, group)["results"][0]
    assert (result["code"], result["applied"]) == ("bad_seal", 0)
    assert "retry" not in result


def test_a_direct_line_beside_the_relayed_path_counts_once(
    client, city, county, nation, shelf
):
    """The county speaks to us itself too; whichever way is first, the other adds 0."""
    county.trusted[keys.own_key().keyid] = keys.own_key().public_key
    Peer.objects.create(code=county.code, state="enabled", relation="child")
    first = record(**reading(division="370202", value=1))
    second = record(**reading(division="370202", value=2))
    results = [
        city.deliver(client, OWN, relayed(county, city, first)),
        county.deliver(client, OWN, county.group(ONE, first)),
        county.deliver(client, OWN, county.group(ONE, second)),
        city.deliver(client, OWN, relayed(county, city, second)),
    ]
    counts = [
        (one["results"][0]["applied"], one["results"][0]["unchanged"])
        for one in results
    ]
    assert counts == [(1, 0), (0, 1), (1, 0), (0, 1)]
    assert LedgerRow.objects.filter(interface=ONE).count() == 2
    send_all()
    passed = [
        entry["uid"] for group in nation.groups(ONE) for entry in group["records"]
    ]
    assert sorted(passed) == sorted([first["uid"], second["uid"]])


@pytest.fixture
def direct(own, nation, connect):
    """We are a city: the province is our parent, the nation a line of its own."""
    Node.objects.filter(code=OWN).update(parent_code="N10000001")
    other = connect("N10000002")
    Node.objects.filter(code=OWN).update(parent_code="N10000001")
    return other


def test_own_records_go_to_the_parent_and_over_the_direct_line(nation, direct, shelf):
    publish(ONE, announced())
    send_all()
    (above,), (beside,) = nation.groups(ONE), direct.groups(ONE)
    assert above == beside
    assert above["route"] == [OWN]


def test_a_direct_line_takes_only_what_its_rules_name(nation, direct, shelf):
    policies.change(peer=Peer.objects.get(code=direct.code), interfaces=["x.y"])
    publish(ONE, announced())
    send_all()
    assert nation.groups(ONE)
    assert not direct.groups(ONE)
    assert Parcel.objects.filter(peer__code=direct.code, state="queued").exists()


def test_a_seal_is_over_the_canonical_form():
    """Order of names and white space do not matter, every value does."""
    one = {"b": 1, "a": {"d": "é", "c": None}}
    other = {"a": {"c": None, "d": "é"}, "b": 1}
    assert seals.canonical(one) == seals.canonical(other)
    assert seals.canonical(one) != seals.canonical(one | {"b": 2})
