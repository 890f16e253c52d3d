"""Times as others write them."""

import pytest

from platform_core.common.clock import read_moment


@pytest.mark.parametrize("text", ["2026-03-01T08:00:00+08:00", "2026-03-01T00:00Z"])
def test_a_time_with_its_offset_is_read(text):
    moment = read_moment(text)
    assert moment is not None
    assert moment.timestamp() == 1772323200


@pytest.mark.parametrize(
    "value",
    ["2026-02-30T08:00:00Z", "2026-03-01T08:00:00", "2026-03-01", "", "x", 5, None],
)
def test_anything_else_is_none(value):
    assert read_moment(value) is None
