"""Applying, two approvals by different people, and every way it ends."""

from datetime import timedelta

import pytest

from exchange.feeds.models import Subscription
from exchange.feeds.services import subscriptions
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

from .conftest import order, wish


def state_of(client, one, uid):
    answer = one.request(client, "GET", f"subscriptions/{uid}")
    assert answer.status_code == 200
    return answer.json()["state"]


def test_from_application_to_records(client, city, shelf, owner, manager, fetch):
    made = city.request(client, "POST", "subscriptions", wish())
    assert made.status_code == 201
    uid = made.json()["id"]
    assert made.json()["state"] == "applied"
    row = Subscription.objects.get(uid=uid)
    order()
    assert fetch(city).json()["code"] == "not_subscribed"
    subscriptions.approve_as_owner(subscription=row, by=owner)
    assert state_of(client, city, uid) == "owner_approved"
    assert fetch(city).status_code == 403
    subscriptions.approve_as_manager(subscription=row, by=manager)
    assert state_of(client, city, uid) == "active"
    assert len(fetch(city).json()["records"]) == 1


def test_two_different_people_approve(client, city, shelf, owner):
    made = city.request(client, "POST", "subscriptions", wish()).json()
    row = Subscription.objects.get(uid=made["id"])
    with pytest.raises(Conflict):
        subscriptions.approve_as_manager(subscription=row, by=owner)
    subscriptions.approve_as_owner(subscription=row, by=owner)
    with pytest.raises(Conflict):
        subscriptions.approve_as_manager(subscription=row, by=owner)
    assert state_of(client, city, made["id"]) == "owner_approved"


def test_a_refusal_says_why(client, city, shelf, owner):
    made = city.request(client, "POST", "subscriptions", wish()).json()
    row = Subscription.objects.get(uid=made["id"])
    subscriptions.refuse(subscription=row, by=owner, reason="no basis in law")
    told = city.request(client, "GET", f"subscriptions/{made['id']}").json()
    assert (told["state"], told["reason"]) == ("refused", "no basis in law")
    again = city.request(client, "POST", "subscriptions", wish())
    assert again.json()["id"] != made["id"]


def test_the_same_application_twice_is_one(client, city, shelf):
    first = city.request(client, "POST", "subscriptions", wish()).json()
    second = city.request(client, "POST", "subscriptions", wish())
    assert (second.status_code, second.json()["id"]) == (201, first["id"])
    other = city.request(client, "POST", "subscriptions", wish(mode="push"))
    assert (other.status_code, other.json()["code"]) == (409, "busy")
    assert Subscription.objects.count() == 1


def test_suspended_expired_and_cancelled_get_nothing(
    client, city, shelf, subscribe, fetch, manager
):
    until = clock.now() + timedelta(days=1)
    row = subscribe(city, valid_to=until)
    order()
    assert fetch(city).status_code == 200
    subscriptions.suspend(subscription=row, by=manager, reason="audit")
    assert (fetch(city).status_code, fetch(city).json()["code"]) == (
        403,
        "not_subscribed",
    )
    subscriptions.resume(subscription=row, by=manager)
    assert fetch(city).status_code == 200
    with clock.at(until + timedelta(minutes=1)):
        assert fetch(city).json()["code"] == "not_subscribed"
        assert state_of(client, city, row.uid) == "expired"
        assert subscriptions.expire() == 1
        assert subscriptions.expire() == 0
    row.refresh_from_db()
    assert row.state == "expired"
    row = subscribe(city)
    gone = city.request(client, "DELETE", f"subscriptions/{row.uid}")
    assert gone.json()["state"] == "cancelled"
    again = city.request(client, "DELETE", f"subscriptions/{row.uid}")
    assert again.status_code == 200
    assert fetch(city).json()["code"] == "not_subscribed"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"interface": "no.such"}, 404, "unknown_interface"),
        ({"version": 9}, 404, "unknown_version"),
        ({"version": "1"}, 400, "type"),
        ({"mode": "fax"}, 400, "code_list"),
        ({"purpose": " "}, 400, "required"),
        ({"divisions": "370200"}, 400, "type"),
        ({"divisions": ["440100"]}, 403, "out_of_scope"),
        ({"divisions": ["999999"]}, 403, "out_of_scope"),
        ({"fields": ["salary"]}, 400, "code_list"),
    ],
)
def test_what_cannot_be_subscribed_to(client, city, shelf, changes, status, code):
    answer = city.request(client, "POST", "subscriptions", wish(**changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Subscription.objects.exists()


def test_a_parent_is_sent_what_goes_up_anyway(client, nation, shelf):
    answer = nation.request(
        client, "POST", "subscriptions", wish(interface="test.reading")
    )
    assert answer.json()["code"] == "out_of_scope"


def test_subscriptions_of_others_are_unknown(client, city, connect, shelf, subscribe):
    row = subscribe(city)
    other = connect("M37080001")
    for method in ("GET", "DELETE"):
        answer = other.request(client, method, f"subscriptions/{row.uid}")
        assert answer.status_code == 404
    assert city.request(client, "GET", "subscriptions/x").status_code == 404
    assert client.get(f"/exchange/v1/subscriptions/{row.uid}").status_code == 401
    row.refresh_from_db()
    assert row.state == "active"


def test_the_end_lies_in_the_future(city, shelf, subscribe):
    with pytest.raises(DomainError):
        subscribe(city, valid_to=clock.now() - timedelta(days=1))


def test_people_hear_of_an_application(client, city, shelf, settings):
    leader = UserFactory(roles=["bureau_leader"])
    admin = UserFactory(roles=["sys_admin"])
    made = city.request(client, "POST", "subscriptions", wish()).json()
    assert Notice.objects.filter(recipient=leader, kind="subscription").count() == 1
    row = Subscription.objects.get(uid=made["id"])
    subscriptions.approve_as_owner(subscription=row, by=leader)
    assert Notice.objects.filter(recipient=admin, kind="subscription").count() == 1
