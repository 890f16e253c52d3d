"""A street of the city with its people."""

import pytest

from tests.factories import command as factory


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()
