"""The compiled check never passes what `jsonschema` refuses."""

import random

import pytest

from platform_core.datasets import quick, schema

NAMES = ["a", "b", "地"]
NUMBERS = [-3, 0, 1, 2, 5, 0.5, 3.0, -0.0, 2**53, 2**64, -(2**70), 1e300]
TEXTS = [
    *("", "a", "ab\n", "青岛", "😀😀", "3", "x@y", "0" * 32),
    *("2026-11-20", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00", "08:00"),
    "0b0e4f6e-6f0c-4d2e-8f9e-1a2b3c4d5e6f",
]
LEAVES = [None, True, False, *NUMBERS, *TEXTS]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
PATTERNS = ["^a", "b$", "^[0-9a-f]{2,3}$", "^.$", "[^a]", "x|3", "😀{2}"]
FORMATS = ["date", "time", "date-time", "uuid", "email", "uri"]


def value(dice, depth=2):
    """Some JSON."""
    kind = dice.randrange(6) if depth else 0
    if kind == 1:
        return [value(dice, depth - 1) for _ in range(dice.randrange(4))]
    if kind == 2:
        names = dice.sample(NAMES, dice.randrange(4))
        return {name: value(dice, depth - 1) for name in names}
    return dice.choice(LEAVES)


def keyword(dice, depth):
    """Some keyword of a schema with what it says."""
    what = dice.choice(["Length", "Items", "Properties"])
    inner = {
        "properties": lambda: {name: some_schema(dice, depth - 1) for name in NAMES},
        "items": lambda: some_schema(dice, depth - 1),
        "additionalProperties": lambda: dice.choice([False, some_schema(dice, 0)]),
    }
    plain = {
        "type": lambda: dice.sample(TYPES, dice.randint(1, 3)),
        "enum": lambda: [value(dice) for _ in range(4)],
        "const": lambda: value(dice),
        "format": lambda: dice.choice(FORMATS),
        "pattern": lambda: dice.choice(PATTERNS),
        "required": lambda: dice.sample(NAMES, dice.randrange(3)),
        "exclusiveMinimum": lambda: dice.choice(NUMBERS),
        "exclusiveMaximum": lambda: dice.choice(NUMBERS),
        "minimum": lambda: dice.choice(NUMBERS),
        "maximum": lambda: dice.choice(NUMBERS),
        f"min{what}": lambda: dice.randrange(3),
        f"max{what}": lambda: dice.randrange(3),
    }
    found = plain | (inner if depth else {})
    name = dice.choice(sorted(found))
    return name, found[name]()


def some_schema(dice, depth=2):
    return dict(keyword(dice, depth) for _ in range(dice.randrange(3)))


def test_its_yes_is_that_of_the_exact_validator():
    dice, passed, both = random.Random(2020), 0, 0
    for _ in range(400):
        made = schema.validator(some_schema(dice))
        for one in [*LEAVES, *(value(dice) for _ in range(20))]:
            exact = made.exact.is_valid(one)
            quickly = made.quick(one)
            assert exact or not quickly, (made.schema, one)
            passed, both = passed + exact, both + quickly
    # Its no costs time only, but it should be rare where the answer is yes.
    assert both > 0.95 * passed > 1_000


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"enum": [1, False]}, [True, 0, 1.0, False]),
        ({"pattern": "b$"}, ["ab\n", "ab"]),
        ({"type": "integer", "maximum": 5}, [3.0, 2**64, 2**70, 1e300]),
        ({"maxLength": 1}, ["😀", "😀😀", "e\u0301"]),
    ],
)
def test_what_libraries_like_to_read_differently(given, values):
    made = schema.validator(given)
    for one in values:
        assert made.exact.is_valid(one) or not made.quick(one)


@pytest.mark.parametrize(
    "keyword",
    [
        {"pattern": r"^\W$"},
        {"pattern": "(?i)a"},
        {"oneOf": [{"type": "string"}]},
        {"properties": {"a": {"items": {"not": {}}}}},
        {"additionalProperties": {"multipleOf": 0.1}},
        {"$ref": "#"},
        {"pattern": "("},
    ],
)
def test_what_might_be_read_in_two_ways_is_not_compiled(keyword):
    formats = schema._formats
    assert quick.compiled({"type": ["string", "object"]} | keyword, formats) is None


def test_what_is_no_json_is_left_to_the_exact_validator():
    made = schema.validator({"type": "object"})
    assert made.quick({"a": 1}) is True
    for strange in ({"a": object()}, {1: 2}, {"a": "\ud800"}):
        assert made.quick(strange) in {False, made.exact.is_valid(strange)}
        assert schema.first_problem(made, strange) is None
