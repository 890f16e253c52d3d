"""Masters keep their identity where their rows overlap."""

from hypothesis import given
from hypothesis import strategies as st

from exchange.aggregation.fusion.engine.identity import assign
from exchange.aggregation.fusion.engine.plans import Field, Member, Plan, Source
from exchange.aggregation.fusion.engine.surviving import survive

ROWS = st.dictionaries(st.integers(0, 20).map(str), st.integers(1, 6), min_size=1)


def groups_of(rows):
    """Groups by number out of the group of each row."""
    made = {}
    for uid, group in sorted(rows.items()):
        made.setdefault(group, []).append((uid, 0))
    return sorted(made.items())


@given(
    rows=ROWS, holders=st.dictionaries(st.integers(0, 20).map(str), st.integers(1, 5))
)
def test_every_master_goes_on_once_and_only_as_its_own_rows(rows, holders):
    fate = assign(groups_of(rows), holders, {})
    assert len(set(fate.kept.values())) == len(fate.kept)
    mine = {(rows[uid], holders[uid]) for uid in rows if uid in holders}
    assert set(fate.kept.items()) <= mine
    # Nobody who could go on as something ends, no group is new without need.
    for group, master in mine:
        assert group in fate.kept or master in fate.kept.values()
    assert not set(fate.absorbed) & set(fate.kept.values())


@given(
    rows=ROWS, holders=st.dictionaries(st.integers(0, 20).map(str), st.integers(1, 5))
)
def test_doing_it_again_changes_nothing(rows, holders):
    groups = groups_of(rows)
    fate = assign(groups, holders, {})
    fresh = {group: fate.kept.get(group, 100 + group) for group, _rows in groups}
    after = {uid: fresh[group] for uid, group in rows.items()}
    again = assign(groups, after, {})
    assert again.kept == fresh
    assert not again.absorbed
    assert not again.parted


def test_the_largest_part_keeps_the_master_and_the_older_one_goes_on():
    holders = {"a": 1, "b": 1, "c": 1, "d": 2}
    fate = assign([(1, [("a", 0)]), (2, [("b", 0), ("c", 1)])], holders, {})
    assert (fate.kept, fate.parted) == ({2: 1}, {1: 1})
    fate = assign([(1, [("a", 0), ("d", 1)])], {"a": 1, "d": 2}, {})
    assert (fate.kept, fate.absorbed) == ({1: 1}, {2: 1})
    # Of equal parts the one with the earlier source; one that ended comes back.
    parts = [(1, [("a", 1)]), (2, [("b", 0)])]
    fate = assign(parts, {"a": 1, "b": 1}, {"a": 7})
    assert fate.kept == {2: 1, 1: 7}


def member(uid, source, moment=0, **values):
    return Member(uid, source, int(uid), moment, values)


def plan(survive_by, order=(), kind="text"):
    fields = [Field("name", kind, survive_by, order), Field("other")]
    return Plan(fields, [Source("x", None, {}), Source("y", None, {})], [], [])


ROWS_OF_ONE = [
    member("1", "y", 30, name="长长的名称", other="1"),
    member("2", "x", 10, name="短名"),
    member("3", "y", 20, name="短名", other="2"),
]


def test_values_survive_by_the_rule_of_their_field():
    def kept(by, order=()):
        found = survive(plan(by, order), ROWS_OF_ONE)["name"]
        return found.member.uid, found.why

    assert kept("priority") == ("2", "priority")
    assert kept("priority", ("y",)) == ("1", "priority")
    assert kept("newest") == ("1", "newest")
    assert kept("longest") == ("1", "longest")
    assert kept("most") == ("2", "most")
    assert kept("fullest") == ("1", "fullest")


def test_numbers_are_numbers_and_nothing_stays_nothing():
    found = survive(plan("newest", kind="number"), [member("1", "x", name="12.0")])
    assert found["name"].value == 12
    assert found["name"].why == "single"
    odd = survive(plan("newest", kind="number"), [member("1", "x", name="nan")])
    assert odd["name"].value == "nan"
    assert survive(plan("newest"), [member("1", "x")]) == {}
