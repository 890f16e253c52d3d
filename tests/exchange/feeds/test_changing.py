"""Other terms of a subscription, from both ends."""

import json
from datetime import timedelta

import httpx
import pytest
from django.urls import reverse

from exchange.delivery.models import Peer
from exchange.feeds.models import Application, Subscription
from exchange.feeds.services import applications, changing, subscriptions
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.datasets import registry
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

from .conftest import order, wish

DX16 = pytest.mark.function("DX-03", "DX-16", at="feeds:agree")


def put(client, one, row, **terms):
    return one.request(client, "PUT", f"subscriptions/{row.uid}", terms)


def seen(client, one, row):
    return one.request(client, "GET", f"subscriptions/{row.uid}").json()


def in_days(days):
    return (clock.now() + timedelta(days=days)).isoformat()


@DX16
def test_a_renewal_counts_when_two_people_have_agreed(
    client, city, shelf, subscribe, owner, manager, fetch
):
    end = clock.now() + timedelta(days=3)
    row, later = subscribe(city, valid_to=end), in_days(400)
    answer = put(client, city, row, until=later)
    assert (answer.status_code, answer.json()["wanted"]["until"]) == (200, later)
    assert answer.json()["valid_to"] == end.isoformat()
    changing.agree_as_owner(subscription=row, by=owner)
    assert seen(client, city, row)["valid_to"] == end.isoformat()
    with pytest.raises(Conflict):
        changing.agree_as_manager(subscription=row, by=owner)
    changing.agree_as_manager(subscription=row, by=manager)
    told = seen(client, city, row)
    assert told["valid_to"] == later
    assert "wanted" not in told
    with clock.at(end + timedelta(days=1)):
        assert fetch(city).status_code == 200
    assert AuditEntry.objects.filter(type="exchange.subscription_changed").exists()


@DX16
def test_wider_divisions_are_served_from_the_start(
    client, city, shelf, subscribe, owner, manager, fetch_all
):
    row = subscribe(city, divisions=["370200"])
    near, far = order(division="370200"), order(division="370800")
    assert fetch_all(city).uids == [str(near.uid)]
    put(client, city, row, divisions=["370200", "370800"])
    assert fetch_all(city).uids == [str(near.uid)]
    changing.agree_as_owner(subscription=row, by=owner)
    changing.agree_as_manager(subscription=row, by=manager)
    assert set(fetch_all(city).uids) == {str(near.uid), str(far.uid)}


def test_what_is_sent_begins_anew_only_with_a_wider_scope(
    client, city, shelf, subscribe, owner, manager
):
    row = subscribe(city, mode="push", divisions=["370200"])
    for divisions, cursor in ((["370202"], "kept"), ([], "")):
        Subscription.objects.update(cursor="kept")
        put(client, city, row, divisions=divisions)
        changing.agree_as_owner(subscription=row, by=owner)
        changing.agree_as_manager(subscription=row, by=manager)
        row.refresh_from_db()
        assert (row.divisions, row.cursor) == (divisions, cursor)


@pytest.mark.function("DX-15", at="feeds:application-add")
def test_a_period_is_wished_for_from_the_start(client, city, shelf, owner, manager):
    end = in_days(60)
    made = city.request(client, "POST", "subscriptions", wish(until=end)).json()
    assert made["valid_to"] == end
    again = city.request(client, "POST", "subscriptions", wish(until=end)).json()
    assert again["id"] == made["id"]
    wrong = wish(until="tomorrow", interface="test.reading")
    answer = city.request(client, "POST", "subscriptions", wrong)
    assert answer.json()["code"] == "format"
    row = Subscription.objects.get()
    subscriptions.approve_as_owner(subscription=row, by=owner)
    client.force_login(UserFactory(roles=["sys_admin"]))
    page = client.get(reverse("feeds:approve", args=[row.uid]))
    assert page.context["form"].initial["valid_to"] == row.valid_to


