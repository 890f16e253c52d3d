"""Arithmetic of division codes and the reads on top of it."""

import pytest
from django.db.models import Q
from django.utils import translation

from platform_core.common.errors import DomainError
from platform_core.regions import codes, selectors
from platform_core.regions.enums import NOWHERE, Level
from platform_core.regions.models import Division
from tests.factories.regions import StreetFactory


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("100000", ""),
        ("370000", "37"),
        ("370200", "3702"),
        ("370202", "370202"),
        ("370202001", "370202001"),
        ("370202001003", "370202001003"),
        ("469001", "469001"),
    ],
)
def test_prefix(code, prefix):
    assert codes.prefix_of(code) == prefix


@pytest.mark.parametrize(
    ("code", "other", "inside"),
    [
        ("370202", "370200", True),
        ("370200", "370200", True),
        ("370202001", "370202", True),
        ("370811", "370200", False),
        ("370200", "370202", False),
        ("370000", "100000", True),
        ("100000", "100000", True),
        ("100000", "370000", False),
        ("", "370000", False),
        ("", "100000", False),
    ],
)
def test_within(code, other, inside):
    assert codes.within(code, other) is inside


def test_platforms_serve_the_division_in_their_code():
    assert codes.node_division("M37020001") == "370200"
    assert codes.node_division("N10000001") == "100000"
    assert codes.node_prefix("P37000001") == "37"
    assert codes.node_prefix("N10000001") == ""


def test_range_of_codes():
    assert codes.range_q("", "code") == Q()
    assert codes.range_q("3709", "code") == Q(code__gte="3709", code__lt="3710")
    assert codes.range_q(NOWHERE, "code") == Q(pk__in=[])


@pytest.mark.django_db
def test_lineage_is_remembered(django_assert_num_queries):
    selectors.forget()
    assert [d.code for d in selectors.lineage("370202")] == [
        "100000",
        "370000",
        "370200",
        "370202",
    ]
    with django_assert_num_queries(0):
        selectors.lineage("370202")


@pytest.mark.django_db
def test_unknown_division_is_a_clear_error():
    with pytest.raises(DomainError) as caught:
        selectors.division("999999")
    assert caught.value.code == "reference_missing"
    assert selectors.find_division("999999") is None


@pytest.mark.django_db
def test_divisions_below():
    assert selectors.children("370200").count() == 10
    street = StreetFactory(code="370202777")
    counties = selectors.inside("370200", Level.COUNTY)
    assert counties.count() == 10
    assert street in selectors.inside("370202")
    shinan = selectors.division("370202")
    assert shinan.contains(street.code)
    assert selectors.boundary("370202") is None
    assert shinan.prefix == "370202"


@pytest.mark.django_db
def test_names_follow_the_reader():
    shandong = Division.objects.get(pk="370000")
    assert str(shandong) == "山东省"
    with translation.override("en"):
        assert str(shandong) == "Shandong"
        assert str(Division.objects.get(pk="370202")) == "市南区"
    assert str(selectors.own()) == selectors.own().name
