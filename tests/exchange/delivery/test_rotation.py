"""New own keys: told to the peers first, then used, then the old one ends."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from exchange.delivery import keys
from exchange.delivery.models import NodeKey, Parcel, Peer
from exchange.delivery.services import enrolment, pump, rotation, sending
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced
from tests.exchange.neighbour import Neighbour, record
from tests.factories.accounts import UserFactory


def send_all():
    pump.collect()
    for peer_id in pump.due_peers():
        sending.send_to_peer(peer_id)


def told(one):
    """Our keys as a neighbour last heard them."""
    mine = [
        entry["data"]["keys"]
        for group in one.groups("exchange.node")
        for entry in group["records"]
        if entry["data"]["code"] == OWN
    ]
    return {key["serial"]: key for key in mine[-1]}


def learn(one):
    for serial, key in told(one).items():
        one.trusted[f"{OWN}#{serial}"] = key["public_key"]


@pytest.fixture
def turned(own, city):
    """A second key is announced; the city has not heard of it yet."""
    send_all()
    return rotation.rotate(overlap_hours=48)


def test_a_new_key_signs_only_after_the_peers_know_it(own, city, turned, shelf):
    rotation.advance()
    assert keys.own_key().serial == 1
    assert [peer.code for peer in rotation.unaware(turned)] == [city.code]
    send_all()
    assert set(told(city)) == {1, 2}
    rotation.advance()
    assert keys.own_key().serial == 2
    learn(city)
    publish("test.order", announced(receivers=[city.code]))
    send_all()
    (group,) = city.groups("test.order")
    assert group["seal"]["keyid"] == f"{OWN}#2"
    city.check_seal(group)


def test_the_old_key_ends_after_the_overlap(own, city, turned, settings):
    send_all()
    rotation.advance()
    learn(city)
    send_all()
    assert told(city)[1]["valid_to"]
    assert keys.find(f"{OWN}#1") is not None
    first = Path(settings.EXCHANGE_KEY_FILE)
    with clock.at(clock.now() + timedelta(hours=47)):
        rotation.advance()
        assert first.exists()
    with clock.at(clock.now() + timedelta(hours=49)):
        rotation.advance()
        assert keys.find(f"{OWN}#1") is None
        assert not first.exists()
        assert keys.own_key().serial == 2
    assert AuditEntry.objects.filter(type="exchange.key_retired").count() == 1


def test_a_time_may_be_given_instead(own, city):
    city.down = True
    moment = clock.now() + timedelta(hours=1)
    key = rotation.rotate(switch_at=moment)
    rotation.advance()
    assert keys.own_key().serial == 1
    with clock.at(moment + timedelta(seconds=1)):
        rotation.advance()
        assert keys.own_key().serial == key.serial == 2


def test_a_peer_that_missed_the_announcement_hears_the_old_key(own, city, shelf):
    """It answers unknown_peer; the same request goes out under the old key."""
    moment = clock.now() + timedelta(seconds=1)
    rotation.rotate(switch_at=moment)
    with clock.at(moment + timedelta(seconds=1)):
        rotation.advance()
        city.strict = True
        send_all()
        assert set(told(city)) == {1, 2}
        learn(city)
        city.received.clear()
        publish("test.order", announced(receivers=[city.code]))
        send_all()
    assert city.hops[-1] == f"{OWN}#2"
    assert f"{OWN}#1" in city.hops


def test_what_waited_longer_than_the_overlap_is_sealed_anew(own, city, shelf):
    publish("test.order", announced(receivers=[city.code]))
    pump.collect()
    rotation.rotate(switch_at=clock.now() + timedelta(seconds=1), overlap_hours=1)
    with clock.at(clock.now() + timedelta(hours=2)):
        rotation.advance()
    with clock.at(clock.now() + timedelta(hours=4)):
        rotation.advance()
        city.trusted[f"{OWN}#2"] = keys.own_key().public_key
        send_all()
    (group,) = city.groups("test.order")
    assert group["seal"]["keyid"] == f"{OWN}#2"
    city.check_seal(group)


def test_a_stolen_key_is_retired_at_once(own, city, turned):
    send_all()
    rotation.advance()
    learn(city)
    rotation.retire(serial=1)
    send_all()
    assert parse_datetime(told(city)[1]["valid_to"]) < clock.now()
    with pytest.raises(DomainError):
        rotation.retire(serial=2)
    with pytest.raises(DomainError):
        rotation.retire(serial=1)


def test_a_new_key_may_be_given_up(own, turned):
    rotation.retire(serial=2)
    rotation.advance()
    assert keys.own_key().serial == 1
    assert NodeKey.objects.get(node=OWN, serial=1).valid_to is None


def test_only_one_new_key_at_a_time(own, turned):
    with pytest.raises(DomainError):
        rotation.rotate()
    with pytest.raises(DomainError):
        rotation.rotate(switch_at=clock.now() - timedelta(days=1))


def node(one, *others):
    listed = [
        {
            "serial": key.serial,
            "alg": key.alg,
            "public_key": key.public,
            "valid_from": "2026-01-01T00:00:00+08:00",
        }
        for key in (one, *others)
    ]
    facts = {"code": one.code, "tier": "municipal", "division": one.code[1:7]}
    return record(**facts, name=one.code, state="active", keys=listed)


def test_a_childs_new_key_is_passed_on_under_our_seal(
    client, own, connect, nation, city
):
    """The child tells us about itself; sister and nation hear it from us."""
    sister = connect("M37080001")
    send_all()
    for one in (nation, city, sister):
        one.received.clear()
    new = Neighbour(city.code, serial=2)
    group = city.group("exchange.node", node(city, new))
    assert city.deliver(client, OWN, group)["results"][0]["applied"] == 1
    send_all()
    for one in (nation, sister):
        heard = [
            entry["data"]
            for group in one.groups("exchange.node")
            if group["origin"] == OWN
            for entry in group["records"]
            if entry["data"]["code"] == city.code
        ]
        assert {key["serial"] for key in heard[-1]["keys"]} == {1, 2}


def test_a_late_announcement_ends_no_newer_key(client, own, nation):
    """The nation's older list of a far platform's keys arrives after a newer one."""
    far, new = Neighbour("P35000001"), Neighbour("P35000001", serial=2)
    for listed in ((far, new), (far,)):
        group = nation.group("exchange.node", node(*listed))
        assert nation.deliver(client, OWN, group)["results"][0]["applied"] == 1
    assert keys.find(new.keyid) is not None
    only_new = nation.group("exchange.node", node(new))
    nation.deliver(client, OWN, only_new)
    with clock.at(clock.now() + timedelta(seconds=2)):
        assert keys.find(far.keyid) is None


def test_suspended_peers_do_not_hold_the_switch_up(own, connect, city, turned):
    connect("M37080001")
    enrolment.suspend(code="M37080001")
    send_all()
    rotation.advance()
    assert keys.own_key().serial == 2


def command(*arguments):
    out = StringIO()
    call_command("exchange_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_command(own):
    assert f"{OWN}#1 ed25519 in_use" in command("list")
    assert "in_use" in command("rotate", "--overlap-hours", "1")
    assert f"{OWN}#1 ed25519 ending" in command("list")
    assert f"{OWN}#1 retired" in command("retire", "1")
    for wrong in (("retire", "1"), ("retire", "9"), ("rotate", "--at", "tomorrow")):
        with pytest.raises(CommandError):
            command(*wrong)


def test_the_pages(client, own, city):
    url = reverse("delivery:key-list")
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(UserFactory(is_superuser=True))
    assert own.public_key in client.get(url).content.decode()
    facts = {"alg": "ed25519", "overlap_hours": 24}
    client.post(reverse("delivery:key-rotate"), facts)
    text = client.get(url).content.decode()
    assert f"{OWN}#2" in text
    assert city.code in text
    again = client.post(reverse("delivery:key-rotate"), facts)
    assert again.status_code in {409, 422}
    client.post(reverse("delivery:key-retire", args=[2]))
    assert not NodeKey.objects.filter(node=OWN, pending=True).exists()
    assert client.post(reverse("delivery:key-retire", args=[1])).status_code == 409


def test_taking_in_our_own_announcement_changes_nothing(client, own, city):
    mine = node(Neighbour(OWN))
    group = city.group("exchange.node", mine)
    city.deliver(client, OWN, group)
    assert NodeKey.objects.get(node=OWN).public_key == own.public_key
    assert not Parcel.objects.filter(state="set_aside").exists()
    assert Peer.objects.count() == 1
