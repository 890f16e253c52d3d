"""Records of others pass through the foreign platform, and its own through ours."""

from copy import deepcopy
from uuid import uuid4

import pytest

from tests.journeys.desk import eventually

from .conftest import FIGURES, NATION, PROVINCE, figure
from .node import Node, moment

pytestmark = pytest.mark.journey
DIVISION = "371002"


def dated(period, value=1, **more):
    return figure(DIVISION, value, data={"period": period}, **more)


@pytest.fixture(scope="module")
def county(weihai) -> Node:
    """A county below Weihai, which Weihai has established and vouches for."""
    made = Node(
        f"C371002{len(weihai.node.known):02}", "环翠区", parent=weihai.node.code
    )
    weihai.announce(made)
    return made


def test_figures_reach_the_nation_under_our_seal(weihai, read, database):
    one = dated("2025-10", 21)
    assert weihai.publish(FIGURES, one)["applied"] == 1
    eventually(lambda: read(NATION, one) == (21, 1))
    taken = "select hash, sender from delivery_ledgerrow where uid = ?"
    _, own = weihai.node.shelf("offered", FIGURES, weihai.node.code).row(one["uid"])
    uid = one["uid"].replace("-", "")
    assert database(NATION, taken, uid) == [(own, PROVINCE)]


def test_a_relayed_group_goes_on_as_it_came(weihai, county, read):
    one = dated("2025-11", 5)
    group = county.group(FIGURES, one)
    assert weihai.relay(group)["applied"] == 1
    assert read(PROVINCE, one) == (5, 1)
    eventually(lambda: read(NATION, one) == (5, 1))
    assert weihai.relay(group)["unchanged"] == 1


@pytest.mark.parametrize("name", ["data", "revision", "occurred_at", "uid"])
def test_a_relay_cannot_alter_a_record(weihai, county, read, name):
    other = {"data": figure(DIVISION, 9)["data"], "revision": 2, "uid": str(uuid4())}
    other["occurred_at"] = moment().isoformat()
    one = dated("2025-12", 5)
    group = deepcopy(county.group(FIGURES, one))
    group["records"][0][name] = other[name]
    result = weihai.relay(group)
    assert (result["code"], result["applied"]) == ("bad_seal", 0)
    assert "retry" not in result
    assert read(PROVINCE, one) is None


def test_a_seal_whose_key_is_on_its_way_may_come_again(weihai, below, read):
    late = below("371083")
    one = figure("371083", 2, data={"period": "2026-01"})
    group = late.group(FIGURES, one)
    first = weihai.relay(group)
    assert (first["code"], first["retry"]) == ("bad_seal", True)
    weihai.announce(late)
    assert weihai.relay(group)["applied"] == 1
    assert read(PROVINCE, one) == (2, 1)


def test_a_relay_speaks_only_for_its_own_division(weihai):
    stranger = Node("C37010201", "济南市历下区")
    result = weihai.announce(stranger)
    assert result["rejected"][0]["code"] == "out_of_scope"


def test_what_was_sealed_before_the_key_ended_still_counts(weihai, below, read):
    """A relay may be slow; the origin's key was good when it sealed."""
    town = below("371003")
    weihai.announce(town)
    before = figure("371003", 3, data={"period": "2026-02"})
    early, old = town.group(FIGURES, before), town.key
    town.key = town.new_key("ed25519")
    old.valid_to = moment()
    assert weihai.announce(town)["applied"] == 1
    assert weihai.relay(early)["applied"] == 1
    assert read(PROVINCE, before) == (3, 1)
    after = figure("371003", 4, data={"period": "2026-03"})
    late = weihai.relay(town.group(FIGURES, after, key=old))
    assert (late["code"], "retry" in late) == ("bad_seal", False)
    assert weihai.relay(town.group(FIGURES, after))["applied"] == 1
    eventually(lambda: read(NATION, before) == (3, 1))
