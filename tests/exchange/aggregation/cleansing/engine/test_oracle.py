"""The engine finds what a plain recomputation finds, on rows of all sorts of dirt."""

import random
import string

import pytest

from exchange.aggregation.cleansing.engine.rules import Action, Rule, Severity
from platform_core.common.codes import credit_check_character

from . import oracle

NASTY = [
    None,
    "",
    " ",
    "\u3000",
    "'; DROP TABLE rows; --",
    '" OR 1=1 --',
    "{}",
    "?",
    "%s",
    "\\",
    "NULL",
    "\x1f",
    "是",
    "0000-00-00",
    "１２３",
    "2026-02-30",
    "9" * 400,
]
AREA = {
    "type": "Polygon",
    "coordinates": [
        [
            [120, 36],
            [120.5, 35.9],
            [120.4, 36.2],
            [120.7, 36.4],
            [120.1, 36.5],
            [120, 36],
        ]
    ],
}
RULES = [
    Rule("required", ("name",), {"default": "未知"}, Action.DEFAULT),
    Rule("type", ("day",), {"type": "date"}, Action.FIX),
    Rule("type", ("moment",), {"type": "datetime"}, Action.FIX),
    Rule("type", ("count",), {"type": "integer"}, Action.FIX),
    Rule("type", ("weight",), {"type": "decimal"}, Action.REJECT),
    Rule("type", ("flag",), {"type": "boolean"}, Action.FIX),
    Rule("length", ("name",), {"least": 2, "most": 6}, Action.FIX),
    Rule("pattern", ("code",), {"pattern": r"[A-C][0-9]{2}"}, severity=Severity.HINT),
    Rule("range", ("weight",), {"least": 1, "most": 50.5}),
    Rule("range", ("day",), {"least": "2020-01-01", "most": "2026-06-30"}),
    Rule(
        "code_list",
        ("sex",),
        {"aliases": {"男": "1", "女": "2"}},
        Action.FIX,
        keys=["1", "2"],
    ),
    Rule("reference", ("code",), keys=["A01", "B02", "'; DROP TABLE rows; --"]),
    Rule("credit_code", ("unit",), action=Action.FIX),
    Rule("identity_number", ("person",), action=Action.FIX),
    Rule("phone", ("phone",), action=Action.FIX),
    Rule("phone", ("mobile",), {"kind": "mobile"}, Action.REJECT),
    Rule("coordinates", ("lon", "lat"), {"area": AREA}),
    Rule("time_order", ("day", "moment")),
    Rule("unique", ("code", "sex")),
    Rule("duplicate", ("name",), {"near": True}, Action.REJECT),
    Rule("duplicate", ("phone",), severity=Severity.HINT),
]


def dirty(one, text):
    """A right value as people write it wrong."""
    way = one.random()
    if way < 0.55:
        return text
    if way < 0.65:
        return f" {text}\u3000"
    if way < 0.72:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    if way < 0.8:
        return text.lower()
    if way < 0.87 and text:
        place = one.randrange(len(text))
        return text[:place] + one.choice(string.printable) + text[place + 1 :]
    return one.choice(NASTY)


def a_day(one):
    year, month, day = one.randrange(2018, 2028), one.randint(1, 12), one.randint(1, 31)
    form = one.choice(["%d-%02d-%02d", "%d/%d/%d", "%d年%d月%d日", "%d.%02d.%d"])
    return form % (year, month, day)


def a_moment(one):
    zone = one.choice(["", "Z", "+08:00", "-03:30", "+15:00"])
    clock = one.choice(["%02d:%02d", "%02d:%02d:59", "%02d:%02d:00.25"])
    time = clock % (one.randint(0, 24), one.randint(0, 60))
    return f"{a_day(one)}{one.choice('T ')}{time}{zone}"


def a_unit(one):
    body = "91370200" + "".join(one.choices(oracle.CREDIT, k=9))
    return body + credit_check_character(body)


def a_person(one):
    born = f"{one.randint(1950, 2010)}{one.randint(1, 12):02d}{one.randint(1, 30):02d}"
    body = f"370202{born}{one.randint(0, 999):03d}"
    total = sum(int(c) * w for c, w in zip(body, oracle.ID_WEIGHTS, strict=False))
    return body + "10X98765432"[total % 11]


MAKERS = {
    "name": lambda one: one.choice(
        ["灯", "路灯", "路 灯", "A-b", "井盖（雨水）", "a B", "树"]
    ),
    "day": a_day,
    "moment": a_moment,
    "count": lambda one: str(one.randint(-5, 99)),
    "weight": lambda one: f"{one.uniform(-1, 60):.2f}",
    "flag": lambda one: one.choice(["true", "false", "1", "0", "Y", "否"]),
    "code": lambda one: one.choice("ABCD") + f"{one.randint(0, 30):02d}",
    "sex": lambda one: one.choice(["1", "2", "男", "女", "3"]),
    "unit": a_unit,
    "person": a_person,
    "phone": lambda one: one.choice(
        ["13812345678", "+86 138 1234 5678", "0532-85911111", "12345", "(0532)8591111"]
    ),
    "mobile": lambda one: f"1{one.randint(2, 9)}{one.randrange(10**9):09d}",
    "lon": lambda one: f"{one.uniform(119.9, 120.8):.6f}",
    "lat": lambda one: f"{one.uniform(35.8, 36.6):.6f}",
}


def make_rows(seed, count=150):
    one = random.Random(seed)
    return {
        key: {
            name: dirty(one, make(one))
            for name, make in MAKERS.items()
            if one.random() > 0.04
        }
        for key in range(1, count + 1)
    }


@pytest.mark.parametrize("seed", range(3))
def test_all_errors_of_all_rows(cleanse, seed):
    rows = make_rows(seed)
    problems, ends, fixes = oracle.cleanse(RULES, rows)
    done = cleanse(RULES, rows)

    found = {(one.row, one.rule): (one.fix, one.open) for one in done.problems()}
    assert found == problems
    assert len(found) > 300  # the rows are dirty indeed
    for verdict in ("fixed", "rejected", "returned"):
        assert set(done.ended(verdict)) == {
            k for k, end in ends.items() if end == verdict
        }
    assert done.verdicts()["clean"] == list(ends.values()).count("clean")
    assert {one.row: one.values for one in done.changes()} == {
        k: values for k, values in fixes.items() if ends[k] == "fixed"
    }


def test_counts_are_those_of_the_problems(cleanse):
    rows = make_rows(9)
    problems, _ends, _fixes = oracle.cleanse(RULES, rows)
    counts = cleanse(RULES, rows).counts()
    for place, count in enumerate(counts):
        mine = [
            still for (_row, rule), (_fix, still) in problems.items() if rule == place
        ]
        assert (count.found, count.open) == (len(mine), sum(mine))


def test_bad_rows_are_counted_by_who_sent_them(cleanse):
    rows = make_rows(5)
    expected = {}
    for place, rule in enumerate(RULES):
        for row in oracle.broken(rule, rows):
            expected[row % 3, place] = expected.get((row % 3, place), 0) + 1
    done = cleanse(RULES, rows)
    assert done.bad_by_group() == expected
    assert done.groups() == {0: 50, 1: 50, 2: 50}
