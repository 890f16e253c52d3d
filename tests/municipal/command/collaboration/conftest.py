"""A street of the city with its people, and a district below it."""

import pytest

from tests.factories import command as factory
from tests.factories.accounts import OrgUnitFactory, UserFactory


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()


@pytest.fixture
def admin(db):
    return UserFactory(roles=["sys_admin"])


@pytest.fixture
def team(city):
    """A team below the unit that leads."""
    return OrgUnitFactory(name="道路班", parent=city.unit)
