"""Days and times are written in one way, in every language."""

from datetime import date, datetime, time

import pytest
from django.utils import formats, translation


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_year_comes_first(language):
    with translation.override(language):
        assert formats.localize(date(2026, 1, 9)) == "2026-01-09"
        assert formats.localize(datetime(2026, 1, 9, 7, 5)) == "2026-01-09 07:05"
        assert formats.localize(time(7, 5)) == "07:05"
