"""How much two texts are alike, from 0 to 1."""

import re

from rapidfuzz import fuzz

NUMBER = re.compile(r"\d+")
# House numbers of which one side says more, and those that contradict each other.
FINER, OTHER = 0.9, 0.0


def alike(left: str, right: str) -> float:
    """Twice the common subsequence over both lengths."""
    return fuzz.ratio(left, right) / 100


def address_alike(left: str, right: str) -> float:
    """Words as `alike` says; numbers must agree, or go on where the other ends."""
    words = alike(NUMBER.sub("#", left), NUMBER.sub("#", right))
    return words * numbers(NUMBER.findall(left), NUMBER.findall(right))


def numbers(left: list[str], right: list[str]) -> float:
    """Whether the house numbers of two addresses agree."""
    if left == right:
        return 1.0
    short = min(len(left), len(right))
    return FINER if left[:short] == right[:short] else OTHER
