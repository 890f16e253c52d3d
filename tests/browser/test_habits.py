"""What people rely on all day: keys, drafts, live lists, a lost line, languages."""

import httpx
import pytest
from playwright.sync_api import expect

from scripts.federation import PASSWORD
from tests.journeys.desk import SOON

pytestmark = [pytest.mark.browser, pytest.mark.journey]
CITY = "M37020001"
CUT = "ERR_INTERNET_DISCONNECTED"


def test_a_list_is_walked_by_keys(person):
    acceptor = person(CITY, "acceptor")
    page = acceptor.page
    acceptor.open("/command/cases/?state=closed")
    rows = page.locator("#list tbody tr")
    second = rows.nth(1).locator("a").first.get_attribute("href")
    page.locator("h1").click()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert rows.nth(1).evaluate("row => row === document.activeElement")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(str(second))


def test_an_expired_session_keeps_what_was_typed(person):
    clerk = person("N10000001", "clerk")
    page = clerk.page
    clerk.open("/supervision/tasks/new/")
    page.fill("[name=title]", "冬季供热安全检查")
    page.fill("[name=content]", "检查换热站和老旧管网")
    page.context.clear_cookies(name="session_N10000001")
    with page.expect_navigation():
        page.click("form.form-page button[type=submit]")
    assert "/accounts/login/" in page.url
    page.fill("input[name=username]", "clerk")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    assert page.url.endswith("/supervision/tasks/new/")
    assert page.input_value("[name=title]") == "冬季供热安全检查"
    assert page.input_value("[name=content]") == "检查换热站和老旧管网"
    page.locator(".draft-line button").click()
    assert page.input_value("[name=title]") == ""


def test_drawing_a_grid_and_the_form_for_the_next_one(person):
    admin = person(CITY, "admin")
    page = admin.page
    admin.open("/base-data/grids/versions/add/")
    page.fill("[name=title]", "重画一格")
    with page.expect_navigation():
        page.click("form.form-page button[type=submit]")
    with page.expect_navigation():
        page.get_by_role("link", name="绘制").click()
    page.wait_for_selector("[data-grid-draw][data-ready]")
    grids = page.request.get(f"{admin.node}/base-data/grids/export.geojson").json()
    ring = grids["features"][0]["geometry"]["coordinates"][0]
    spot = [sum(point[axis] for point in ring) / len(ring) for axis in (0, 1)]
    script = "at => document.getElementById('draw-map').map.project(at)"
    at = page.evaluate(script, spot)
    page.locator("#draw-map").click(position={"x": at["x"], "y": at["y"]})
    code = grids["features"][0]["properties"]["BGID"]
    expect(page.locator("[name=codes]")).to_have_value(code)
    expect(page.locator("#draw-map .maplibregl-popup")).to_have_count(0)
    page.select_option("[name=work]", "retire")
    with page.expect_navigation():
        page.click("form.form-page button[type=submit]")
    expect(page.locator(".toast-success")).to_have_count(1)
    assert page.input_value("[name=codes]") == ""
    assert page.locator(".draft-line").count() == 0


def test_new_work_appears_without_a_reload(person, federation):
    acceptor = person(CITY, "acceptor")
    acceptor.open("/command/cases/")
    posted = httpx.post(
        f"{federation.nodes[CITY].url}/open311/v2/requests.json",
        data={
            "service_code": "2026-matter-01001",
            "lat": 36.0671,
            "long": 120.3826,
            "description": "井盖破损",
        },
    ).json()
    number = posted[0]["service_request_id"]
    link = acceptor.page.get_by_role("link", name=number)
    link.wait_for(timeout=SOON * 1000)
    assert link.is_visible()


def test_a_lost_connection_is_shown(person):
    acceptor = person(CITY, "acceptor")
    context, banner = acceptor.page.context, acceptor.page.locator("#banner")
    assert not banner.is_visible()
    context.set_offline(True)
    banner.wait_for(state="visible")
    assert "连接" in banner.inner_text()
    context.set_offline(False)
    banner.wait_for(state="hidden")
    acceptor.complaints[:] = [said for said in acceptor.complaints if CUT not in said]


def test_the_language_is_switched(person):
    auditor = person(CITY, "auditor")
    page = auditor.page
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator(".nav-line").first.inner_text().strip() == "Home"
    with page.expect_navigation():
        page.get_by_role("button", name="简体中文").click()
    assert page.get_attribute("html", "lang") == "zh-hans"
