"""Components in a street, and who looks after them."""

from datetime import date

import pytest

from municipal.command.basedata.components import counts
from municipal.command.models import Component
from platform_core.geo import cells
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, STEP, district

COUNTY, CLASS = "370202", "01001"


@pytest.fixture
def city(db):
    return district()


@pytest.fixture
def inspector(city):
    return city.supervisor


@pytest.fixture
def keeper(city):
    """Who reviews, publishes and imports."""
    return UserFactory(roles=["sys_admin"])


@pytest.fixture
def make(city):
    """Components as they were published."""

    def made(serial=1, *, lon=LON + STEP / 2, lat=LAT + STEP / 2, **given):
        values = {
            "code": f"{COUNTY}{CLASS}{serial:06d}",
            "edition": "2026",
            "class_code": CLASS,
            "class_name": "供水井盖",
            "lon": lon,
            "lat": lat,
            "cell": cells.cell(lon, lat),
            "grid_code": "370202001001001",
            "surveyed_on": date(2026, 7, 1),
            **given,
        }
        row = Component.objects.create(**values)
        counts.change([row])
        return row

    return made
