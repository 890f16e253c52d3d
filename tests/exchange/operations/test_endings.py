"""What ends soon is listed, and told a month, a week and a day before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.delivery.models import NodeKey
from exchange.feeds.models import Application, Subscription
from exchange.interfaces.services import tables
from exchange.operations.models import Reminder
from exchange.operations.selectors import endings
from exchange.operations.tasks import remind
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.notices.models import Notice
from tests.exchange.conftest import OWN
from tests.factories.interfaces import TableFactory

from .conftest import peer

DAY = timedelta(days=1)


def subscription(city, days, model=Subscription, **facts):
    terms = {"interface": "test.order", "state": "active"} | facts
    end = clock.now() + days * DAY + timedelta(hours=1)
    return model.objects.create(peer=peer(city), valid_to=end, **terms)


def test_only_what_is_near_is_listed_the_nearest_first(city, own):
    subscription(city, 40)
    subscription(city, 20, version=2)
    subscription(city, 3, state="cancelled", version=3)
    subscription(city, 5, model=Application)
    found = endings.soon()
    assert [(one.platform, one.days) for one in found] == [
        (city.code, 5),
        (city.code, 20),
    ]


def test_an_own_key_is_near_its_end_after_eleven_months(own, settings):
    assert not endings.soon()
    settings.EXCHANGE_KEY_DAYS = 365
    with clock.at(clock.now() + 340 * DAY):
        (one,) = endings.soon()
        assert (one.platform, one.subject, one.days) == (OWN, own.keyid, 24)


def test_a_key_of_another_counts_only_without_a_successor(city, own):
    end = clock.now() + 2 * DAY
    NodeKey.objects.filter(node=city.code).update(valid_to=end)
    (one,) = endings.soon()
    assert (one.platform, one.ends_at) == (city.code, end)
    facts = {"public_key": "new", "valid_from": clock.now()}
    NodeKey.objects.create(node=city.code, serial=2, **facts)
    assert not endings.soon()


@pytest.mark.function("DX-01", at="operations:endings")
def test_people_are_reminded_three_times_and_after_a_renewal_anew(city, operator, own):
    row = subscription(city, 30)
    start = clock.now()
    told = []
    for day in (0, 1, 22, 23, 24, 29):
        with clock.at(start + day * DAY):
            remind()
            remind()
            told.append(Notice.objects.filter(kind="exchange_ending").count())
    assert told == [0, 1, 1, 2, 2, 3]
    assert Notice.objects.filter(recipient=operator).count() == 3
    with clock.at(start + 29 * DAY):
        row.valid_to = clock.now() + 25 * DAY
        row.save()
        remind()
    assert Notice.objects.filter(kind="exchange_ending").count() == 4
    days = Reminder.objects.order_by("pk").values_list("days", flat=True)
    assert list(days) == [30, 7, 1, 30]
    assert AuditEntry.objects.filter(type="exchange.ending_told").count() == 4


def test_the_page_lists_and_exports_what_ends(client, operator, city, own):
    subscription(city, 3)
    version = TableFactory(code="t_old").current
    tables.deprecate(
        version=version, by=operator, reason="new", ends_on=clock.today() + 9 * DAY
    )
    url = reverse("operations:endings")
    text = client.get(url).content.decode()
    assert "test.order v1" in text
    assert "t_old v1" in text
    lines = client.get(url, {"export": "csv"}).getvalue().decode().splitlines()
    assert len(lines) == 3
    assert lines[1].endswith(",3")
