"""The engine scores as a plain recomputation does, on random rows of all sorts."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from exchange.aggregation.fusion.engine.plans import (
    Block,
    Field,
    Place,
    Plan,
    Rule,
    Source,
)
from exchange.aggregation.fusion.engine.run import Fusion
from exchange.aggregation.fusion.engine.surviving import survive

from . import oracle

NAMES = [
    "香港中路",
    "香港东路",
    "山东省青岛市市南区香港中路",
    "鲁信长春小区",
    "ｒｏａｄ",
    "Road",
]
TAILS = [
    "10号",
    "１０号",
    "12号",
    "10号2号楼",
    "",
    "（东侧）",
    " 公厕",
    "'; DROP TABLE rows; --",
]
WORDS = st.one_of(
    st.builds(lambda a, b: a + b, st.sampled_from(NAMES), st.sampled_from(TAILS)),
    st.sampled_from(["", " ", "\u3000", "——", "?", "{}"]),
)
SPOTS = st.one_of(
    st.none(),
    st.tuples(
        st.floats(120.38, 120.3812).map(lambda x: round(x, 6)),
        st.floats(36.06, 36.0612).map(lambda y: round(y, 6)),
    ),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from("abc"),
            "name": WORDS,
            "kind": st.sampled_from(["厕", "灯", "灯 ", None]),
            "at": SPOTS,
        }
    ),
    min_size=2,
    max_size=14,
)
FIELDS = (Field("name", survive="longest"), Field("kind"), Field("place", "point"))
RULES = st.lists(
    st.sampled_from(
        [
            Rule("f", "fuzzy", "name", 2.0),
            Rule("g", "address", "name", 1.5, least=0.2),
            Rule("k", "exact", "kind", 1.0, least=0.5),
            Rule("d", "distance", "place", 3.0, metres=60.0),
        ]
    ),
    min_size=1,
    unique=True,
)
BLOCKS = st.lists(
    st.sampled_from(
        [
            Block("near", "place", metres=40.0),
            Block("prefix", "name", size=2),
            Block("exact", "kind"),
        ]
    ),
    min_size=1,
    unique=True,
)


def written(folder, rows):
    """The rows as files of their sources, and the sources."""
    sources = []
    for code in "abc":
        file = folder / f"{code}.ndjson"
        with file.open("w", encoding="utf-8") as stream:
            for row in rows:
                if row["source"] != code:
                    continue
                x, y = row["at"] or (None, None)
                content = {"n": row["name"], "k": row["kind"], "x": x, "y": y}
                line = {"landed": row["row"], "uid": row["uid"], "content": content}
                moment = "2026-01-01T00:00:00+00:00"
                stream.write(json.dumps(line | {"moment": moment}) + "\n")
        picks = {"name": "n", "kind": "k"}
        place = Place(x="x", y="y")
        sources.append(Source(code, file, picks, place=place, distinct=code != "c"))
    return sources


def as_compared(row):
    """What the oracle sees of a row."""
    values = {name: row[name] for name in ("name", "kind")}
    return {**row, "values": {n: v for n, v in values.items() if v and v.strip()}}


def fused(folder, plan, **options):
    return Fusion(plan, folder / "work", **options)


@pytest.fixture(scope="module")
def numbered():
    """Rows get their identifiers."""

    def number(rows):
        return [
            {**row, "row": place, "uid": f"{(place * 7919) % 1000:04d}-{place}"}
            for place, row in enumerate(rows, 1)
        ]

    return number


SLOW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@SLOW
@given(rows=ROWS, rules=RULES, blocks=BLOCKS, same=st.sampled_from([0.7, 0.85]))
def test_every_score_is_that_of_the_recomputation(numbered, rows, rules, blocks, same):
    rows = numbered(rows)
    with TemporaryDirectory() as home:
        folder = Path(home)
        sources = written(folder, rows)
        plan = Plan(FIELDS, sources, rules, blocks, same=same, review=0.4, evidence=0.5)
        wanted = oracle.pairs(plan, [as_compared(row) for row in rows])
        edges = (plan.review, plan.same)
        assume(all(abs(s - e) > 1e-6 for s, _b in wanted.values() for e in edges))
        with fused(folder, plan) as done:
            done.run()
            found = {
                (pair.left, pair.right): (pair.score, pair.evidence, is_same)
                for _a, _b, is_same, pair in done.matcher.pairs()
            }
            parts = [pair for _a, _b, _same, pair in done.matcher.pairs()]
    assert set(found) == set(wanted)
    for key, (score, evidence) in wanted.items():
        assert found[key][:2] == pytest.approx((score, evidence), abs=2e-6)
        assert found[key][2] == (score >= plan.same and evidence >= plan.evidence)
    by_uid = {row["uid"]: as_compared(row) for row in rows}
    for pair in parts:
        for rule, part in zip(plan.rules, pair.parts, strict=True):
            wanted_part = oracle.alike(rule, by_uid[pair.left], by_uid[pair.right])
            assert (part is None) == (wanted_part is None)
            assert part is None or part == pytest.approx(wanted_part, abs=2e-6)


def test_a_missing_place_is_not_compared(numbered, tmp_path):
    rows = [
        {"source": "a", "name": "香港中路10号", "kind": "厕", "at": None},
        {"source": "b", "name": "香港中路10号", "kind": "厕", "at": (120.38, 36.06)},
    ]
    rules = [Rule("f", "fuzzy", "name", 2.0), Rule("d", "distance", "place", 3.0)]
    sources = written(tmp_path, numbered(rows))
    plan = Plan(FIELDS, sources, rules, [Block("exact", "name")])
    with fused(tmp_path, plan) as done:
        done.run()
        (pair,) = done.review()
    assert (pair.score, pair.evidence, pair.parts) == (1.0, 0.4, (1.0, None))


@SLOW
@given(rows=ROWS, said=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13))))
def test_groups_respect_what_people_said(numbered, rows, said):
    rows = numbered(rows)
    apart = {
        tuple(sorted((rows[a]["uid"], rows[b]["uid"])))
        for a, b in said
        if a != b and max(a, b) < len(rows)
    }
    rules, blocks = [Rule("f", "fuzzy", "name")], [Block("prefix", "name", size=1)]
    with TemporaryDirectory() as home:
        folder = Path(home)
        plan = Plan(FIELDS, written(folder, rows), rules, blocks, same=0.8, review=0.4)
        decided = [(*pair, False) for pair in sorted(apart)]
        with fused(folder, plan, decided=decided) as done:
            done.run()
            groups = [[one.uid for one in found] for _n, found in done.masters()]
            unsure = {(one.left, one.right) for one in done.review()}
            singles = [found for _n, found in done.masters()]
    assert sorted(uid for group in groups for uid in group) == sorted(
        row["uid"] for row in rows
    )
    source = {row["uid"]: row["source"] for row in rows}
    for group in groups:
        together = {tuple(sorted((a, b))) for a in group for b in group if a != b}
        assert not together & apart
        alone = [source[uid] for uid in group if source[uid] != "c"]
        assert len(alone) == len(set(alone))
        assert not together & unsure
    assert not unsure & apart
    for found in singles:
        kept = survive(plan, found)
        longest = [one.values["name"] for one in found if "name" in one.values]
        assert ("name" in kept) == bool(longest)
        if longest:
            assert len(kept["name"].value) == max(map(len, longest))
