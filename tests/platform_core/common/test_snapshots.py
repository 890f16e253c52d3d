"""Values in memory, renewed across processes; two snapshots stand for two."""

import pytest
from django.core.cache import cache
from django.db import transaction

from platform_core.common.snapshots import Snapshot


@pytest.fixture
def pair():
    return Snapshot("test"), Snapshot("test")


class Source:
    """Counts how often it is read."""

    value, reads = 1, 0

    def __call__(self):
        self.reads += 1
        return self.value


def test_a_value_is_loaded_once(pair):
    source = Source()
    assert [pair[0].get("key", source) for _ in range(3)] == [1, 1, 1]
    assert source.reads == 1
    assert pair[0].get("other", lambda: 2) == 2


def test_a_change_reaches_the_other_process_on_commit(
    pair, db, django_capture_on_commit_callbacks
):
    here, there = pair
    source = Source()
    for snapshot in pair:
        assert snapshot.get("key", source) == 1
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        here.renew()
        # The other one still reads the old row before the commit.
        assert there.get("key", source) == 1
        source.value = 2
        assert here.get("key", source) == 2
    assert there.get("key", source) == 2
    assert here.get("key", source) == 2


def test_values_outlive_their_token_only_for_its_time(pair):
    """Processes without a shared cache see a change when the token expires."""
    here, _ = pair
    source = Source()
    assert here.get("key", source) == 1
    source.value = 2
    cache.clear()
    assert here.get("key", source) == 2
