"""A foreign holder may list its buckets in its own way, as long as it says which."""

import pytest

from .conftest import deliver, key, order

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def equal_ends(city, holder):
    """Records that both ends have."""
    made = [order(city, value=number) for number in range(5)]
    deliver()
    return made


def shuffled(found):
    return found[::-1]


def only_full(found):
    return [one for one in found if one["count"]]


def without_names(found):
    return [{name: one[name] for name in ("count", "digest")} for one in found]


@pytest.mark.parametrize("form", [shuffled, only_full, without_names])
def test_buckets_however_they_are_listed(city, holder, equal_ends, rounds, form):
    plain, lost = holder.digest, equal_ends[2]
    del holder.rows[key(lost)]

    def digest(code, origin, depth, bucket=""):
        found = plain(code, origin, depth, bucket)
        return form(found) if depth == "1" else found

    holder.digest = digest
    found = rounds(2)
    assert (found.state, found.found, found.healed) == ("equal", 1, 1)


STRANGE = [
    {"bucket": "fff0", "count": 0, "digest": "0" * 64},
    {"bucket": "-1", "count": 0, "digest": "0" * 64},
    {"bucket": [], "count": 0, "digest": "0" * 64},
    {"bucket": "000", "count": 0, "digest": "0"},
    7,
]


@pytest.mark.parametrize("strange", STRANGE)
def test_buckets_that_are_none(city, holder, equal_ends, rounds, strange):
    plain = holder.digest
    del holder.rows[key(equal_ends[2])]
    holder.digest = lambda code, origin, depth, bucket="": (
        [strange] if depth == "1" else plain(code, origin, depth, bucket)
    )
    found = rounds(1)
    assert (found.state, bool(found.error)) == ("unreached", True)
