"""Who is connected, from where they may call, and testing the line."""

from datetime import timedelta

import httpx
import pytest
from django.urls import reverse

from exchange.delivery.enums import OutageKind, PeerState
from exchange.delivery.models import LineTest, Outage, Peer
from exchange.delivery.services import line, policies, probing, states
from platform_core.common import clock
from tests.factories.accounts import UserFactory


@pytest.fixture
def operator(client, own):
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user


def peer():
    return Peer.objects.get()


class Answers:
    """A platform that is well, unless told otherwise."""

    def __init__(self, code):
        self.health = {"node": code, "time": clock.now().isoformat()}
        self.interfaces = httpx.Response(200, json=[])
        self.deliveries = None

    def __call__(self, request):
        name = request.url.path.rpartition("/")[2]
        if name == "health":
            return httpx.Response(200, json=self.health)
        if name == "interfaces":
            return self.interfaces
        if self.deliveries is not None:
            return self.deliveries
        batch = httpx.Response(200, content=request.content).json()["batch"]
        return httpx.Response(200, json={"batch": batch, "results": []})


@pytest.fixture
def answers(city, monkeypatch):
    made = Answers(city.code)
    monkeypatch.setattr(city, "answer", made)
    return made


@pytest.mark.function("DX-12", at="delivery:peer-test")
def test_a_passed_test_enables_the_connection(client, operator, city, answers):
    states.move(code=city.code, state=PeerState.TESTING)
    url = reverse("delivery:peer-test", args=[city.code])
    client.post(url, {"enable": "on"})
    made = LineTest.objects.get()
    assert made.passed
    assert [step["ok"] for step in made.steps] == [True] * 4
    assert abs(made.skew) < 5
    assert made.latency is not None
    assert peer().state == PeerState.ENABLED
    text = client.get(peer().get_absolute_url()).content.decode()
    assert "✓" in text


def skewed(answers):
    moment = clock.now() + timedelta(minutes=6)
    answers.health = answers.health | {"time": moment.isoformat()}


def other_node(answers):
    answers.health = answers.health | {"node": "M37080001"}


def no_time(answers):
    answers.health = answers.health | {"time": "noon"}


def unknown_key(answers):
    answers.interfaces = httpx.Response(401, json={"code": "unknown_peer"})


def no_echo(answers):
    answers.deliveries = httpx.Response(200, json={"batch": "another"})


BROKEN = [(other_node, 1), (no_time, 2), (skewed, 2), (unknown_key, 3), (no_echo, 4)]


@pytest.mark.parametrize(("break_it", "steps"), BROKEN)
def test_a_test_stops_at_what_is_wrong(city, answers, break_it, steps):
    states.move(code=city.code, state=PeerState.TESTING)
    break_it(answers)
    made = probing.probe(peer=peer(), enable=True)
    assert not made.passed
    assert [step["ok"] for step in made.steps] == [True] * (steps - 1) + [False]
    assert peer().state == PeerState.TESTING


def test_nobody_there(city):
    city.down = True
    made = probing.probe(peer=peer())
    assert not made.passed
    assert "refused" in made.steps[0]["note"]


def test_without_an_address_there_is_nothing_to_test(city):
    Peer.objects.update(url="")
    assert not probing.probe(peer=peer()).passed


@pytest.mark.function("DX-11", "DX-01", at=["delivery:peer-add", "delivery:peer-edit"])
def test_a_platform_is_registered_and_edited(client, operator):
    facts = {"code": "M37020001", "name": "青岛市", "tier": "municipal"}
    client.post(reverse("delivery:peer-add"), facts)
    assert peer().state == PeerState.DRAFT
    url = reverse("delivery:peer-edit", args=["M37020001"])
    client.post(
        url,
        {
            "name": "青岛市平台",
            "url": "http://127.0.0.1:9",
            "unit": "城市管理局",
            "contact": "王工",
            "phone": "0532-8888",
        },
    )
    found = peer()
    assert (found.name, found.unit) == ("青岛市平台", "城市管理局")
    assert (found.contact, found.phone) == ("王工", "0532-8888")
    answer = client.post(url, {"name": "x", "url": "ftp://example.org"})
    assert answer.status_code == 422
    assert peer().name == "青岛市平台"


def test_calls_from_elsewhere_are_refused(client, city, shelf):
    policies.change(peer=peer(), networks=["10.1.0.0/16"])
    answer = city.request(client, "GET", "interfaces")
    assert (answer.status_code, answer.json()["code"]) == (401, "out_of_scope")
    policies.change(peer=peer(), networks=["10.1.0.0/16", "127.0.0.0/8"])
    assert city.request(client, "GET", "interfaces").status_code == 200


def test_networks_are_checked_in_the_form(client, operator, city):
    url = reverse("delivery:peer-policy", args=[city.code])
    given = {"batch_records": 100, "may_send": "on", "may_receive": "on"}
    answer = client.post(url, given | {"networks": "here"})
    assert answer.status_code == 422
    client.post(url, given | {"networks": "10.1.2.3\n192.168.0.0/24"})
    assert peer().rules.networks == ["10.1.2.3/32", "192.168.0.0/24"]


def test_who_is_heard_but_cannot_be_reached_is_out(client, city):
    city.request(client, "GET", "interfaces")
    Peer.objects.update(failures=3, last_error="refused")
    assert line.find_outages() == 1
    found = Outage.objects.get()
    assert (found.kind, found.error) == (OutageKind.UNREACHABLE, "refused")
    with clock.at(clock.now() + timedelta(seconds=30)):
        city.request(client, "GET", "interfaces")
    assert Outage.objects.get().ended_at is None
    line.worked(peer())
    assert Outage.objects.get().ended_at is not None


def test_what_is_paused_is_not_out(client, city):
    city.request(client, "GET", "interfaces")
    Peer.objects.update(failures=3)
    line.find_outages()
    states.move(code=city.code, state=PeerState.SUSPENDED)
    assert line.find_outages() == 0
    assert Outage.objects.get().ended_at is not None


def test_an_outage_is_explained(city, own):
    outage = Outage.objects.create(peer=peer(), started_at=clock.now())
    line.explain_outage(outage=outage, cause="power", note="transformer")
    outage.refresh_from_db()
    assert (outage.get_cause_display(), outage.note) == ("电力", "transformer")
