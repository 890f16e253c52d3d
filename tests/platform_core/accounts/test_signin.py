"""Signing in and out, locks, temporary passwords, the own profile."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import reverse

from platform_core.accounts import services, signin, tasks
from platform_core.accounts.models import User
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
GOOD = "Quiet-river-9"


@pytest.fixture
def user():
    return UserFactory(username="wang", full_name="王海涛", roles=["sys_admin"])


def enter(client, password=PASSWORD, username="wang", **extra):
    return client.post(
        reverse("accounts:login"),
        {"username": username, "password": password, **extra},
    )


def events(prefix="signin."):
    rows = AuditEntry.objects.filter(type__startswith=prefix).order_by("pk")
    return list(rows.values_list("type", flat=True))


def test_sign_in_leads_home_and_is_recorded(client, user):
    response = enter(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    entry = AuditEntry.objects.get(type="signin.done")
    assert (entry.actor_id, entry.data) == (user.pk, {"address": "127.0.0.1"})


def test_sign_in_page_of_each_tier_names_the_platform(client, as_node):
    for node, text in (("N10000001", "国家"), ("P37000001", "山东省")):
        as_node(node)
        page = client.get(reverse("accounts:login")).content.decode()
        assert text in page


def test_sign_in_page_of_a_city_leads_citizens_to_their_own_pages(client, as_node):
    assert 'href="/public/"' in client.get(reverse("accounts:login")).content.decode()
    as_node("P37000001")
    assert "/public/" not in client.get(reverse("accounts:login")).content.decode()


def test_wrong_password_says_so_without_saying_which(client, user):
    wrong = enter(client, "nonsense")
    unknown = enter(client, username="nobody")
    assert wrong.status_code == unknown.status_code == 422
    assert "用户名或密码不正确" in wrong.content.decode()
    assert "用户名或密码不正确" in unknown.content.decode()
    assert events() == ["signin.failed", "signin.failed"]
    assert {e.data["username"] for e in AuditEntry.objects.all()} == {"wang", "nobody"}


def test_empty_form_names_the_missing_fields(client):
    response = client.post(reverse("accounts:login"), {"username": "", "password": ""})
    assert response.status_code == 422
    assert events() == []


def test_who_is_no_longer_active_cannot_enter(client, user):
    services.change_user(user=user, by=None, is_active=False)
    assert enter(client).status_code == 422


def test_session_key_changes_at_sign_in(client, user):
    client.get(reverse("accounts:login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    enter(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_page_is_found_again_after_the_session_ended(client, user):
    enter(client)
    client.session.flush()
    target = reverse("accounts:profile") + "?tab=2"
    response = client.get(target)
    assert response["Location"].startswith(reverse("accounts:login"))
    page = client.get(response["Location"]).content.decode()
    assert "会话已过期" in page
    kept = re.findall(r'name="next" value="([^"]+)"', page)[-1]
    assert enter(client, next=kept)["Location"] == target


def test_partial_request_after_the_session_ended_loads_the_sign_in_page(client):
    response = client.get(
        reverse("accounts:profile"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/x/"},
    )
    assert response.status_code == 401
    assert reverse("accounts:login") in response["HX-Redirect"]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_way_back_stays_on_this_platform(client, user, wanted):
    assert enter(client, next=wanted)["Location"] == "/"


def test_who_is_signed_in_skips_the_sign_in_page(client, user):
    enter(client)
    response = client.get(reverse("accounts:login"), {"next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"


def test_sign_out_ends_the_session_and_is_recorded(client, user):
    enter(client)
    assert client.get(reverse("accounts:logout")).status_code == 405
    response = client.post(reverse("accounts:logout"))
    assert response["Location"] == reverse("accounts:login")
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert events() == ["signin.done", "signin.ended"]
    client.post(reverse("accounts:logout"))
    assert events() == ["signin.done", "signin.ended"]


def test_many_failures_lock_the_account_for_this_address(client, user, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(2):
        assert enter(client, "nonsense").status_code == 422
    locked = enter(client, "nonsense")
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert enter(client).status_code == 429, "the right password must not help"
    assert "_auth_user_id" not in client.session
    assert events() == ["signin.failed"] * 2 + ["signin.locked"] * 2


def test_a_locked_program_gets_the_error_envelope(client, user, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        response = client.post(
            "/api/v1/auth/token",
            {"username": "wang", "password": "nonsense"},
            content_type="application/json",
        )
    assert response.status_code == 429
    body = response.json()
    assert body["code"] == "locked"
    assert set(body) == {"code", "message", "fields"}
    response = client.post(
        "/api/v1/auth/token",
        {"username": "wang", "password": PASSWORD},
        content_type="application/json",
    )
    assert response.status_code == 429


def test_success_forgets_earlier_failures(client, user, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(2):
        enter(client, "nonsense")
        enter(client, "nonsense")
        assert enter(client).status_code == 302
        client.logout()


def test_role_taken_away_counts_with_the_next_request(client, user):
    enter(client)
    assert "accounts.change_user" in client.get("/api/v1/me").json()["permissions"]
    services.assign_roles(user=user, roles=[], by=None)
    me = client.get("/api/v1/me").json()
    assert (me["permissions"], me["roles"]) == ([], [])


def test_language_of_the_person_is_set_at_sign_in(client, user, settings):
    services.set_language(user=user, language="en")
    response = enter(client)
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_profile_shows_who_i_am_and_keeps_what_i_change(client, user):
    enter(client)
    url = reverse("accounts:profile")
    page = client.get(url).content.decode()
    assert "王海涛" in page
    assert "平台管理员" in page
    assert "127.0.0.1" in page
    form = {"phone": "0532-1", "email": "w@example.org", "language": "en"}
    response = client.post(url, form)
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.phone, user.email, user.language) == ("0532-1", "w@example.org", "en")
    entry = AuditEntry.objects.get(type="user.changed")
    assert entry.data == {"phone": "0532-1", "email": "w@example.org"}
    assert "My profile" in client.get(url).content.decode()


def test_profile_refuses_a_wrong_address(client, user):
    enter(client)
    form = {"phone": "1", "email": "no address", "language": "en"}
    response = client.post(reverse("accounts:profile"), form)
    assert response.status_code == 422
    user.refresh_from_db()
    assert user.email == ""


def change(client, **form):
    data = {"old": PASSWORD, "password": GOOD, "again": GOOD, **form}
    return client.post(reverse("accounts:password"), data)


def test_password_change_keeps_this_session_and_ends_others(client, user):
    other = type(client)()
    enter(other)
    enter(client)
    assert change(client).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert User.objects.get(pk=user.pk).check_password(GOOD)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"old": "wrong"}, "当前密码不正确"),
        ({"again": "Other-river-9"}, "两次输入的新密码不一致"),
        ({"password": "short", "again": "short"}, "密码"),
        ({"password": PASSWORD, "again": PASSWORD}, "不能与当前密码相同"),
    ],
)
def test_password_is_changed_by_the_rules(client, user, form, text):
    enter(client)
    response = change(client, **form)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.fixture
def temporary(user):
    return services.set_password(user=user, password=GOOD, by=None, temporary=True)


def test_temporary_password_is_changed_before_anything_else(client, temporary):
    enter(client, GOOD)
    response = client.get("/?x=1")
    assert response["Location"] == reverse("accounts:password") + "?next=%2F%3Fx%3D1"
    page = client.get(response["Location"]).content.decode()
    assert "临时密码" in page
    form = {"old": GOOD, "password": PASSWORD, "again": PASSWORD, "next": "/?x=1"}
    response = client.post(reverse("accounts:password"), form)
    assert response["Location"] == "/?x=1"
    assert client.get("/").status_code == 200


def test_temporary_password_stops_programs_and_partial_requests(client, temporary):
    enter(client, GOOD)
    response = client.get("/api/v1/me")
    assert response.status_code == 403
    assert response.json()["code"] == "password_change_required"
    response = client.post("/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"] == reverse("accounts:password")
    assert client.post("/").status_code == 302


def test_check_remembers_only_a_name_of_ordinary_length(user):
    request = RequestFactory().post("/")
    assert signin.check(request=request, username="x" * 999, password="y") is None
    assert len(AuditEntry.objects.get().data["username"]) == 150


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "1.1.1.1, 6.6.6.6, 9.9.9.9", "6.6.6.6"),
        (1, None, "127.0.0.1"),
        (3, "6.6.6.6, 9.9.9.9", "127.0.0.1"),
    ],
)
def test_only_own_proxies_say_where_a_request_came_from(
    settings, count, forwarded, address
):
    settings.PROXY_COUNT = count
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers)
    assert signin.address_of(request) == address


def test_tidying_drops_what_has_ended_and_nothing_else(client, user, settings):
    settings.AXES_ENABLED = True
    enter(client, "nonsense")
    enter(client)
    services.issue_token(user=user)
    assert tasks.tidy() == 0
    with clock.at(clock.now() + timedelta(days=2)):
        assert tasks.tidy() == 2
    assert not user.auth_token_set.exists()
    assert not Session.objects.exists()
