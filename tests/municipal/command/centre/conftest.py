"""A street of the city, and the people of the command centre."""

import pytest

from platform_core.accounts.models import User
from tests.factories import command as factory
from tests.factories.accounts import UserFactory


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()


@pytest.fixture
def chief(db) -> User:
    """Plans the roster."""
    return UserFactory(roles=["duty_leader"], full_name="值班长甲", phone="13800000001")


@pytest.fixture
def officer(db) -> User:
    return UserFactory(roles=["dispatcher"], full_name="值班员乙")


@pytest.fixture
def colleague(db) -> User:
    return UserFactory(roles=["acceptor"], full_name="值班员丙")


@pytest.fixture
def admin(db) -> User:
    return UserFactory(roles=["sys_admin"])