def test_a_declined_change_leaves_the_terms_and_says_why(
    client, city, shelf, subscribe, manager
):
    row = subscribe(city)
    put(client, city, row, purpose="more of it")
    changing.decline(subscription=row, by=manager, reason="no basis")
    told = seen(client, city, row)
    assert (told["purpose"], told["reason"]) == ("figures of the city", "no basis")
    assert "wanted" not in told
    with pytest.raises(Conflict):
        changing.decline(subscription=row, by=manager, reason="again")


def test_the_present_terms_asked_for_again_take_a_wish_back(
    client, city, shelf, subscribe
):
    row = subscribe(city)
    assert "wanted" in put(client, city, row, purpose="other").json()
    assert "wanted" not in put(client, city, row).json()


def test_a_new_wish_needs_both_approvals_anew(
    client, city, shelf, subscribe, owner, manager
):
    row = subscribe(city)
    put(client, city, row, purpose="one")
    changing.agree_as_owner(subscription=row, by=owner)
    with pytest.raises(Conflict):
        changing.agree_as_owner(subscription=row, by=manager)
    put(client, city, row, purpose="two")
    with pytest.raises(Conflict):
        changing.agree_as_manager(subscription=row, by=manager)


@pytest.mark.parametrize(
    ("terms", "status", "code"),
    [
        ({"divisions": ["440100"]}, 403, "out_of_scope"),
        ({"fields": ["salary"]}, 400, "code_list"),
        ({"until": "soon"}, 400, "format"),
        ({"until": "2020-01-01T00:00:00+08:00"}, 400, "range"),
        ({"purpose": ""}, 400, "required"),
    ],
)
def test_terms_that_cannot_be(client, city, shelf, subscribe, terms, status, code):
    row = subscribe(city)
    answer = put(client, city, row, **terms)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    row.refresh_from_db()
    assert row.wanted is None


def test_subscriptions_of_others_and_ended_ones_cannot_be_changed(
    client, city, connect, shelf, subscribe
):
    row = subscribe(city)
    other = connect("M37080001")
    assert put(client, other, row, purpose="mine").status_code == 404
    Subscription.objects.update(state="cancelled")
    assert put(client, city, row, purpose="x").status_code == 409


@pytest.mark.function("DX-16", at="feeds:limit")
def test_the_owner_limits_but_never_widens(city, shelf, subscribe, manager):
    end = clock.now() + timedelta(days=30)
    row = subscribe(city, divisions=["370200"], masks=["unit"], valid_to=end)
    terms = {"divisions": ["370202"], "masks": ["unit", "note"], "valid_to": end}
    changing.limit(subscription=row, by=manager, reason="audit", **terms)
    row.refresh_from_db()
    assert (row.divisions, row.masks) == (["370202"], ["unit", "note"])
    for wider in (
        {"divisions": []},
        {"divisions": ["370200"]},
        {"masks": ["unit"]},
        {"valid_to": None},
        {"valid_to": end + timedelta(days=1)},
        {"valid_to": clock.now() - timedelta(days=1)},
    ):
        with pytest.raises(DomainError) as found:
            changing.limit(subscription=row, by=manager, reason="no", **(terms | wider))
        assert set(found.value.fields) == set(wider)


def test_the_pages_show_and_decide_other_terms(client, city, shelf, subscribe):
    row = subscribe(city)
    admin = UserFactory(roles=["sys_admin"])
    leader = UserFactory(roles=["bureau_leader"])
    put(client, city, row, purpose="to plan", until=in_days(90))
    assert Notice.objects.filter(recipient=leader, kind="subscription").exists()
    client.force_login(leader)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "to plan" in page
    url = reverse("feeds:agree-owner", args=[row.uid])
    assert "to plan" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert client.post(reverse("feeds:agree", args=[row.uid])).status_code == 403
    client.force_login(admin)
    assert client.post(reverse("feeds:agree", args=[row.uid])).status_code == 302
    row.refresh_from_db()
    assert (row.purpose, row.wanted) == ("to plan", None)
    page = client.get(row.get_absolute_url()).content.decode()
    assert reverse("feeds:decline", args=[row.uid]) not in page
    form = {"divisions": "370200", "masks": "note", "valid_to": "", "reason": "audit"}
    url = reverse("feeds:limit", args=[row.uid])
    assert client.post(url, form).status_code == 422
    end = row.valid_to.strftime("%Y-%m-%d %H:%M")
    client.post(url, form | {"valid_to": end})
    row.refresh_from_db()
    assert row.divisions == ["370200"]


