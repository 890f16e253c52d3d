"""Joining: tokens, keys, states, and what neighbours learn about each other."""

import base64
import re
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command

from exchange.delivery import keys, sm2
from exchange.delivery.models import Invitation, NodeKey, Peer
from exchange.delivery.services import enrolment, policies, pump, sending
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.regions.models import Node
from tests.exchange.conftest import OWN
from tests.exchange.neighbour import Neighbour, Sm2Key, record

CITY = "M37020001"
KEY = ("--public-key",)


def command(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def token(own):
    command("exchange_peer", "add", CITY, "--name", "青岛", "--url", "http://city.test")
    return command("exchange_peer", "invite", CITY).split()[-1]


def application(one, token):
    node = {
        "code": one.code,
        "tier": "municipal",
        "division": one.code[1:7],
        "name": "青岛市",
        "url": "http://m37020001.test",
    }
    card = {"token": token, "node": node, "public_key": one.public}
    return card | {"alg": "ed25519"}


def enrol(client, one, token, /, **changes):
    payload = application(one, token) | changes
    return one.request(client, "POST", "enrolments", payload)


def test_a_child_joins_with_its_token(client, own, token):
    one = Neighbour(CITY, serial=3)
    answer = enrol(client, one, token)
    assert answer.status_code == 201
    given = answer.json()
    assert given["node"]["code"] == OWN
    assert (given["public_key"], given["alg"]) == (own.public_key, "ed25519")
    peer = Peer.objects.get(code=CITY)
    assert (peer.state, peer.name, peer.url) == (
        "enabled",
        "青岛市",
        "http://m37020001.test",
    )
    assert one.request(client, "GET", "interfaces").status_code == 200
    node = Node.objects.get(code=CITY)
    assert (node.parent_code, node.origin) == (OWN, OWN)
    assert NodeKey.objects.get(node=CITY).serial == 3


def test_the_token_is_kept_as_a_hash_and_good_for_a_day(client, own, token):
    row = Invitation.objects.get()
    assert token not in (row.token_hash, str(row))
    with clock.at(clock.now() + timedelta(hours=25)):
        answer = enrol(client, Neighbour(CITY), token)
    assert (answer.status_code, answer.json()["code"]) == (401, "expired")


def test_the_token_is_for_one_key_once(client, own, token):
    one = Neighbour(CITY)
    first = enrol(client, one, token)
    again = enrol(client, one, token)
    assert (again.status_code, again.json()) == (201, first.json())
    thief = enrol(client, Neighbour(CITY), token)
    assert (thief.status_code, thief.json()["code"]) == (401, "replay")
    assert one.request(client, "GET", "interfaces").status_code == 200


def test_a_suspended_child_does_not_come_back_with_an_old_token(client, own, token):
    one = Neighbour(CITY)
    assert enrol(client, one, token).status_code == 201
    spare = command("exchange_peer", "invite", CITY).strip()
    command("exchange_peer", "suspend", CITY)
    again = enrol(client, Neighbour(CITY, serial=2), spare)
    assert (again.status_code, again.json()["code"]) == (401, "expired")
    assert enrol(client, one, token).status_code == 201
    assert Peer.objects.get().state == "suspended"
    fresh = command("exchange_peer", "invite", CITY).strip()
    assert enrol(client, Neighbour(CITY, serial=2), fresh).status_code == 201
    assert Peer.objects.get().state == "enabled"


def test_wrong_tokens_nodes_and_keys_are_refused(client, own, token):
    one = Neighbour(CITY)
    assert enrol(client, one, "no-such-token").json()["code"] == "unknown_peer"
    other = enrol(client, Neighbour("M37080001"), token)
    assert (other.status_code, other.json()["code"]) == (401, "unknown_peer")
    foreign = enrol(client, one, token, public_key=Neighbour(CITY).public)
    assert (foreign.status_code, foreign.json()["code"]) == (401, "bad_signature")
    stolen = Neighbour("M37080001", private=one.private)
    card = application(one, token)
    answer = stolen.request(client, "POST", "enrolments", card)
    assert answer.status_code == 401
    assert Peer.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"node": None}, "required", "node"),
        ({"public_key": "xx"}, "format", "public_key"),
        ({"alg": "rsa"}, "code_list", "alg"),
        ({"token": ""}, "required", "token"),
    ],
)
def test_malformed_applications(client, own, token, changes, code, field):
    answer = enrol(client, Neighbour(CITY), token, **changes)
    assert answer.status_code == 400
    assert (answer.json()["code"], list(answer.json()["fields"])) == (code, [field])


