"""Times of calls in fixed classes, and the percentiles that come of them."""

from bisect import bisect_left
from collections.abc import Sequence

# Upper ends of the classes in milliseconds; the last class has none.
BOUNDS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
FIELDS = tuple(f"took_{number}" for number in range(len(BOUNDS) + 1))


def field_of(milliseconds: int) -> str:
    """The class that a call belongs to."""
    return FIELDS[bisect_left(BOUNDS, milliseconds)]


def percentile(counts: Sequence[int], share: float) -> int | None:
    """Milliseconds below which `share` (0 to 1) of the calls lie, None without any.

    Within a class the calls are taken to lie evenly; what took longer than the
    last bound counts as that bound.
    """
    total = sum(counts)
    if not total:
        return None
    wanted, seen, lower = share * total, 0, 0
    for bound, count in zip((*BOUNDS, BOUNDS[-1]), counts, strict=True):
        if count and seen + count >= wanted:
            part = (wanted - seen) / count
            return round(lower + (bound - lower) * part)
        seen += count
        lower = bound
    return BOUNDS[-1]