# The other end ----------------------------------------------------------------------


@pytest.fixture
def elsewhere(wire, city, monkeypatch):
    """The city as the owner of what we subscribed to."""
    told = {"id": "77", "state": "active", "divisions": [], "fields": None}
    asked = []

    def answer(request):
        asked.append((request.method, json.loads(request.content or b"null")))
        return httpx.Response(200, json=told)

    monkeypatch.setattr(city, "answer", answer)
    return told, asked


@pytest.fixture
def mine(city):
    return Application.objects.create(
        peer=Peer.objects.get(code=city.code),
        interface="test.reading",
        remote_id="77",
        state="active",
        divisions=["370200"],
        purpose="figures",
        cursor="c9",
    )


@pytest.mark.function("DX-15", at="feeds:application-change")
def test_asking_for_other_terms_and_hearing_of_them(client, city, mine, elsewhere):
    told, asked = elsewhere
    admin = UserFactory(roles=["sys_admin"])
    client.force_login(admin)
    told |= {"divisions": ["370200"], "wanted": {"divisions": [], "purpose": "plan"}}
    url = reverse("feeds:application-change", args=[mine.uid])
    assert "figures" in client.get(url).content.decode()
    form = {"divisions": "", "fields_wanted": "", "purpose": "plan", "until": ""}
    assert client.post(url, form).status_code == 302
    assert asked[-1][0] == "PUT"
    assert asked[-1][1] == {
        "until": None,
        "divisions": [],
        "fields": None,
        "purpose": "plan",
    }
    mine.refresh_from_db()
    assert (mine.wanted["purpose"], mine.cursor) == ("plan", "c9")
    told |= {"divisions": [], "purpose": "plan", "wanted": None}
    applications.refresh(mine.pk)
    mine.refresh_from_db()
    assert (mine.divisions, mine.purpose, mine.wanted) == ([], "plan", None)
    assert mine.cursor == ""
    assert Notice.objects.filter(recipient=admin, kind="subscription").count() == 1


@pytest.mark.parametrize("until", ["2026-02-30T00:00:00Z", "tomorrow", 5, None])
def test_an_end_that_is_no_time_is_none(mine, elsewhere, until):
    told, _asked = elsewhere
    told["valid_to"] = until
    applications.refresh(mine.pk)
    mine.refresh_from_db()
    assert mine.valid_to is None


def test_impossible_terms_do_not_leave_the_house(client, city, mine, elsewhere):
    _told, asked = elsewhere
    past = {"until": "2020-01-01T00:00:00+08:00"}
    with pytest.raises(DomainError):
        applications.change(application=mine, by=None, payload=past)
    Application.objects.update(state="cancelled")
    with pytest.raises(Conflict):
        applications.change(application=mine, by=None, payload={})
    assert not asked


@pytest.mark.function("DX-14", at="feeds:application")
def test_subscribers_hear_of_a_newer_version_once(
    client, city, shelf, subscribe, mine, elsewhere
):
    admin = UserFactory(roles=["sys_admin"])
    row = subscribe(city)
    assert "newer" not in seen(client, city, row)
    known = registry.get("test.order")
    registry.register(type(known)(**{**vars_of(known), "version": 2}))
    try:
        assert seen(client, city, row)["newer"] == 2
    finally:
        registry.forget("test.order", 2)
    told, _asked = elsewhere
    Notice.objects.all().delete()
    told |= {"newer": 2, "divisions": ["370200"], "purpose": "figures"}
    applications.refresh(mine.pk)
    applications.refresh(mine.pk)
    mine.refresh_from_db()
    assert mine.newer == 2
    assert Notice.objects.filter(recipient=admin).count() == 1


def vars_of(dataset):
    names = ("code", "name", "direction", "model", "serializer", "apply", "recipients")
    return {name: getattr(dataset, name) for name in names}
