"""Identification codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.classification.codes import (
    AreaGridCode,
    ComponentCode,
    MatterCode,
    UnitGridCode,
)
from platform_core.common.errors import DomainError


def test_unit_grid_of_the_standards_example():
    code = UnitGridCode.parse("320508001002015")
    assert (code.community, code.serial) == ("320508001002", 15)
    assert (code.county, code.street) == ("320508", "320508001")
    assert str(UnitGridCode("320508001002", 15)) == "320508001002015"


def test_duty_grid_of_a_community_and_of_a_street():
    assert str(AreaGridCode("320508001002", 1)) == "320508001002Z001"
    assert str(AreaGridCode("320508001", 7)) == "320508001000Z007"
    assert AreaGridCode.parse("320508001002G003").type == "G"


def test_component_codes_of_both_editions():
    old = ComponentCode.parse("3205080101000001")
    assert (old.county, old.class_code, old.serial) == ("320508", "0101", 1)
    assert old.edition == "2013"
    new = old.moved_to("01001")
    assert str(new) == "32050801001000001"
    assert (new.edition, ComponentCode.parse(str(new))) == ("2026", new)


def test_matter_codes_of_both_editions():
    assert MatterCode.parse("3205080101").edition == "2013"
    assert MatterCode.parse("32050806001") == MatterCode("320508", "06001")
    assert str(MatterCode("320508", "06001")) == "32050806001"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (UnitGridCode, "32050800100201"),
        (UnitGridCode, "020508001002015"),
        (UnitGridCode, "32050800100201a"),
        (UnitGridCode, "32050800100201５"),  # a full-width digit
        (UnitGridCode, "320508001002015\n"),
        (AreaGridCode, "320508001002X001"),
        (ComponentCode, "320508010100001"),
        (ComponentCode, "320508010010000011"),
        (MatterCode, "320508010"),
        (MatterCode, ""),
    ],
)
def test_wrong_forms_are_refused(form, text):
    assert not form.is_valid(text)
    with pytest.raises(DomainError) as caught:
        form.parse(text)
    assert caught.value.code == "code_format"


def test_building_refuses_parts_that_do_not_fit():
    with pytest.raises(DomainError):
        UnitGridCode("320508001002", 1000)
    with pytest.raises(DomainError):
        ComponentCode("320508", "0101", 1_000_000)


@given(st.from_regex(r"\A[1-9][0-9]{5}[0-9]{10,11}\Z"))
def test_reading_and_writing_a_component_code_are_inverse(text):
    assert str(ComponentCode.parse(text)) == text
