"""Home, gallery, search: what every signed-in user sees."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_superuser("root", password="x")


@pytest.mark.parametrize("name", ["ui:home", "ui:gallery", "ui:search"])
def test_pages_open(client, user, name):
    client.force_login(user)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "青岛" in response.content.decode()
