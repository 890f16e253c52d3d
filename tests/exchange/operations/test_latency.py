"""Percentiles out of classes stay close to those of the single values."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.operations.latency import BOUNDS, FIELDS, field_of, percentile


def counted(values):
    counts = dict.fromkeys(FIELDS, 0)
    for value in values:
        counts[field_of(value)] += 1
    return list(counts.values())


def test_nothing_has_no_percentile():
    assert percentile(counted([]), 0.95) is None


def test_the_classes_end_at_their_bounds():
    assert field_of(10) == "took_0"
    assert field_of(11) == "took_1"
    assert field_of(30_001) == "took_11"


def test_known_values():
    assert percentile(counted([15] * 100), 0.5) == 15
    assert percentile(counted([5] * 94 + [150] * 6), 0.95) == pytest.approx(117, abs=1)
    assert percentile(counted([99_999]), 0.5) == BOUNDS[-1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 30_000), min_size=1), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_percentile_lies_in_the_class_of_the_true_one(values, share):
    rank = max(-(-len(values) * share // 1), 1)
    true = sorted(values)[int(rank) - 1]
    found = percentile(counted(values), share)
    number = FIELDS.index(field_of(true))
    lower = BOUNDS[number - 1] if number else 0
    assert lower <= found <= BOUNDS[min(number, len(BOUNDS) - 1)]
