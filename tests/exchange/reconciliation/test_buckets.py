"""The arithmetic of digests against an independent one."""

import hashlib
from random import Random
from uuid import UUID

import pytest

from exchange.reconciliation import buckets
from exchange.reconciliation.buckets import Digest, Tally


def uid(random):
    return UUID(int=random.getrandbits(128))


def text(random):
    return f"{random.getrandbits(256):064x}"


def plain(rows):
    """Count and sum of each bucket, the slow way."""
    found = {}
    for one, value in rows.items():
        name = int(hashlib.sha256(str(one).encode()).hexdigest()[:3], 16)
        count, total = found.get(name, (0, 0))
        found[name] = (count + 1, (total + int(value, 16)) % 2**256)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_changes_in_place_equal_a_computation_anew(seed):
    random = Random(seed)
    rows, data = {}, {}
    for _round in range(6):
        tally = Tally()
        for _ in range(random.randint(1, 300)):
            one = random.choice([*rows, uid(random)][-400:])
            before = rows.get(one, "")
            after = "" if before and random.random() < 0.3 else text(random)
            tally.change(one, before, after)
            if after:
                rows[one] = after
            else:
                del rows[one]
        data |= tally.onto(data)
    found = {
        number * buckets.PER_CHUNK + place: (one.count, one.total)
        for number, chunk in data.items()
        for place, one in enumerate(buckets.digests(chunk))
        if one.count
    }
    assert found == plain(rows)


def test_the_order_does_not_matter():
    random = Random(1)
    rows = [(uid(random), text(random)) for _ in range(500)]
    one, two = Tally(), Tally()
    for row in rows:
        one.change(row[0], "", row[1])
    random.shuffle(rows)
    for row in rows:
        two.change(row[0], "", row[1])
    assert one.onto({}) == two.onto({})


def test_digests_add_up_and_wrap():
    high = Digest(1, buckets.MODULUS - 1)
    assert high + Digest(2, 3) == Digest(3, 2)
    assert len(Digest(0, 5).hex) == 64
    assert buckets.added([high, Digest(1, 1)]) == Digest(2, 0)


def test_names_of_buckets_are_those_of_the_protocol():
    one = UUID("0192f0c4-0000-7000-8000-000000000001")
    wanted = hashlib.sha256(str(one).encode()).hexdigest()[:3]
    assert buckets.name_of(buckets.bucket_of(one)) == wanted
