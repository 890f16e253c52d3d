"""Counters and identifiers."""

import pytest

from platform_core.common.ids import uuid7
from platform_core.common.models import Sequence, changed


@pytest.mark.django_db
def test_sequence_reserves_blocks_without_a_gap():
    assert Sequence.take("case.2026-11-20") == 1
    assert Sequence.take("case.2026-11-20", count=3) == 2
    assert Sequence.take("case.2026-11-20") == 5
    assert Sequence.take("case.2026-11-21") == 1


def test_uuid7_sorts_by_time_and_says_its_version():
    made = [uuid7() for _ in range(5)]
    assert all(uid.version == 7 for uid in made)
    assert [uid.int >> 80 for uid in made] == sorted(uid.int >> 80 for uid in made)


def test_only_the_columns_that_differ_are_named():
    row = Sequence(name="a", value=1)
    before = vars(row).copy()
    assert changed(row, before) == []
    row.value = 2
    assert changed(row, before) == ["value"]
