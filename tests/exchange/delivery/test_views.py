"""The operator's pages: who may see and do what, and what they show."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from exchange.delivery import selectors
from exchange.delivery.models import Batch, Invitation, Parcel, Peer, ProblemRecord
from exchange.delivery.services import pump, sending
from platform_core.common import clock
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record
from tests.factories.accounts import UserFactory


@pytest.fixture
def operator(client, own):
    """An administrator of the platform, signed in."""
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def traffic(client, city, shelf):
    """One order taken, one refused, one record received, one refused here."""
    good = announced(receivers=[city.code])
    bad = announced(receivers=[city.code])
    publish("test.order", good)
    publish("test.order", bad)
    reason = {"uid": str(bad.uid), "revision": 1, "code": "range", "field": "value"}
    answer = {"applied": 1, "unchanged": 0, "rejected": [reason | {"message": "no"}]}
    Parcel.objects.all().delete()
    pump.collect()
    Parcel.objects.exclude(group__interface="test.order").delete()
    city.results = [[answer]]
    sending.send_to_peer(Peer.objects.get().pk)
    wrong = record(**reading(unit="kg"))
    city.deliver(client, OWN, city.group("test.reading", record(**reading()), wrong))
    return good, bad


PAGES = [
    ("status", []),
    ("peer", ["M37020001"]),
    ("problem-list", []),
    ("rejected-list", []),
    ("batch-list", []),
    ("transfer-list", []),
    ("key-list", []),
    ("peer-policy", ["M37020001"]),
    ("trace", []),
    ("interface-list", []),
    ("interface", ["exchange.node", 1]),
    ("peer-add", []),
    ("peer-suspend", ["M37020001"]),
    ("peer-resend", ["M37020001"]),
]


@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_pages_need_their_permission(client, own, city, name, arguments):
    url = reverse(f"delivery:{name}", args=arguments)
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_pages_open(client, operator, traffic, name, arguments):
    answer = client.get(reverse(f"delivery:{name}", args=arguments))
    assert answer.status_code == 200


def test_the_status_page_shows_line_queue_and_problems(client, operator, traffic):
    text = client.get(reverse("delivery:status")).content.decode()
    assert "M37020001" in text
    (one,) = selectors.peer_health()
    assert (one.pending, one.problems, one.rejected) == (0, 1, 1)
    assert (one.calls, one.success_rate, one.light) == (1, 100, "yellow")
    assert one.p95 is not None


def test_the_light_of_a_peer(own, city):
    peer = Peer.objects.get()
    assert selectors.light(peer, None, 0) == "none"
    peer.contact_at = clock.now()
    assert selectors.light(peer, 3, 0) == "green"
    assert selectors.light(peer, 61, 0) == "yellow"
    assert selectors.light(peer, None, 1) == "yellow"
    peer.failures = 3
    assert selectors.light(peer, None, 0) == "red"
    peer.failures, peer.contact_at = 0, clock.now() - timedelta(seconds=181)
    assert selectors.light(peer, None, 0) == "red"


def test_the_status_costs_the_same_for_any_number_of_peers(
    own, connect, city, django_assert_num_queries
):
    with django_assert_num_queries(5):
        selectors.peer_health()
    connect("M37080001")
    with django_assert_num_queries(5):
        selectors.peer_health()


def test_lists_cost_the_same_for_any_number_of_rows(
    client, operator, traffic, django_assert_max_num_queries
):
    problem = ProblemRecord.objects.get()
    for name in ("problem-list", "rejected-list", "batch-list"):
        url = reverse(f"delivery:{name}")
        client.get(url)
        with django_assert_max_num_queries(12):
            client.get(url)
    for number in range(2, 20):
        problem.pk, problem.revision = None, number
        problem.save()
    url = reverse("delivery:problem-list")
    with django_assert_max_num_queries(12):
        answer = client.get(url)
    assert str(problem.uid) in answer.content.decode()


def test_a_peer_is_paused_and_resumed(client, operator, city):
    client.post(reverse("delivery:peer-suspend", args=[city.code]))
    assert Peer.objects.get().state == "suspended"
    client.post(reverse("delivery:peer-resume", args=[city.code]))
    assert Peer.objects.get().state == "enabled"


def test_a_platform_is_connected_and_invited(client, operator):
    facts = {"code": "M37080001", "name": "济宁", "tier": "municipal"}
    client.post(reverse("delivery:peer-add"), facts)
    assert Peer.objects.get().state == "draft"
    url = reverse("delivery:peer-invite", args=["M37080001"])
    answer = client.post(url, follow=True)
    assert Invitation.objects.count() == 1
    assert Invitation.objects.get().token_hash not in answer.content.decode()
    wrong = client.post(reverse("delivery:peer-add"), facts | {"code": "M31010001"})
    assert wrong.status_code == 422
    assert Peer.objects.count() == 1


def test_a_problem_is_sent_again_and_heals(client, operator, city, traffic):
    problem = ProblemRecord.objects.get()
    url = reverse("delivery:problem-list")
    client.post(url, {"bulk": "resend", "selected": problem.pk, "confirmed": "1"})
    assert Parcel.objects.get(pk=problem.parcel_id).state == "queued"
    sending.send_to_peer(Peer.objects.get().pk)
    problem.refresh_from_db()
    assert problem.state == "resolved"


def test_a_batch_and_a_period_are_sent_again(client, operator, city, traffic):
    batch = Batch.objects.get()
    client.post(reverse("delivery:batch-resend", args=[batch.uid]))
    assert Parcel.objects.get().state == "queued"
    sending.send_to_peer(Peer.objects.get().pk)
    period = {"start": "2020-01-01T00:00", "end": "2099-01-01T00:00"}
    client.post(reverse("delivery:peer-resend", args=[city.code]), period)
    assert Parcel.objects.get().state == "queued"
    backwards = {"start": period["end"], "end": period["start"]}
    url = reverse("delivery:peer-resend", args=[city.code])
    assert client.post(url, backwards).status_code == 422


def test_one_message_is_traced_to_its_receipt(client, operator, traffic):
    good, bad = traffic
    url = reverse("delivery:trace")
    text = client.get(url, {"uid": str(good.uid)}).content.decode()
    assert str(Batch.objects.get().uid) in text
    refused = client.get(url, {"uid": str(bad.uid)}).content.decode()
    assert "range value no" in refused
    assert client.get(url, {"uid": str(uuid4())}).status_code == 200
    assert client.get(url, {"uid": "x"}).status_code == 200


def test_a_relayed_message_is_traced_onward(client, operator, city, nation, shelf):
    one = record(**reading())
    city.deliver(client, OWN, city.group("test.reading", one))
    url = reverse("delivery:trace")
    text = client.get(url, {"uid": one["uid"]}).content.decode()
    assert city.keyid in text
    assert nation.code in text


def test_an_unknown_interface_is_a_404(client, operator):
    url = reverse("delivery:interface", args=["no.such", 1])
    assert client.get(url).status_code == 404
