"""Many rows at once are written as one by one."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from platform_core.common import bulk
from platform_core.datasets.models import OutboxEntry

pytestmark = pytest.mark.django_db
NAMES = bulk.columns(OutboxEntry)
NASTY = ["\\", "\\N", "\\.", "a\tb", "a\nb", "a\r\nb", "'\"", "青岛😀", "\u2028", ""]


def rows(count, **changes):
    moment = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for number in range(count):
        values = {
            "interface": NASTY[number % len(NASTY)],
            "version": 1,
            "uid": UUID(int=number),
            "revision": number + 1,
            "op": "upsert",
            "occurred_at": moment,
            "data": {"text": NASTY[number % len(NASTY)], "n": None},
            "to_parent": bool(number % 2),
            "recipients": [],
            "created_at": moment,
            "position": number,
            "carrier": None,
        } | changes
        yield [values[name] for name in NAMES]


@pytest.mark.parametrize("count", [3, bulk.FEW + 10])
def test_what_is_written_is_read(count):
    made = list(rows(count))
    bulk.insert(OutboxEntry, made)
    found = OutboxEntry.objects.order_by("revision").values_list(*NAMES)
    assert [list(one) for one in found] == made


@pytest.mark.parametrize("count", [3, bulk.FEW + 10])
def test_json_that_is_written_out_already_is_the_same(count):
    text = bulk.Json('{"a":"\\\\n\\"","b":[1,null]}')
    bulk.insert(OutboxEntry, rows(count, data=text))
    data = {"a": '\\n"', "b": [1, None]}
    assert OutboxEntry.objects.filter(data=data).count() == count


def test_a_conflict_is_one_of_the_framework():
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(OutboxEntry, rows(bulk.FEW + 10, position=7))
    assert not OutboxEntry.objects.exists()
