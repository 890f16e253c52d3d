"""The other resources of the protocol."""

import pytest
from jsonschema import Draft202012Validator

from tests.exchange.conftest import OWN


def test_health_needs_no_signature(client, own):
    answer = client.get("/exchange/v1/health")
    assert answer.json() | {"time": ""} == {
        "node": OWN,
        "tier": "provincial",
        "protocol": 1,
        "time": "",
        "status": "ok",
    }


@pytest.mark.parametrize("path", ["interfaces", "interfaces/exchange.node/schema"])
def test_the_rest_needs_one(client, own, path):
    answer = client.get(f"/exchange/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert client.post("/exchange/v1/deliveries").status_code == 401


def test_interfaces_and_their_schemas(client, city, shelf):
    listed = city.request(client, "GET", "interfaces").json()
    by_code = {one["code"]: one for one in listed}
    assert by_code["exchange.node"]["direction"] == "down"
    found = by_code["test.reading"]
    assert set(found) == {
        "code",
        "version",
        "name",
        "direction",
        "frequency",
        "share",
        "state",
        "schema",
    }
    for one in listed:
        path = one["schema"].removeprefix("/exchange/v1/")
        schema = city.request(client, "GET", path).json()
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"


def test_unknown_interfaces_versions_paths_and_methods(client, city):
    def ask(method, path):
        answer = city.request(client, method, path)
        return answer.status_code, answer.json()["code"]

    assert ask("GET", "interfaces/no.such/schema") == (404, "unknown_interface")
    schema = "interfaces/exchange.node/schema"
    assert ask("GET", f"{schema}?version=9") == (404, "unknown_version")
    assert ask("GET", f"{schema}?version=x")[0] == 400
    assert ask("GET", "subscriptions/1")[0] == 404
    assert ask("PUT", "anything/else")[0] == 404
    assert ask("GET", "deliveries")[0] == 405


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"sent_at": "yesterday"}, "sent_at"),
        ({}, "sent_at"),
        (
            {"sent_at": "2026-11-20T08:00:00Z", "outbox_pending": -1},
            "outbox_pending",
        ),
    ],
)
def test_a_malformed_heartbeat(client, city, payload, field):
    answer = city.request(client, "POST", "heartbeats", payload)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
