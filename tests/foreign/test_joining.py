"""Somebody else's platform joins the demo's province."""

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.desk import eventually

from .client import Client
from .conftest import NATION, PROVINCE, arrived, figure, title
from .node import Node

pytestmark = pytest.mark.journey


def test_a_platform_joins_with_a_token(weihai, database):
    state = "select state, relation from delivery_peer where code = ?"
    assert database(PROVINCE, state, weihai.node.code) == [("enabled", "child")]
    assert weihai.peer == PROVINCE


def test_it_hears_of_everybody_from_the_parent(weihai):
    known = weihai.node.known
    wanted = {"P37000001#1", "N10000001#1", "M37020001#1", "M37080001#1"}
    assert eventually(lambda: wanted <= set(known))


def test_what_others_say_comes_through_the_parent_with_their_seal(weihai):
    def brought():
        return {group["origin"]: group["route"] for group in weihai.node.groups}

    eventually(lambda: {PROVINCE, NATION} <= set(brought()))
    assert brought()[PROVINCE] == [PROVINCE]
    assert brought()[NATION] == [NATION, PROVINCE]


def test_a_token_serves_one_platform_once(weihai, federation):
    thief = Client(Node(weihai.node.code, "thief"), federation.nodes[PROVINCE].url)
    try:
        card = {"node": thief.node.card(), "alg": "ed25519"}
        card["public_key"] = thief.node.key.secret.public

        def tried(token):
            return thief.refused("POST", "enrolments", card | {"token": token})

        assert tried(weihai.token) == (401, "replay")
        assert tried("0" * 48) == (401, "unknown_peer")
    finally:
        thief.close()


def test_the_national_suite_is_spoken_too(rizhao, issue):
    assert rizhao.node.key.secret.alg == "sm2-sm3"
    result = rizhao.publish("monitoring.indicator_value", figure("371102", 4))
    assert result["applied"] == 1
    assert (
        arrived(rizhao, issue(rizhao.node.code, title()))["data"]["receiver"]
        == rizhao.node.code
    )


def test_signs_of_life_make_the_light_green(rizhao, offices):
    rizhao.heartbeat()
    admin = offices("admin")
    eventually(lambda: "green" in admin.light(rizhao.node.code))
    assert "foreign 1" in admin.page(f"/exchange/status/peers/{rizhao.node.code}/")


def test_health_says_who_is_there(weihai):
    said = weihai.health()
    assert (said["node"], said["tier"], said["status"]) == (
        PROVINCE,
        "provincial",
        "ok",
    )
    assert said["protocol"] == 1


def test_every_interface_has_a_schema(weihai):
    listed = {one["code"]: one for one in weihai.learn_interfaces()}
    named = {"exchange.node", "supervision.task", "supervision.notice"}
    named |= {"supervision.feedback", "monitoring.indicator_value"}
    named |= {"reconciliation.certificate"}
    assert named <= set(listed)
    assert listed["supervision.task"]["direction"] == "down"
    assert listed["monitoring.indicator_value"]["direction"] == "up"
    schema = weihai.schema("monitoring.indicator_value", 1)
    good = figure("371000", 1)["data"]
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid(good | {"period": "soon"})
    strange = weihai.refused("GET", "interfaces/no.such/schema")
    assert strange == (404, "unknown_interface")
    newer = weihai.refused("GET", "interfaces/supervision.task/schema?version=9")
    assert newer == (404, "unknown_version")
