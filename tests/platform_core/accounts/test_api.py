"""Tokens for programs, and who the caller is."""

import pytest

from platform_core.accounts import services
from platform_core.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TOKEN = "/api/v1/auth/token"
ME = "/api/v1/me"


@pytest.fixture
def user():
    return UserFactory(username="li", roles=["security_auditor"])


def ask(client, password=PASSWORD, username="li", **extra):
    body = {"username": username, "password": password}
    return client.post(TOKEN, body, content_type="application/json", **extra)


def bearer(token):
    return {"Authorization": f"Token {token}"}


def test_token_opens_the_api_until_it_is_given_back(client, user):
    answer = ask(client)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiry"}
    head = bearer(answer.json()["token"])
    me = client.get(ME, headers=head)
    assert me.status_code == 200
    assert me.json()["username"] == "li"
    assert me.json()["roles"] == ["security_auditor"]
    assert "audit.view_auditentry" in me.json()["permissions"]
    assert me.json()["unit"]["division"] == "370200"
    assert client.delete(TOKEN, headers=head).status_code == 204
    assert client.get(ME, headers=head).status_code == 401
    types = AuditEntry.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == ["token.issued", "token.revoked"]


def test_without_a_token_nothing_is_told(client):
    assert client.get(ME).status_code == 401
    assert client.delete(TOKEN).status_code == 401
    assert client.get(ME, headers=bearer("0" * 64)).status_code == 401


def test_session_serves_as_well(client, user):
    client.force_login(user)
    assert client.get(ME).json()["username"] == "li"


def test_wrong_password_is_an_error_in_the_envelope(client, user):
    answer = ask(client, "nonsense")
    assert answer.status_code == 401
    assert answer.json()["code"] == "credentials"
    assert AuditEntry.objects.get().type == "signin.failed"


def test_missing_field_is_named(client):
    answer = client.post(TOKEN, {"username": "li"}, content_type="application/json")
    assert answer.status_code == 400
    assert "password" in answer.json()["fields"]


def test_old_token_does_not_stand_in_the_way_of_a_new_one(client, user):
    assert ask(client, headers=bearer("f" * 64)).status_code == 200


def test_temporary_password_gives_no_token(client, user):
    services.set_password(user=user, password="Quiet-river-9", by=None, temporary=True)
    answer = ask(client, "Quiet-river-9")
    assert answer.status_code == 403
    assert answer.json()["code"] == "password_change_required"


def test_who_leaves_cannot_use_a_token(client, user):
    head = bearer(ask(client).json()["token"])
    services.change_user(user=user, by=None, is_active=False)
    assert client.get(ME, headers=head).status_code == 401
    assert ask(client).status_code == 401


def test_me_without_a_unit(client):
    user = UserFactory(unit=None)
    client.force_login(user)
    assert client.get(ME).json()["unit"] is None
