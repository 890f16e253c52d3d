"""Values in memory, renewed across processes; two snapshots stand for two."""

import pytest
from django.core.cache import cache
from django.db import transaction

from platform_core.common import snapshots
from platform_core.common.snapshots import Snapshot, Version


@pytest.fixture
def later(monkeypatch):
    """Let the time pass in which a process believes what it read."""
    moment = [1000.0]
    monkeypatch.setattr(snapshots, "monotonic", lambda: moment[0])

    def pass_by(seconds=snapshots.BELIEF_SECONDS):
        moment[0] += seconds

    return pass_by


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
    pair, later, db, django_capture_on_commit_callbacks
):
    here, there = pair
    source = Source()
    for snapshot in pair:
        assert snapshot.get("key", source) == 1
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        here.renew()
        # The other one still reads the old row before the commit.
        later()
        assert there.get("key", source) == 1
        source.value = 2
        assert here.get("key", source) == 2
    later()
    assert there.get("key", source) == 2
    assert here.get("key", source) == 2


def test_values_outlive_their_token_only_for_its_time(pair, later):
    """Processes without a shared cache see a change when the token expires."""
    here, _ = pair
    source = Source()
    assert here.get("key", source) == 1
    source.value = 2
    cache.clear()
    later(0.5)
    assert here.get("key", source) == 1
    later(0.5)
    assert here.get("key", source) == 2


def test_the_cache_is_asked_once_a_second_however_many_read(later, monkeypatch):
    asked = []
    known = Version("test", lambda: "1")
    monkeypatch.setattr(
        snapshots.cache, "get", lambda key: asked.append(key) or "of the cache"
    )
    assert {known.current() for _ in range(5)} == {"of the cache"}
    assert len(asked) == 1
    later()
    known.current()
    assert len(asked) == 2


def test_a_forgotten_version_is_found_anew(later):
    found = iter(("1", "2"))
    here = Version("test", lambda: next(found))
    assert (here.current(), here.current()) == ("1", "1")
    here.forget()
    assert here.current() == "2"
