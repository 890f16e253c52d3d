"""A record that the receiver refuses does not stop the others.  [D6]"""

import pytest

from . import seeds

pytestmark = pytest.mark.journey


def test_a_poison_record_is_set_aside_and_can_be_corrected(pair):
    poison = pair.sender.call("put", amount=-1)
    good = [pair.sender.call("put", amount=number) for number in range(3)]
    pair.drain(seeds.PATIENCE)
    there = {uid for uid, _revision, _amount in pair.receiver.call("books")}
    assert there.issuperset(good)
    assert poison not in there
    assert [poison, "range", "amount", "open"] in pair.sender.call("problems")
    assert [poison, "range", True] in pair.receiver.call("set_aside")

    pair.sender.call("put", amount=1, uid=poison)
    pair.drain(seeds.PATIENCE)
    assert pair.sender.call("books") == pair.receiver.call("books")
    assert [poison, "range", "amount", "resolved"] in pair.sender.call("problems")
    assert [poison, "range", False] in pair.receiver.call("set_aside")
    assert pair.sender.call("equal", code=pair.receiver.code)
