"""The scoring engine: to the digit, and its laws."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.command.performance import scoring
from municipal.command.performance.documents import bands, formula
from municipal.command.performance.scoring import (
    ASSIST,
    Grade,
    Indicator,
    Outcome,
    Plan,
    Scored,
    Trend,
)

GRID = bands([[0, 100], [2, 90], [4, 75], [6, 60], [8, 40], [None, 0]])
PERSON = bands([[100, 0], [300, 40], [500, 60], [1200, 75], [2000, 90], [None, 100]])
GRADES = (
    Grade("A", D(90), "green"),
    Grade("B", D(75), "blue"),
    Grade("C", D(60), "yellow"),
    Grade("D", D(40), "orange"),
    Grade("E", D(0), "red"),
)
AREA = Plan(
    (
        Indicator(
            "PA1",
            D(10),
            formula("verified_public_report_num"),
            formula("filed_num"),
            positive=False,
        ),
        Indicator("PA2", D(20), formula("filed_num"), bands=GRID),
        Indicator("PA3", D(30), formula("closed_num"), formula("should_close_num")),
        Indicator(
            "PA4", D(40), formula("intime_closed_num"), formula("should_close_num")
        ),
    ),
    GRADES,
)
TIANMEN = {
    "accepted_num": 1054,
    "filed_num": 996,
    "should_close_num": 972,
    "closed_num": 911,
    "intime_closed_num": 737,
    "patrol_report_num": 953,
    "verified_public_report_num": 43,
}


def by_code(outcome: Outcome) -> dict[str, Scored]:
    return {row.code: row for row in outcome.scored}


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (911, 972, "93.72"),
        (737, 972, "75.82"),
        (953, 996, "95.68"),
        (43, 996, "4.32"),
        (1, 0, None),
    ],
)
def test_the_bulletin_of_tianmen_to_the_digit(above, below, expected):
    found = scoring.rate(above, below)
    assert found == (None if expected is None else D(expected))


def test_the_area_of_the_bulletin_as_a_whole():
    rows = by_code(scoring.evaluate(AREA, TIANMEN))
    assert rows["PA3"].value == rows["PA3"].score == D("93.72")
    assert rows["PA4"].value == rows["PA4"].score == D("75.82")
    assert rows["PA1"].value == D("4.32")
    assert rows["PA1"].score == D("95.68")  # fewer public reports are better
    assert rows["PA2"].score == 0  # 996 cases in one unit grid
    # 0.1 * 95.68 + 0.2 * 0 + 0.3 * 93.72 + 0.4 * 75.82
    assert scoring.evaluate(AREA, TIANMEN).composite == D("68.01")


def test_a_quiet_area_is_not_punished():
    outcome = scoring.evaluate(AREA, {})
    rows = by_code(outcome)
    assert [rows[code].score for code in ("PA1", "PA3", "PA4")] == [None] * 3
    assert rows["PA2"].score == 100
    assert outcome.composite == 100
    assert scoring.shares(outcome.scored) == {"PA2": Fraction(1)}


def test_nothing_to_score_gives_no_composite():
    plan = Plan(AREA.indicators[2:], GRADES)
    outcome = scoring.evaluate(plan, {})
    assert outcome.composite is None
    assert scoring.shares(outcome.scored) == {}
    assert scoring.grade_of(GRADES, outcome.composite) is None


@pytest.mark.parametrize(
    ("count", "score"),
    [(0, 100), (1, 90), (2, 90), (3, 75), (5, 60), (8, 40), (9, 0), (500, 0)],
)
def test_bands_of_a_unit_grid(count, score):
    assert scoring.band_score(GRID, D(count)) == score


def test_a_table_that_ends_gives_nothing_beyond():
    assert scoring.band_score(GRID[:2], D(3)) == 0


def test_a_larger_area_is_scored_by_the_mean_of_its_unit_grids():
    row = Indicator(
        "PA2", D(100), formula("filed_num"), formula("unit_grid_num"), bands=GRID
    )
    outcome = scoring.evaluate(
        Plan((row,), GRADES), {"filed_num": 9, "unit_grid_num": 4}
    )
    assert (outcome.scored[0].value, outcome.composite) == (D("2.25"), 75)


@pytest.mark.parametrize(
    ("kind", "days", "count", "score"),
    [
        ("month", 31, 2001, 100),
        ("month", 28, 2000, 90),
        ("month", 28, 100, 0),
        ("week", 7, 23, 0),  # 100 * 7 / 30 = 23.3
        ("week", 7, 24, 40),
        ("year", 365, 1216, 0),
        ("year", 365, 1217, 40),
    ],
)
def test_bands_of_a_person_fit_a_month_and_are_scaled_by_days(kind, days, count, score):
    row = Indicator("PR1", D(100), formula("accepted_num"), bands=PERSON, scaled=True)
    months = scoring.month_share(kind, days)
    outcome = scoring.evaluate(Plan((row,), GRADES), {"accepted_num": count}, months)
    assert outcome.composite == score


def test_bands_that_are_not_scaled_stay_in_every_period():
    row = Indicator("PA2", D(100), formula("filed_num"), bands=GRID)
    outcome = scoring.evaluate(Plan((row,), GRADES), {"filed_num": 3}, D(12))
    assert outcome.composite == 75


def test_a_group_may_have_bands_of_its_own():
    row = Indicator("PD1", D(100), formula("filed_num"), bands=GRID)
    wide = bands([[1000, 100], [None, 50]])
    plan = Plan((row,), GRADES, own_bands={"roads": {"PD1": wide}})
    counts = {"filed_num": 900}
    assert scoring.evaluate(plan.of_group("roads"), counts).composite == 100
    assert scoring.evaluate(plan.of_group("parks"), counts).composite == 0


def test_leading_and_assisting_share_the_weight():
    plan = Plan(
        (
            Indicator("PD2", D(100), formula("closed_num"), formula("due_num")),
            Indicator(
                "PD5",
                D(100),
                formula("intime_assist_num"),
                formula("assist_num"),
                part=ASSIST,
            ),
        ),
        GRADES,
        assist_share=D(20),
    )
    leads = {"closed_num": 9, "due_num": 10}
    both = {**leads, "intime_assist_num": 1, "assist_num": 2}
    assert scoring.evaluate(plan, both).composite == 82  # 0.8 * 90 + 0.2 * 50
    assert scoring.evaluate(plan, leads).composite == 90  # nobody asked for help


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        ("100", "A"),
        ("90", "A"),
        ("89.99", "B"),
        ("75", "B"),
        ("74.99", "C"),
        ("59.99", "D"),
        ("39.99", "E"),
        ("0", "E"),
    ],
)
def test_grades_at_their_limits(index, grade):
    found = scoring.grade_of(GRADES, D(index))
    assert found is not None
    assert found.code == grade


def test_a_city_may_leave_a_grade_out():
    four = (*GRADES[:3], Grade("D", D(0), "orange"))
    found = scoring.grade_of(four, D(12))
    assert found is not None
    assert found.code == "D"
    assert scoring.grade_of(GRADES[:2], D(12)) is None


def test_equals_share_a_place_and_who_has_no_index_has_none():
    indices = {"a": D("90.10"), "b": D(95), "c": D("90.10"), "d": None, "e": D(1)}
    assert scoring.ranks(indices) == {"b": 1, "a": 2, "c": 2, "e": 4, "d": None}


@pytest.mark.parametrize(
    ("index", "before", "expected"),
    [
        (D(80), D(70), Trend("up", D(10))),
        (D(60), D(70), Trend("down", D(-10))),
        (D(70), D(70), Trend("same", D(0))),
        (D(70), None, Trend("new")),
        (None, D(70), Trend("none")),
    ],
)
def test_trend_against_the_period_before(index, before, expected):
    assert scoring.trend(index, before) == expected


def test_a_rate_above_one_gives_no_more_than_full_marks():
    row = Indicator("X", D(100), formula("done_num"), formula("due_num"))
    outcome = scoring.evaluate(Plan((row,), GRADES), {"done_num": 3, "due_num": 2})
    assert (outcome.scored[0].value, outcome.composite) == (D(150), 100)


def test_what_was_voided_is_taken_off():
    above = formula("filed_num - voided_num")
    row = Indicator("PL2", D(1), above, formula("filed_num"))
    counts = {"filed_num": 40, "voided_num": 1}
    assert scoring.evaluate(Plan((row,), GRADES), counts).scored[0].value == D("97.5")


# Laws ---------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d")
COUNTS = st.fixed_dictionaries({name: st.integers(0, 5000) for name in NAMES})
WEIGHTS = st.integers(1, 100).map(D)
ROWS = st.builds(
    Indicator,
    code=st.sampled_from(["i1", "i2", "i3", "i4", "i5"]),
    weight=WEIGHTS,
    above=st.sampled_from([((1, "a"),), ((1, "b"), (-1, "c")), ((1, "d"),)]),
    below=st.sampled_from([(), ((1, "b"),), ((1, "c"), (1, "d"))]),
    positive=st.booleans(),
    bands=st.just(GRID),
    scaled=st.booleans(),
)
RATES = st.builds(
    Indicator,
    code=st.sampled_from(["r1", "r2", "r3"]),
    weight=WEIGHTS,
    above=st.sampled_from([((1, "a"),), ((1, "b"),)]),
    below=st.sampled_from([((1, "c"),), ((1, "d"),)]),
    positive=st.booleans(),
)
PLANS = st.lists(
    st.one_of(ROWS, RATES), min_size=1, max_size=6, unique_by=lambda row: row.code
).map(lambda rows: Plan(tuple(rows), GRADES))
MONTHS = st.decimals("0.03", "13", places=2)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(PLANS, COUNTS, MONTHS)
def test_every_score_and_index_lies_between_0_and_100(plan, counts, months):
    outcome = scoring.evaluate(plan, counts, months)
    scores = [row.score for row in outcome.scored if row.score is not None]
    assert all(0 <= score <= 100 for score in scores)
    assert (outcome.composite is None) == (not scores)
    if outcome.composite is not None:
        assert min(scores) - D("0.01") <= outcome.composite <= max(scores) + D("0.01")
        assert scoring.grade_of(GRADES, outcome.composite) is not None


@unhurried
@given(PLANS, COUNTS)
def test_weights_come_to_one_again_and_give_the_index(plan, counts):
    outcome = scoring.evaluate(plan, counts)
    shares = scoring.shares(outcome.scored)
    if not shares:
        assert outcome.composite is None
        return
    assert sum(shares.values()) == 1
    points = sum(
        shares[row.code] * Fraction(row.score)
        for row in outcome.scored
        if row.score is not None
    )
    assert outcome.composite is not None
    assert abs(Fraction(outcome.composite) - points) <= Fraction(1, 200)


@unhurried
@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 500), st.booleans())
def test_a_better_rate_never_lowers_the_index(below, above, more, positive):
    rows = (
        Indicator("r", D(40), ((1, "x"),), ((1, "y"),), positive=positive),
        Indicator("s", D(60), ((1, "z"),), ((1, "y"),)),
    )
    plan, counts = Plan(rows, GRADES), {"x": above, "y": below, "z": below // 3}
    better = max(0, above - more) if not positive else above + more
    worse_index = scoring.evaluate(plan, counts).composite
    better_index = scoring.evaluate(plan, {**counts, "x": better}).composite
    assert worse_index is not None
    assert better_index is not None
    assert better_index >= worse_index


@unhurried
@given(st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 9).map(D)))
def test_a_place_counts_those_who_are_better(indices):
    for key, place in scoring.ranks(indices).items():
        value = indices[key]
        if value is None:
            assert place is None
        else:
            others = [v for v in indices.values() if v is not None]
            assert place == 1 + sum(other > value for other in others)
