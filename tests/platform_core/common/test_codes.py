"""Unified social credit codes."""

import pytest

from platform_core.common.codes import is_credit_code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_published_codes_are_right(code):
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y44",  # wrong check character
        "91350100M000010Y43",  # two characters swapped
        "91350100M000100Y4",
        "91350100O000100Y43",  # letter O is not in the alphabet
        "91350100m000100Y43",
        "",
    ],
)
def test_wrong_codes_are_refused(code):
    assert not is_credit_code(code)
