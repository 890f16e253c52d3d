"""The pages of subscriptions: who may see and do what."""

import httpx
import pytest
from django.urls import reverse

from exchange.delivery.models import Peer
from exchange.feeds.models import Application, Subscription
from platform_core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory

from .conftest import wish


@pytest.fixture
def applied(client, city, shelf):
    """A city has applied for our orders."""
    made = city.request(client, "POST", "subscriptions", wish())
    return Subscription.objects.get(uid=made.json()["id"])


def post(client, name, row, **data):
    return client.post(reverse(f"feeds:{name}", args=[row.uid]), data)


def state(row):
    row.refresh_from_db()
    return row.state


@pytest.mark.function("DX-03", "DX-16", at="feeds:approve")
def test_two_people_approve_on_their_pages(client, applied):
    leader, admin = (
        UserFactory(roles=["bureau_leader"]),
        UserFactory(roles=["sys_admin"]),
    )
    client.force_login(leader)
    page = client.get(applied.get_absolute_url()).content.decode()
    assert "figures of the city" in page
    assert post(client, "approve", applied).status_code == 403
    assert post(client, "approve-owner", applied, masks="note, unit").status_code == 302
    assert state(applied) == "owner_approved"
    assert applied.masks == ["note", "unit"]
    client.force_login(admin)
    assert post(client, "approve-owner", applied).status_code == 403
    assert post(client, "approve", applied).status_code == 302
    assert state(applied) == "active"
    assert (applied.owner, applied.manager) == (leader, admin)
    events = AuditEntry.objects.filter(type__startswith="exchange.subscription_")
    assert list(events.order_by("pk").values_list("actor_name", flat=True)) == [
        "",
        leader.full_name,
        admin.full_name,
    ]


def test_one_person_with_both_rights_cannot_approve_twice(client, applied):
    client.force_login(UserFactory(is_superuser=True))
    post(client, "approve-owner", applied)
    answer = post(client, "approve", applied)
    assert answer.status_code == 409
    assert state(applied) == "owner_approved"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("refuse", "applied", "refused"),
        ("suspend", "active", "suspended"),
        ("cancel", "active", "cancelled"),
    ],
)
def test_each_end_needs_a_reason(client, applied, name, before, after):
    client.force_login(UserFactory(roles=["sys_admin"]))
    Subscription.objects.update(state=before)
    assert post(client, name, applied).status_code == 422
    assert state(applied) == before
    assert post(client, name, applied, reason="because").status_code == 302
    assert (state(applied), applied.reason) == (after, "because")


def test_a_suspended_one_is_resumed(client, applied):
    client.force_login(UserFactory(roles=["sys_admin"]))
    Subscription.objects.update(state="suspended")
    assert post(client, "resume", applied).status_code == 302
    assert state(applied) == "active"
    assert post(client, "resume", applied).status_code == 409


def test_who_has_no_right_sees_nothing(client, applied):
    client.force_login(UserFactory())
    for name in ("subscription-list", "application-list"):
        assert client.get(reverse(f"feeds:{name}")).status_code == 403
    assert client.get(applied.get_absolute_url()).status_code == 403


def test_the_list_filters_searches_and_exports(client, applied, connect):
    client.force_login(UserFactory(roles=["sys_admin"]))
    url = reverse("feeds:subscription-list")
    assert "test.order" in client.get(url).content.decode()
    assert "test.order" in client.get(url, {"q": "figures"}).content.decode()
    assert "test.order" not in client.get(url, {"q": "elsewhere"}).content.decode()
    shown = client.get(url, {"state": "active"}).content.decode()
    assert "test.order" not in shown
    file = client.get(url, {"export": "csv"})
    assert b"test.order" in b"".join(file)


def test_the_list_costs_the_same_for_many(
    client, applied, connect, django_assert_max_num_queries
):
    client.force_login(UserFactory(roles=["sys_admin"]))
    for number in range(20):
        Subscription.objects.create(
            peer=applied.peer, interface="test.order", version=number + 2
        )
    with django_assert_max_num_queries(20):
        client.get(reverse("feeds:subscription-list"))


@pytest.fixture
def answering(wire, city, monkeypatch):
    """The city as somebody to subscribe at."""
    told = {"id": "77", "state": "applied", "fields": None}
    asked = []

    def answer(request):
        asked.append((request.method, request.url.path))
        status = 201 if request.method == "POST" else 200
        return httpx.Response(status, json=told)

    monkeypatch.setattr(city, "answer", answer)
    return told, asked


@pytest.mark.function("DX-15", at="feeds:application-add")
def test_applying_at_another_platform(client, city, shelf, answering):
    told, asked = answering
    client.force_login(UserFactory(roles=["sys_admin"]))
    form = {
        "peer": city_peer(city).pk,
        "contract": "test.reading:1",
        "mode": "pull",
        "divisions": "370200",
        "purpose": "to know",
    }
    answer = client.post(reverse("feeds:application-add"), form)
    assert answer.status_code == 302
    row = Application.objects.get()
    assert (row.state, row.remote_id, row.divisions) == ("applied", "77", ["370200"])
    told |= {"state": "refused", "reason": "not yours"}
    post(client, "application-refresh", row)
    assert (state(row), row.reason) == ("refused", "not yours")
    assert "not yours" in client.get(row.get_absolute_url()).content.decode()
    assert (
        "test.reading" in client.get(reverse("feeds:application-list")).content.decode()
    )


def test_cancelling_an_own_subscription_tells_the_owner(client, city, shelf, answering):
    _told, asked = answering
    client.force_login(UserFactory(roles=["sys_admin"]))
    row = Application.objects.create(
        peer=city_peer(city), interface="test.reading", remote_id="77", state="active"
    )
    assert post(client, "application-cancel", row).status_code == 302
    assert asked == [("DELETE", "/exchange/v1/subscriptions/77")]
    assert state(row) == "cancelled"


def test_a_refused_application_leaves_nothing(client, city, shelf, monkeypatch):
    client.force_login(UserFactory(roles=["sys_admin"]))
    error = {"code": "out_of_scope", "message": "not for you", "fields": {}}
    monkeypatch.setattr(city, "answer", lambda r: httpx.Response(403, json=error))
    form = {"peer": city_peer(city).pk, "contract": "test.reading:1", "mode": "pull"}
    answer = client.post(reverse("feeds:application-add"), form | {"purpose": "x"})
    assert answer.status_code == 422
    assert "not for you" in answer.content.decode()
    assert not Application.objects.exists()


def city_peer(city):
    return Peer.objects.get(code=city.code)
