"""Loading the catalogues."""

import time

import pytest

from platform_core.classification.loaders import load_classes
from platform_core.classification.models import FilingCondition, ProblemClass

pytestmark = pytest.mark.django_db


def count(edition: str, kind: str) -> int:
    return ProblemClass.objects.filter(edition=edition, kind=kind).count()


def test_both_editions_are_complete():
    assert count("2013", "component") == 119
    assert count("2013", "matter") == 79
    assert count("2026", "component") == 153
    assert count("2026", "matter") == 250
    conditions = FilingCondition.objects.values_list(
        "problem_class__edition", flat=True
    )
    assert sorted(conditions) == ["2013"] * 567 + ["2026"] * 707


def test_conditions_stand_under_the_classes_that_cases_are_filed_under():
    of_components = FilingCondition.objects.filter(problem_class__edition="2026")
    assert not of_components.filter(problem_class__kind="component").exists()
    abnormal = of_components.filter(
        problem_class__origin="component", problem_class__code="01001", number="01"
    ).get()
    assert abnormal.problem_class.name == "供水井盖异常"
    assert (abnormal.limit_value, abnormal.limit_unit) == (2, "urgent_hour")
    assert not ProblemClass.objects.filter(
        edition="2026", kind="matter", conditions=None
    ).exists()


def test_second_load_changes_nothing_and_first_load_is_quick():
    assert load_classes() == "0 classes, 0 conditions"
    ProblemClass.objects.all().delete()
    started = time.perf_counter()
    assert load_classes() == "601 classes, 1274 conditions"
    assert time.perf_counter() - started < 2


def test_reload_heals_the_standard_and_keeps_what_the_city_set():
    own, altered = FilingCondition.objects.order_by("pk")[:2]
    own.limit_value, own.is_own = 99, True
    own.save()
    altered.filing_condition = "?"
    altered.save()
    ProblemClass.objects.filter(code="01001").update(is_active=False, name="?")
    load_classes()
    own.refresh_from_db()
    altered.refresh_from_db()
    assert own.limit_value == 99
    assert altered.filing_condition != "?"
    switched = ProblemClass.objects.filter(code="01001")
    assert {row.is_active for row in switched} == {False}
    assert "?" not in {row.name for row in switched}


def test_every_class_has_an_english_name_and_major_class():
    assert not ProblemClass.objects.filter(name_en="").exists()
    assert not ProblemClass.objects.filter(major_name_en="").exists()
