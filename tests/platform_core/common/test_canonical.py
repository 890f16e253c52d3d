"""The fast canonical form is byte for byte that of the reference implementation."""

import json
import math
import random
import struct

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from platform_core.common import canonical

ALL = st.characters(blacklist_categories=())  # with lone surrogates
TEXT = st.text() | st.text(ALL, max_size=3)
NUMBER = st.integers(-(2**70), 2**70) | st.floats() | st.integers().map(float)
LEAF = st.none() | st.booleans() | NUMBER | TEXT | st.binary(max_size=2)
VALUE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=5)
    ),
    max_leaves=20,
)
RECORD = st.dictionaries(TEXT | st.sampled_from(["data", "uid", "é", "😀"]), VALUE)


def form(function, *given):
    """What a function writes, or that it cannot."""
    try:
        return function(*given)
    except canonical.BROKEN:
        return "broken"


@given(VALUE)
@example({"\ue000": 1, "😀": 2, "\ud7ff": 3})
@example([0.0, -0.0, 1e15, 1e16, 1e21, 1e-4, 9.9e-5, 1e-7, 2.0**53, 5e-324])
@example([2**53 - 1, -(2**53) + 1])
@example(2**53)
@example('\x00\x08\t\n\x0b\x0c\r\x1f"\\/\x7f\x80\u2028\ufeff')
def test_it_writes_what_the_reference_writes(value):
    assert form(canonical.dumps, value) == form(rfc8785.dumps, value)


@given(RECORD, VALUE)
def test_a_member_that_is_ready_stands_where_it_belongs(record, data):
    ready = form(rfc8785.dumps, data)
    if ready == "broken":
        return
    whole = form(rfc8785.dumps, record | {"data": data})
    given_form = form(canonical.composed, record | {"data": data}, {"data": ready})
    assert given_form == whole


def test_numbers_of_all_magnitudes_are_written_alike():
    dice = random.Random(8785)
    bits = (struct.unpack("<d", dice.randbytes(8))[0] for _ in range(20_000))
    usual = (round(dice.uniform(-1e6, 1e6), dice.randint(0, 8)) for _ in range(20_000))
    for value in (*bits, *usual):
        if math.isfinite(value):
            assert canonical.dumps(value) == rfc8785.dumps(value)


def test_what_is_nested_deeper_than_the_fast_encoder_goes_is_written_too():
    deep = json.loads("[" * 300 + "]" * 300)
    assert canonical.dumps(deep) == rfc8785.dumps(deep)


@pytest.mark.parametrize("value", [{1: 2}, object(), {"a": {1, 2}}, float("nan")])
def test_what_is_no_json_has_no_form(value):
    with pytest.raises(canonical.BROKEN):
        canonical.dumps(value)
