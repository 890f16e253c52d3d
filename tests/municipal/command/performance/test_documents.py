"""The document of a scheme: what it may say, and what is told about mistakes."""

import copy
import re
from decimal import Decimal as D

import pytest
from django.utils import translation

from municipal.command.performance import documents, scoring

KNOWN = ("closed_num", "should_close_num", "filed_num", "voided_num", "helped_num")
BODY = {
    "indicators": [
        {
            "code": "X1",
            "weight": "60",
            "above": "closed_num",
            "below": "should_close_num",
        },
        {
            "code": "X2",
            "weight": "40",
            "above": "filed_num",
            "bands": [[5, 100], [None, 0]],
        },
    ],
    "grades": [
        {"code": "A", "least": "90", "colour": "green"},
        {"code": "B", "least": "0", "colour": "red"},
    ],
    "groups": [
        {
            "code": "g1",
            "name": "Roads",
            "members": ["u1"],
            "bands": {"X2": [[9, 100], [None, 0]]},
        }
    ],
}


def changed(change):
    body = copy.deepcopy(BODY)
    change(body)
    return documents.problems(body, KNOWN)


def test_a_sound_document_is_read_into_a_plan():
    assert documents.problems(BODY, KNOWN) == []
    plan = documents.plan(BODY)
    counts = {"closed_num": 1, "should_close_num": 2, "filed_num": 7}
    assert scoring.evaluate(plan, counts).composite == 30
    assert scoring.evaluate(plan.of_group("g1"), counts).composite == 70
    assert documents.measures(BODY) == ["closed_num", "should_close_num", "filed_num"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("filed_num", ((1, "filed_num"),)),
        ("filed_num - voided_num", ((1, "filed_num"), (-1, "voided_num"))),
        ("-a+b", ((-1, "a"), (1, "b"))),
        ("", ()),
    ],
)
def test_formulas(text, expected):
    assert documents.formula(text) == expected


@pytest.mark.parametrize("text", ["a b", "a * b", "2", "a - ", "__import__('os')"])
def test_a_formula_is_measures_and_signs_only(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        documents.formula(text)


@pytest.mark.parametrize("value", ["x", "NaN", "Infinity", None])
def test_numbers(value):
    with pytest.raises(ValueError, match=str(value)):
        documents.number(value)
    assert documents.number("1.5") == D("1.5")


def first(body):
    return body["indicators"][0]


def second(body):
    return body["indicators"][1]


def assisting(body):
    body["indicators"].append(
        {**first(body), "code": "X3", "weight": "50", "part": "assist"}
    )
    body["assist_share"] = 10


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda b: first(b).update(weight="50"), "90"),
        (lambda b: first(b).update(weight="-1"), "above 0"),
        (lambda b: first(b).update(weight="x"), "read"),
        (lambda b: first(b).pop("code"), "read"),
        (lambda b: first(b).update(code="X2"), "twice"),
        (lambda b: first(b).update(above=""), "counts nothing"),
        (lambda b: first(b).update(below=""), "denominator"),
        (lambda b: first(b).update(above="unheard_num"), "unheard_num"),
        (lambda b: first(b).update(part="other"), "neither"),
        (lambda b: second(b).update(bands=[[5, 100], [3, 50], [None, 0]]), "rise"),
        (lambda b: second(b).update(bands=[[5, 100], [7, 0]]), "rise"),
        (lambda b: second(b).update(bands=[[None, 5], [5, 100], [None, 0]]), "rise"),
        (lambda b: second(b).update(bands=[[5, 101], [None, 0]]), "0 to 100"),
        (lambda b: b["grades"].reverse(), "limits"),
        (lambda b: b["grades"].pop(), "limits"),
        (lambda b: b["grades"].clear(), "limits"),
        (lambda b: b["grades"][0].update(colour="pink"), "colour"),
        (lambda b: b["groups"].append({"code": "g2", "members": ["u1"]}), "two groups"),
        (lambda b: b["groups"][0]["bands"].update(X9=[[None, 0]]), "X9"),
        (lambda b: b.update(assist_share=10), "reverse"),
        (lambda b: b.update(assist_share=100), "below 100"),
        (assisting, "50"),
    ],
)
def test_every_mistake_is_named(change, word):
    with translation.override("en"):
        found = changed(change)
    assert any(word in text for text in found), found
