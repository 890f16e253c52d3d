"""Reading the catalogue."""

import pytest
from django.utils import translation

from platform_core.classification import selectors
from platform_core.classification.models import CatalogueState, ProblemClass
from platform_core.classification.services import (
    set_active,
    set_default_edition,
    set_limit,
)
from platform_core.common.errors import DomainError
from platform_core.common.snapshots import Version
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def read_all() -> None:
    found = selectors.problem_class("matter", "01001")
    assert found is not None
    selectors.conditions(found)
    selectors.crosswalk(found, "2013")
    selectors.tree("2026", "matter")
    selectors.default_edition()


def test_warm_reads_take_no_query(django_assert_num_queries):
    read_all()
    with django_assert_num_queries(0):
        read_all()


def test_class_and_conditions():
    found = selectors.problem_class("matter", "01001")
    assert (found.name, found.origin) == ("供水井盖异常", "component")
    numbers = [condition.number for condition in selectors.conditions(found)]
    assert numbers == ["01", "02", "03", "04"]
    assert selectors.condition(found, "02").limit_unit == "work_hour"
    assert selectors.condition(found, "77") is None
    assert selectors.problem_class("matter", "99999") is None
    assert selectors.problem_class("component", "01001").name == "供水井盖"


def test_tree_has_the_major_classes_in_order_and_speaks_the_readers_language():
    majors = selectors.tree("2026", "matter")
    assert [major.code for major in majors] == [f"{n:02d}" for n in range(1, 11)]
    assert sum(len(major.classes) for major in majors) == 250
    assert majors[8].label == "街面秩序类"
    with translation.override("en"):
        assert selectors.tree("2026", "matter")[8].label == "Street order"


def test_case_classes_are_both_kinds_of_2013_and_the_matters_of_2026():
    def is_case_class(edition: str, kind: str, code: str) -> bool:
        return selectors.problem_class(kind, code, edition).is_case_class

    assert is_case_class("2013", "component", "0101")
    assert is_case_class("2013", "matter", "0101")
    assert is_case_class("2026", "matter", "01001")
    assert not is_case_class("2026", "component", "01001")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("component", "0101"), ("matter", "01001")),
        (("component", "0508"), ("matter", "01071")),  # flood wall changed its class
        (("matter", "0101"), ("matter", "06001")),
        (("matter", "0507"), ("matter", "10001")),
        (("matter", "0602"), ("matter", "09013")),
    ],
)
def test_crosswalk_both_ways(old, new):
    of_2013 = selectors.problem_class(*old, "2013")
    of_2026 = selectors.problem_class(*new, "2026")
    assert selectors.crosswalk(of_2013, "2026") == of_2026
    assert selectors.crosswalk(of_2026, "2013") == of_2013
    assert selectors.crosswalk(of_2026, "2026") == of_2026


def test_crosswalk_never_loses_its_way():
    for found in ProblemClass.objects.filter(edition="2026").exclude(code_2013=""):
        older = selectors.crosswalk(found, "2013")
        assert older is not None, found
        as_component = found.kind == "component"
        assert selectors.crosswalk(older, "2026", as_component=as_component) == found


def test_classes_without_a_counterpart():
    rack = selectors.problem_class("component", "01058")
    assert selectors.crosswalk(rack, "2013") is None
    dropped = selectors.problem_class("component", "0501", "2013")
    assert selectors.crosswalk(dropped, "2026") is None
    matter = selectors.problem_class("matter", "0101", "2013")
    assert selectors.crosswalk(matter, "2026", as_component=True) is None


def test_component_codes_move_to_the_new_edition():
    upgrade = selectors.upgrade_component_code
    assert upgrade("3205080101000001") == "32050801001000001"
    assert upgrade("3205080508000012") == "32050801071000012"
    assert upgrade("3205080501000012") is None
    assert upgrade("3205089999000012") is None


def test_attribute_tables():
    items = selectors.attributes("component", "47678.5-2026")
    assert len(items) == 18
    assert (items[0].abbreviation, items[0].length) == ("GLBJBSM", 17)
    assert len(selectors.attributes("unit_grid", "30428.1-2013")) == 5
    assert selectors.attributes("unit_grid", "nothing") == ()


def test_administrator_chooses_the_edition(django_capture_on_commit_callbacks):
    assert selectors.default_edition() == "2026"
    with django_capture_on_commit_callbacks(execute=True):
        set_default_edition(edition="2013", by=UserFactory())
    assert selectors.default_edition() == "2013"
    with pytest.raises(DomainError):
        set_default_edition(edition="2007", by=UserFactory())


def test_switched_class_leaves_the_tree_but_is_still_known(
    django_capture_on_commit_callbacks,
):
    found = selectors.problem_class("matter", "01001")
    with django_capture_on_commit_callbacks(execute=True):
        set_active(problem_class=found, is_active=False, by=UserFactory())
    codes = {row.code for row in selectors.classes("2026", "matter")}
    assert "01001" not in codes
    assert selectors.problem_class("matter", "01001") is not None


def test_city_sets_its_own_limit(django_capture_on_commit_callbacks):
    found = selectors.problem_class("matter", "01001")
    condition = selectors.condition(found, "01")
    with django_capture_on_commit_callbacks(execute=True):
        set_limit(condition=condition, value=3, unit="work_hour", by=UserFactory())
    again = selectors.condition(found, "01")
    assert (again.limit_value, again.limit_unit) == (3, "work_hour")
    assert again.is_own
    for value, unit in ((0, "work_hour"), (1, "fortnight")):
        with pytest.raises(DomainError):
            set_limit(condition=again, value=value, unit=unit, by=UserFactory())


def test_change_made_by_another_process_is_seen():
    before = selectors.catalogue()
    ProblemClass.objects.filter(code="01001", kind="matter").update(name="改名")
    CatalogueState.objects.update(version="of another process")
    assert selectors.catalogue() is before  # the shared cache says nothing new yet
    Version("classification.version").announce("of another process")
    assert selectors.catalogue() is before  # believed for a second
    Version.doubt_all()
    assert selectors.problem_class("matter", "01001").name == "改名"
