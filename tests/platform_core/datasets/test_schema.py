"""The schema of a contract comes from its serializer and speaks protocol codes."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework import serializers

from platform_core.datasets import schema


class Inner(serializers.Serializer):
    name = serializers.CharField(max_length=5)


class Everything(serializers.Serializer):
    uid = serializers.UUIDField()
    name = serializers.CharField(max_length=5)
    blank = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=[("a", "A"), ("b", "B")])
    count = serializers.IntegerField(min_value=0, max_value=9)
    share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    at = serializers.DateTimeField()
    day = serializers.DateField(required=False)
    code = serializers.RegexField(r"^[0-9]{6}$", required=False)
    inner = Inner(required=False)
    many = Inner(many=True, required=False)
    flag = serializers.BooleanField(required=False)
    anything = serializers.JSONField(required=False)


GOOD = {
    "uid": str(uuid4()),
    "name": "青岛",
    "kind": "a",
    "count": 3,
    "share": None,
    "at": "2026-11-20T08:00:00+08:00",
}


@pytest.fixture(scope="module")
def checker():
    return schema.validator(schema.of(Everything(), title="T", identity="t.t:1"))


def test_the_schema_states_types_limits_and_codes():
    made = schema.of(Everything(), title="T", identity="t.t:1")
    assert made["$schema"].endswith("2020-12/schema")
    assert made["additionalProperties"] is True
    assert made["required"] == ["uid", "name", "kind", "count", "share", "at"]
    fields = made["properties"]
    assert fields["uid"] == {"type": "string", "format": "uuid"}
    assert fields["name"] == {"type": "string", "minLength": 1, "maxLength": 5}
    assert fields["kind"] == {"enum": ["a", "b"]}
    assert fields["count"] == {"type": "integer", "minimum": 0, "maximum": 9}
    assert fields["share"] == {"type": ["number", "null"]}
    assert fields["at"] == {"type": "string", "format": "date-time"}
    assert fields["many"]["items"]["properties"]["name"]["maxLength"] == 5


def test_good_data_passes_and_unknown_fields_are_tolerated(checker):
    assert checker.quick(GOOD)
    assert schema.first_problem(checker, GOOD) is None
    more = GOOD | {"blank": "", "code": "370200", "new_field": 1, "day": None}
    assert schema.first_problem(checker, more) is None


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": 3}, "type", "name"),
        ({"name": None}, "type", "name"),
        ({"name": "too long"}, "range", "name"),
        ({"name": ""}, "range", "name"),
        ({"kind": "c"}, "code_list", "kind"),
        ({"count": 10}, "range", "count"),
        ({"count": -1}, "range", "count"),
        ({"count": True}, "type", "count"),
        ({"uid": "no"}, "format", "uid"),
        ({"at": "2026-11-20T08:00:00"}, "format", "at"),
        ({"at": "2026-13-20T08:00:00Z"}, "format", "at"),
        ({"day": "2026-02-30"}, "format", "day"),
        ({"code": "12"}, "format", "code"),
        ({"inner": {}}, "required", "inner.name"),
        ({"many": [{"name": "a"}, {"name": "abcdef"}]}, "range", "many.1.name"),
    ],
)
def test_what_is_wrong_is_named(checker, change, code, field):
    problem = schema.first_problem(checker, GOOD | change)
    assert (problem.code, problem.field) == (code, field)


def test_a_missing_field_is_named(checker):
    problem = schema.first_problem(checker, {**GOOD, "x": 1} | {})
    assert problem is None
    data = {name: value for name, value in GOOD.items() if name != "kind"}
    problem = schema.first_problem(checker, data)
    assert (problem.code, problem.field) == ("required", "kind")
    assert schema.first_problem(checker, []).code == "type"


def test_wire_data_are_plain_and_leave_out_what_is_empty():
    given = {
        "uid": uuid4(),
        "share": Decimal("1.50"),
        "at": timezone.now(),
        "day": None,
        "blank": None,
    }
    made = schema.wire(Everything(), given)
    assert isinstance(made["uid"], str)
    assert made["share"] == 1.5
    assert set(made) == {"uid", "share", "at"}
    assert schema.wire(Everything(), {"share": None}) == {"share": None}