def test_a_child_with_a_given_key_may_speak_at_once(client, own, tmp_path):
    one = Neighbour(CITY)
    file = tmp_path / "key.txt"
    file.write_text(one.public)
    command("exchange_peer", "add", CITY, "--name", "Q", "--public-key", str(file))
    assert one.request(client, "GET", "interfaces").status_code == 200
    assert "enabled" in command("exchange_peer", "list")


def test_strangers_may_not_ask_all_the_time(client, own, token, monkeypatch):
    monkeypatch.setattr(policies, "STRANGERS_PER_MINUTE", 2)
    one = Neighbour(CITY)
    with clock.at(clock.now()):
        codes = [enrol(client, one, "guess").status_code for _ in range(3)]
        assert codes == [401, 401, 429]
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert enrol(client, one, token).status_code == 201


def written(one, form):
    """A public key in each of the forms in which people keep them."""
    raw = base64.b64decode(one.public)
    if form == "raw":
        return raw
    if form == "base64":
        return f"{one.public}\r\n".encode()
    if one.alg == "ed25519":
        key = Ed25519PublicKey.from_public_bytes(raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = base64.b64encode(sm2.PUBLIC + raw).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----".encode()


@pytest.mark.parametrize("form", ["raw", "base64", "PEM"])
@pytest.mark.parametrize("suite", ["ed25519", "sm2-sm3"])
def test_the_suite_of_a_key_file_is_told_from_the_key(
    client, own, tmp_path, suite, form
):
    if suite == "sm2-sm3":
        pytest.importorskip("gmssl")
    one = Neighbour(CITY, **({"private": Sm2Key()} if suite == "sm2-sm3" else {}))
    file = tmp_path / "key"
    file.write_bytes(written(one, form))
    command("exchange_peer", "add", CITY, "--name", "Q", "--public-key", str(file))
    assert NodeKey.objects.get(node=CITY).alg == suite
    assert one.request(client, "GET", "interfaces").status_code == 200


def test_a_file_that_is_no_key(own, tmp_path):
    file = tmp_path / "key"
    for content in (b"\xff" * 10, b"no key", b""):
        file.write_bytes(content)
        with pytest.raises(CommandError):
            command("exchange_peer", "add", CITY, "--name", "Q", *KEY, str(file))


def test_an_invitation_prints_the_token_and_nothing_else(own, capsys):
    call_command("exchange_peer", "add", CITY, "--name", "Q")
    capsys.readouterr()
    call_command("exchange_peer", "invite", CITY)
    shown = capsys.readouterr()
    assert re.fullmatch(r"[0-9a-f]{48}\n", shown.out)
    assert "24" in shown.err


def test_commands_refuse_with_a_reason(own):
    for arguments in (
        ("add", "M31000001", "--name", "other province"),
        ("add", "X1", "--name", "no code"),
        ("add", OWN, "--name", "itself"),
        ("add", CITY, "--name", "x", "--url", "ftp://city.test"),
        ("add", CITY, "--name", "x", "--url", "http://user:pw@city.test"),
        ("invite", CITY),
        ("suspend", CITY),
    ):
        with pytest.raises(CommandError):
            command("exchange_peer", *arguments)
    command("exchange_peer", "add", CITY, "--name", "x")
    with pytest.raises(CommandError):
        command("exchange_peer", "resume", CITY)


def test_suspending_and_resuming(own, city):
    assert "suspended" in command("exchange_peer", "suspend", CITY)
    assert pump.due_peers() == []
    Peer.objects.update(next_try_at=clock.now() + timedelta(hours=1), failures=9)
    command("exchange_peer", "resume", CITY)
    peer = Peer.objects.get()
    assert (peer.state, peer.failures) == ("enabled", 0)
    assert peer.next_try_at <= clock.now()
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"exchange.peer_suspended", "exchange.peer_resumed"} <= types


