"""Detail, form and action pages, and how errors are shown."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from platform_core.accounts.models import OrgUnit
from platform_core.ui import live

from . import pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("urls")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client, clerk, units, grant):
    client.force_login(grant(clerk, "accounts.add_orgunit", "accounts.change_orgunit"))
    return client


def test_detail_shows_summary_actions_and_history(desk, units):
    text = desk.get(f"/units/{units[0].pk}/").content.decode()
    for part in ("s-0", "It is open already", "Founded", "disabled"):
        assert part in text


def test_detail_of_another_division_does_not_exist(desk):
    other = OrgUnit.objects.get(code="l-0")
    assert desk.get(f"/units/{other.pk}/").status_code == 404
    assert desk.get(f"/units/{other.pk}/close/").status_code == 404
    assert desk.post(f"/units/{other.pk}/close/").status_code == 404
    other.refresh_from_db()
    assert other.is_active


@pytest.mark.parametrize("path", ["/units/", "/units/1/", "/units/new/", "/rule/"])
def test_anonymous_visitor_is_led_to_sign_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={path}"


def test_anonymous_partial_request_loads_the_whole_page(client):
    headers = {**HTMX, "HX-Current-URL": "/units/?q=a"}
    answer = client.get("/units/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=/units/%3Fq%3Da"
    assert client.get("/units/", headers={"X-Poll": "1"}).status_code == 401


def test_a_page_without_a_stated_permission_does_not_open(desk):
    with pytest.raises(ImproperlyConfigured):
        desk.get("/unstated/")


def test_form_shows_fields_and_prefills_from_the_address(desk):
    text = desk.get("/units/new/?name=新单位").content.decode()
    for part in ("新单位", "As on the seal", 'type="date"', "form-select", "<textarea"):
        assert part in text


def test_form_keeps_input_and_says_what_is_wrong(desk):
    answer = desk.post("/units/new/", {"name": "", "note": "kept text"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "kept text" in text
    assert "is-invalid" in text


def test_broken_rule_stands_beside_its_field(desk):
    answer = desk.post("/units/new/", {"name": "taken"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["Somebody has it"]}


def test_broken_rule_without_field_stands_above(desk):
    answer = desk.post("/units/new/", {"name": "late"})
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()


def test_form_leads_on_after_success(desk):
    answer = desk.post("/units/new/", {"name": "fine"}, follow=True)
    assert answer.redirect_chain == [("/units/", 302)]
    assert "Made." in answer.content.decode()


def test_dialog_is_a_part_and_reloads_the_page_after_success(desk, units):
    url = f"/units/{units[0].pk}/close/"
    dialog = desk.get(url, headers=HTMX).content.decode()
    assert "<html" not in dialog
    assert f'hx-post="{url}"' in dialog
    assert 'type="submit">Close</button>' in dialog  # the button says what it does
    answer = desk.post(url, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/units/")
    units[0].refresh_from_db()
    assert not units[0].is_active


def test_dialog_shows_a_conflict_in_itself(desk, units):
    OrgUnit.objects.filter(pk=units[0].pk).update(phone="busy")
    answer = desk.post(f"/units/{units[0].pk}/close/", headers=HTMX)
    assert answer.status_code == 422
    assert "busy line" in answer.content.decode()


def test_edit_starts_with_the_present_values(desk, units):
    OrgUnit.objects.filter(pk=units[0].pk).update(phone="0532-1")
    url = f"/units/{units[0].pk}/edit/"
    assert "0532-1" in desk.get(url).content.decode()
    desk.post(url, {"phone": "0532-2"})
    units[0].refresh_from_db()
    assert units[0].phone == "0532-2"


def test_broken_rule_is_a_page(desk):
    answer = desk.get("/rule/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This is taken" in text
    assert answer["X-Trace-Id"] in text


def test_broken_rule_is_a_notice_for_htmx(desk):
    answer = desk.get("/rule/", headers=HTMX)
    assert answer.status_code == 409
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "This is taken"
    assert answer["HX-Reswap"] == "none"


def test_broken_rule_is_an_envelope_for_programs(desk):
    answer = desk.get("/api/rule/")
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "conflict",
        "message": "This is taken",
        "fields": {},
    }


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/units/999999/", 404)]
)
def test_missing_pages_carry_the_trace_number(desk, path, status):
    answer = desk.get(path)
    assert answer.status_code == status
    assert answer["X-Trace-Id"] in answer.content.decode()


def test_missing_address_of_the_api_is_an_envelope(desk):
    assert desk.get("/api/v1/nowhere").json()["code"] == "not_found"


def test_fault_tells_a_number_and_nothing_else(desk):
    desk.raise_request_exception = False
    answer = desk.get("/fault/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert answer["X-Trace-Id"] in text
    assert "a fault" not in text


def test_expired_form_is_explained(client, clerk):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(clerk)
    answer = strict.post("/units/", {"bulk": "close"})
    assert answer.status_code == 403
    assert answer["X-Trace-Id"] in answer.content.decode()


def test_browser_may_load_from_here_only(desk, settings):
    policy = desk.get("/open/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    policy = desk.get("/open/")["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://tiles.example;" in policy


def test_unchanged_topic_does_no_work(desk):
    pages.CALLS.clear()
    first = desk.get("/counted/")
    again = desk.get("/counted/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert len(pages.CALLS) == 1
    live.bump("things")
    after = desk.get("/counted/", headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert len(pages.CALLS) == 2


def test_content_tag_follows_the_content(desk):
    tag = desk.get("/tagged/?text=a")["ETag"]
    headers = {"If-None-Match": tag}
    assert desk.get("/tagged/?text=a", headers=headers).status_code == 304
    assert desk.get("/tagged/?text=b", headers=headers).status_code == 200


def test_language_switch_is_remembered(desk, clerk):
    assert "首页" in desk.get("/units/").content.decode()
    desk.post("/language/", {"language": "en", "next": "/units/"})
    clerk.refresh_from_db()
    assert clerk.language == "en"
    assert "Sign out" in desk.get("/units/").content.decode()
