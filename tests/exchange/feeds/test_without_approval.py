"""Subscriptions of a platform that needs no approval, as its rules say."""

import pytest
from django.urls import reverse

from exchange.delivery.models import Peer
from exchange.delivery.services import policies
from exchange.feeds.models import Subscription
from platform_core.audit.models import AuditEntry
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

from .conftest import order, wish

DX03 = pytest.mark.function("DX-03", at="delivery:peer-policy")


def allow(one, allowed=True):
    peer = Peer.objects.get(code=one.code)
    policies.change(peer=peer, reason="上级平台", subscribes_freely=allowed)


@DX03
def test_it_is_in_force_at_once_and_people_hear_of_it(
    client, city, shelf, owner, fetch_all
):
    keeper = UserFactory(roles=["sys_admin"])
    made = order()
    allow(city)
    answer = city.request(client, "POST", "subscriptions", wish())
    assert (answer.status_code, answer.json()["state"]) == (201, "active")
    assert fetch_all(city).uids == [str(made.uid)]
    assert Notice.objects.filter(recipient=keeper, kind="subscription").count() == 1
    assert not Notice.objects.filter(recipient=owner).exists()
    entry = AuditEntry.objects.get(type="exchange.subscription_activated")
    assert entry.data["rules"] == 1


@DX03
def test_other_terms_count_at_once(client, city, shelf):
    allow(city)
    told = city.request(client, "POST", "subscriptions", wish()).json()
    path = f"subscriptions/{told['id']}"
    said = city.request(client, "PUT", path, {"purpose": "more"}).json()
    assert (said["purpose"], said.get("wanted")) == ("more", None)
    assert Subscription.objects.get().purpose == "more"


def test_what_is_not_shared_and_places_of_others_stay_closed(client, city, shelf):
    allow(city)
    strange = wish(divisions=["110101"])
    answer = city.request(client, "POST", "subscriptions", strange)
    assert answer.json()["code"] == "out_of_scope"
    assert not Subscription.objects.exists()


def test_without_the_rule_two_people_are_asked(client, city, shelf):
    allow(city)
    allow(city, False)
    told = city.request(client, "POST", "subscriptions", wish()).json()
    assert told["state"] == "applied"


@DX03
def test_the_rule_is_set_on_the_page_of_the_connection(client, city, shelf):
    client.force_login(UserFactory(roles=["sys_admin"]))
    peer = Peer.objects.get(code=city.code)
    url = reverse("delivery:peer-policy", args=[peer.code])
    form = client.get(url).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value is not None}
    client.post(url, given | {"subscribes_freely": "on", "reason": "省级平台"})
    assert Peer.objects.get(code=city.code).rules.subscribes_freely
    page = client.get(reverse("delivery:peer", args=[peer.code])).content.decode()
    assert "订阅免审批" in page