def test_the_private_key_is_only_for_its_owner(own, settings):
    path = Path(settings.EXCHANGE_KEY_FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.own_key().public_key == own.public_key
    assert keys.own_key().keyid == f"{OWN}#1"


def test_neighbours_learn_about_each_other(own, connect, nation, city):
    """Each child hears about us, our parent and its sister; the parent of both."""
    sister = connect("M37080001")
    pump.collect()
    for peer_id in pump.due_peers():
        sending.send_to_peer(peer_id)
    for one in (nation, city, sister):
        groups = one.groups("exchange.node")
        for group in groups:
            one.check_seal(group)
        told = {
            entry["data"]["code"]: entry["data"]
            for group in groups
            for entry in group["records"]
        }
        others = {OWN, CITY, "M37080001"} | (set() if one is nation else {nation.code})
        assert set(told) == others - {one.code}
        for node in (nation, city, sister):
            if node.code in told:
                assert told[node.code]["keys"][0]["public_key"] == node.public
        assert told[OWN]["keys"][0]["public_key"] == own.public_key


def node(one, **changes):
    key = {"serial": one.serial, "alg": "ed25519", "public_key": one.public}
    key["valid_from"] = "2026-01-01T00:00:00+08:00"
    facts = {
        "code": one.code,
        "tier": "county",
        "division": one.code[1:7],
        "name": one.code,
        "state": "active",
        "keys": [key],
    }
    return record(**(facts | changes))


def deliver(client, sender, *records):
    group = sender.group("exchange.node", *records)
    return sender.deliver(client, OWN, group)["results"][0]


def test_a_child_speaks_only_about_its_own_division(client, city):
    assert deliver(client, city, node(Neighbour("C37020201")))["applied"] == 1
    for code in ("M37080001", "C37080201", "N10000001"):
        result = deliver(client, city, node(Neighbour(code)))
        assert result["rejected"][0]["code"] == "out_of_scope"
    assert not NodeKey.objects.filter(node="M37080001").exists()


def test_nobody_changes_our_key_or_those_we_established(client, own, city, nation):
    for code in (OWN, city.code):
        result = deliver(client, nation, node(Neighbour(code, serial=7)))
        assert (result["applied"], result["unchanged"]) == (0, 1)
        assert not NodeKey.objects.filter(node=code, serial=7).exists()
    assert deliver(client, nation, node(Neighbour("P35000001")))["applied"] == 1
    assert NodeKey.objects.filter(node="P35000001").exists()


def test_a_key_of_a_serial_never_changes(client, city):
    county = Neighbour("C37020201")
    deliver(client, city, node(county))
    result = deliver(client, city, node(Neighbour(county.code)))
    assert result["rejected"][0]["code"] == "not_origin"
    assert NodeKey.objects.get(node=county.code).public_key == county.public


def test_keys_rotate_with_an_overlap(client, city):
    """Two keys at once; one that is no longer named ends."""
    new = Neighbour(city.code, serial=2)
    two = node(city)
    two["data"]["keys"] += node(new)["data"]["keys"]
    assert deliver(client, city, two)["applied"] == 1
    for one in (city, new):
        assert one.request(client, "GET", "interfaces").status_code == 200
    only_new = node(new) | {"uid": two["uid"], "revision": 2}
    assert deliver(client, new, only_new)["applied"] == 1
    with clock.at(clock.now() + timedelta(seconds=5)):
        old = city.request(client, "GET", "interfaces")
        assert (old.status_code, old.json()["code"]) == (401, "expired")
        assert new.request(client, "GET", "interfaces").status_code == 200


@pytest.mark.parametrize("tier", ["M", "municipality of a province", "市级"])
def test_a_tier_in_words_of_others(client, own, token, tier):
    """The letter of the code says which it is."""
    one = Neighbour(CITY)
    payload = application(one, token)
    payload["node"]["tier"] = tier
    assert one.request(client, "POST", "enrolments", payload).status_code == 201
    assert Node.objects.get(code=CITY).tier == "municipal"
    county = Neighbour("C37020201")
    assert deliver(client, one, node(county, tier="district"))["applied"] == 1
    assert Node.objects.get(code=county.code).tier == "county"


def test_a_withdrawn_platform_speaks_no_more(client, city):
    county = Neighbour("C37020201")
    told = node(county)
    assert deliver(client, city, told)["applied"] == 1
    gone = told | {"revision": 2, "op": "withdraw"}
    assert deliver(client, city, gone)["applied"] == 1
    assert Node.objects.get(code=county.code).state == "suspended"
    assert NodeKey.objects.get(node=county.code).valid_to is not None
    assert deliver(client, city, told | {"revision": 3})["applied"] == 1
    assert Node.objects.get(code=county.code).state == "active"
    assert NodeKey.objects.get(node=county.code).valid_to is None


def join(monkeypatch, answer):
    def respond(url, method, path, payload=None):
        assert (method, path) == ("POST", "enrolments")
        assert payload["node"]["code"] == OWN
        return answer

    monkeypatch.setattr("exchange.delivery.network.call", respond)
    return command("exchange_join", "--parent-url", "http://up.test", "--token", "t")


def test_we_join_a_parent(own, monkeypatch):
    up = Neighbour("N10000001", serial=2)
    card = {
        "node": {"code": up.code, "tier": "national", "name": "国家"},
        "public_key": up.public,
        "alg": "ed25519",
        "keyid": up.keyid,
    }
    assert up.code in join(monkeypatch, httpx.Response(201, json=card))
    peer = Peer.objects.get()
    assert (peer.relation, peer.state, peer.url) == (
        "parent",
        "enabled",
        "http://up.test",
    )
    assert Node.objects.get(code=OWN).parent_code == up.code
    assert keys.find(up.keyid).public_key == up.public


def test_a_line_past_the_parent_leaves_the_parent_alone(as_node, own, monkeypatch):
    """A city of a province joins the nation too; the nearer one stays the parent."""
    Node.objects.filter(code=OWN).update(parent_code="P37000002")
    up = Neighbour("N10000001")
    card = {
        "node": {"code": up.code, "tier": "national", "name": "国家"},
        "public_key": up.public,
        "alg": "ed25519",
        "keyid": up.keyid,
    }
    join(monkeypatch, httpx.Response(201, json=card))
    assert Peer.objects.get().relation == "parent"
    assert Node.objects.get(code=OWN).parent_code == "P37000002"


def test_a_child_known_below_another_stays_there(client, own, city):
    """The nation connects a city of a province: the province stays its parent."""
    county = Neighbour("C37020201")
    assert deliver(client, city, node(county, parent=city.code))["applied"] == 1
    enrolment.add_peer(code=county.code, name="x", public_key=county.public)
    assert Node.objects.get(code=county.code).parent_code == city.code


def test_a_parent_that_refuses_or_is_none(own, monkeypatch):
    refusal = {"code": "expired", "message": "too late", "fields": {}}
    with pytest.raises(CommandError, match="too late"):
        join(monkeypatch, httpx.Response(401, json=refusal))
    with pytest.raises(CommandError):
        join(monkeypatch, httpx.Response(502, text="<html>"))
    sideways = {"node": {"code": "P35000001"}, "public_key": Neighbour("x").public}
    with pytest.raises(CommandError):
        join(monkeypatch, httpx.Response(201, json=sideways))
    assert not Peer.objects.exists()


def test_keys_are_read_as_pem_or_base64(own):
    one = Neighbour(CITY)
    assert keys.parse_public(f" {one.public}\n") == one.public
    with pytest.raises(DomainError):
        keys.parse_public("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
    with pytest.raises(DomainError):
        enrolment.add_peer(code=CITY, name="x", public_key="AAAA")
