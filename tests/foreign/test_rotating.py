"""The foreign platform changes its key, and nobody misses it."""

import pytest

from tests.journeys.desk import eventually

from .conftest import FIGURES, NATION, figure
from .node import moment

pytestmark = pytest.mark.journey
KEYS = "select serial, alg from delivery_nodekey where node = ? order by serial"


def dated(value):
    return figure("371082", value, data={"period": f"2026-{value:02}"})


def test_a_key_changes_with_an_overlap(weihai, rizhao, database):
    pytest.importorskip("gmssl")
    node, old = weihai.node, weihai.node.key
    new = node.new_key("sm2-sm3")
    ask = ("GET", "interfaces")
    assert weihai.refused(*ask, key=new) == (401, "unknown_peer")
    assert weihai.announce()["applied"] == 1
    for key in (old, new):
        assert weihai.refused(*ask, key=key)[0] == 200
        one = dated(4 + key.serial)
        group = node.group(FIGURES, one, key=key)
        assert weihai.deliver(group)[0]["applied"] == 1
        node.shelf("offered", FIGURES, node.code).put(one)
    eventually(lambda: "sm2-sm3" in dict(database(NATION, KEYS, node.code)).values())
    eventually(lambda: node.keyid(new) in rizhao.node.known)

    node.key, old.valid_to = new, moment()
    assert weihai.announce()["applied"] == 1
    assert weihai.refused(*ask, key=old) == (401, "expired")
    (late,) = weihai.deliver(node.group(FIGURES, dated(8), key=old))
    assert (late["code"], late["applied"]) == ("bad_seal", 0)
    assert weihai.publish(FIGURES, dated(9))["applied"] == 1
    assert node.keyid() == node.keyid(new)


def test_a_serial_has_one_key_for_ever(weihai):
    node = weihai.node
    record = node.announcement()
    first = record["data"]["keys"][0]
    stranger = type(node)(node.code, "thief").key.secret
    first["public_key"] = stranger.public
    first["alg"] = stranger.alg
    (result,) = weihai.deliver(node.group("exchange.node", record))
    (rejected,) = result["rejected"]
    assert (rejected["code"], rejected["field"]) == ("not_origin", "keys")
