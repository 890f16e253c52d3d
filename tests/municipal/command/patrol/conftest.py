"""A street of the city with inspectors and who leads them."""

import pytest

from tests.factories import command as factory
from tests.factories.accounts import UserFactory


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()


@pytest.fixture
def inspector(city):
    return city.supervisor


@pytest.fixture
def leader(city):
    return UserFactory(roles=["team_leader"])
