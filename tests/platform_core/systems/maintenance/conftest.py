"""An administrator who is signed in."""

import pytest

from tests.factories.accounts import UserFactory


@pytest.fixture
def admin(client, db):
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user
