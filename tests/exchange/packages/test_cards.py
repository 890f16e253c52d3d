"""Joining without a line: cards are carried, then packages."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exchange.delivery.models import Call, NodeKey, Peer
from platform_core.datasets.federation import parent_code
from platform_core.datasets.services import publish
from platform_core.regions.models import Node
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import Neighbour, record

from . import carrier

TIERS = {"N": "national", "P": "provincial", "M": "municipal"}


def card(one, path, **changes):
    node = {"code": one.code, "tier": TIERS[one.code[0]], "name": one.code, "url": ""}
    told = {"node": node, "public_key": one.public, "alg": one.alg, "keyid": one.keyid}
    file = path / f"{one.code}.json"
    file.write_text(json.dumps(told | changes), encoding="utf-8")
    return file


def command(*arguments):
    out, errors = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


@pytest.mark.function("DX-23", at="packages:bring")
def test_a_child_is_admitted_by_its_card(own, shelf, tmp_path, bring, take, make):
    city = Neighbour("M37020001", serial=3)
    said, _errors = command("exchange_peer", "admit", card(city, tmp_path))
    assert "M37020001 enabled" in said
    peer = Peer.objects.get(code=city.code)
    assert peer.url == ""
    assert NodeKey.objects.get(node=city.code).serial == 3
    group = city.group("test.reading", record(**reading()))
    package = bring(carrier.packed(carrier.package(city, OWN, [group]))).package
    assert take(package).applied == 1
    # What goes down names this platform and its key.
    city.trusted[own.keyid] = own.public_key
    _made, content = make(peer, interfaces=["exchange.node"])
    _manifest, parts = carrier.read(city, content)
    told = [r["data"]["code"] for (g,) in carrier.groups(parts) for r in g["records"]]
    assert OWN in told


@pytest.mark.function("DX-23", at="packages:make")
def test_the_parent_is_joined_by_its_card(own, shelf, tmp_path, make):
    nation = Neighbour("N10000001")
    nation.trusted[own.keyid] = own.public_key
    said, _errors = command("exchange_join", "--card", card(nation, tmp_path))
    assert "Joined N10000001" in said
    assert "fingerprint" in said
    assert parent_code() == nation.code
    assert not Call.objects.exists()
    publish("test.reading", announced())
    peer = Peer.objects.get(code=nation.code)
    _made, content = make(peer, interfaces=["test.reading"])
    _manifest, parts = carrier.read(nation, content)
    ((group,),) = carrier.groups(parts)
    nation.check_seal(group)


def test_both_ends_read_the_same_fingerprint(own, tmp_path):
    text, said = command("exchange_peer", "card")
    mark = said.split(":")[1].strip()
    assert json.loads(text)["keyid"] == own.keyid
    assert Node.objects.get(code=OWN).name == json.loads(text)["node"]["name"]
    mine = Neighbour("M37020001")
    shown, _errors = command("exchange_peer", "admit", card(mine, tmp_path))
    assert shown.split(":")[1].strip() != mark
    assert len(mark.split()) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"node": None},
        {"public_key": 7},
        {"public_key": "nonsense"},
        {"keyid": "M37080001#1"},
        {"node": {"code": "M35010001"}},
    ],
)
def test_what_is_no_card_of_a_child(own, tmp_path, changes):
    file = card(Neighbour("M37020001"), tmp_path, **changes)
    with pytest.raises(CommandError):
        command("exchange_peer", "admit", file)
    assert not Peer.objects.exists()


def test_joining_wants_a_token_or_a_card(own):
    with pytest.raises(CommandError, match="--card"):
        command("exchange_join")
