"""Applying for a resource, deciding, and what follows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.aggregation.catalogue.models import TouchCount, Use
from exchange.aggregation.catalogue.services import uses
from exchange.delivery.enums import PeerState, Relation
from exchange.delivery.models import Peer
from exchange.feeds.models import Subscription
from platform_core.common.clock import at, now, today
from platform_core.common.errors import Conflict
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset
from platform_core.notices.models import Notice
from platform_core.regions.models import Node
from tests.exchange.conftest import ReadingSerializer
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import published
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


def wish(**changes):
    day = today()
    return {
        "purpose": "城市体检",
        "starts_on": day,
        "ends_on": day + timedelta(days=30),
    } | changes


def go(client, name, row, **data):
    return client.post(reverse(f"catalogue:{name}", args=[row.uid]), data)


@pytest.mark.function("DA-18", at=("catalogue:apply", "catalogue:use-approve"))
def test_an_approved_use_opens_the_preview_to_the_unit(client):
    table = TableFactory(code="t_use")
    row = published(table=table, share="conditional", condition="审批").resource
    clerk = UserFactory(roles=["bureau_clerk"])
    client.force_login(clerk)
    assert go(client, "apply", row, **wish()).status_code == 302
    use = Use.objects.get()
    preview = reverse("catalogue:preview", args=[row.uid])
    assert client.get(preview).status_code == 403
    assert go(client, "use-approve", use).status_code == 403
    leader = UserFactory(roles=["bureau_leader"])
    client.force_login(leader)
    assert go(client, "use-approve", use, reason="同意").status_code == 302
    assert Notice.objects.filter(recipient=clerk, kind="catalogue").exists()
    client.force_login(UserFactory(roles=["bureau_clerk"], unit=clerk.unit))
    assert client.get(preview).status_code == 200
    with at(now() + timedelta(days=40)):
        assert client.get(preview).status_code == 403
        assert uses.end_over() == 1
    use.refresh_from_db()
    assert use.state == "ended"


def test_the_same_wish_waits_once_and_nobody_decides_on_their_own():
    row = published(share="free").resource
    boss = UserFactory(is_superuser=True)
    first = uses.apply(resource=row, by=boss, **wish())
    assert uses.apply(resource=row, by=boss, **wish()) == first
    with pytest.raises(Conflict):
        uses.approve(use=first, by=boss)
    uses.refuse(use=first, by=UserFactory(), reason="不需要")
    with pytest.raises(Conflict):
        uses.approve(use=first, by=UserFactory())


@pytest.mark.parametrize(
    ("share", "changes", "code"),
    [("none", {}, 409), ("free", {"ends_on": "2020-01-01"}, 422)],
)
def test_what_cannot_be_had_is_said_at_once(client, share, changes, code):
    row = published(share=share).resource
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    assert go(client, "apply", row, **wish(**changes)).status_code == code
    assert not Use.objects.exists()


@pytest.fixture
def offered():
    """A published table whose interface is known, as publishing makes it."""
    table = TableFactory(code="t_offered")
    registry.forget(table.interface, 1)
    registry.register(
        Dataset(
            code=table.interface,
            version=1,
            name="Test",
            direction="up",
            model=Node,
            serializer=ReadingSerializer,
            apply=lambda record: None,
        )
    )
    yield table
    registry.forget(table.interface, 1)


def test_a_platform_gets_a_subscription_that_two_people_approve(client, offered):
    row = published(table=offered, share="free").resource
    peer = Peer.objects.create(
        code="M37020001",
        name="青岛",
        relation=Relation.CHILD,
        state=PeerState.ENABLED,
        url="https://city.example",
    )
    use = uses.apply(resource=row, by=UserFactory(), peer=peer, **wish())
    uses.approve(use=use, by=UserFactory())
    use.refresh_from_db()
    assert use.subscription == Subscription.objects.get()
    assert (use.subscription.state, use.subscription.purpose) == ("applied", "城市体检")
    uses.end(use=use, by=UserFactory(), reason="够了")
    assert Subscription.objects.get().state == "cancelled"


def test_uses_of_others_stay_hidden(client):
    row = published(share="free").resource
    use = uses.apply(resource=row, by=UserFactory(), **wish())
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    assert client.get(use.get_absolute_url()).status_code == 404
    client.force_login(UserFactory(roles=["bureau_clerk"], unit=row.unit))
    assert "城市体检" in client.get(use.get_absolute_url()).content.decode()


def test_every_use_is_counted(client):
    row = published(share="free").resource
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    for _again in range(3):
        page = client.get(reverse("catalogue:entry", args=[row.uid]))
    assert page.context["uses"][0][1] == 3
    assert TouchCount.objects.get(touch="view", resource=row).count == 3
