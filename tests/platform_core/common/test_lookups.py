"""`uid__among` finds what `uid__in` finds."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.common import clock
from platform_core.datasets.models import OutboxEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def uids():
    made = [
        OutboxEntry(
            interface="test.thing",
            version=1,
            uid=uuid4(),
            revision=1,
            occurred_at=clock.now(),
            data={},
        )
        for _ in range(5)
    ]
    OutboxEntry.objects.bulk_create(made)
    return [one.uid for one in made]


def found(**wanted):
    return set(OutboxEntry.objects.filter(**wanted).values_list("uid", flat=True))


def test_it_finds_what_is_asked_for(uids):
    asked = [*uids[:3], uuid4()]
    assert found(uid__among=asked) == set(uids[:3]) == found(uid__in=asked)
    assert found(uid__among=(uid for uid in uids)) == set(uids)
    assert found(uid__among=[]) == set()


def test_postgresql_gets_one_array(uids):
    if connection.vendor != "postgresql":
        pytest.skip("arrays are of PostgreSQL")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        found(uid__among=uids)
    assert "= ANY(" in seen[0]["sql"]
