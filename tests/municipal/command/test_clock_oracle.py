"""The unit's clock of a case, extensions and pauses, against the table of seconds."""

import random

import pytest
from django.utils import timezone

from municipal.command import clocks
from municipal.command.models import Case
from platform_core.calendars.selectors import schedule
from tests.platform_core.calendars.test_prefix_oracle import (
    aware,
    expected_of,
    some_case,
    table,
)

CASES = 5_000
pytestmark = pytest.mark.django_db


def test_deadlines_of_cases_equal_the_table_of_working_seconds():
    chance = random.Random(20261124)
    drawn = [some_case(chance) for _ in range(CASES)]
    schedule()
    for given, expected in zip(drawn, expected_of(table("china"), drawn), strict=True):
        start, unit, value, stopped = given
        case = Case(
            clock_started_at=aware(start),
            limit_value=value / 4,
            extended_value=value * 3 / 4,
            limit_unit=unit,
            pauses=[[aware(a).isoformat(), aware(b).isoformat()] for a, b in stopped],
        )
        clocks.recompute(case)
        assert timezone.make_naive(case.handling_deadline) == expected, given
