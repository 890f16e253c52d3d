"""Every page that the navigation leads to, at every tier and for every role."""

import json
import re

import pytest
from playwright.sync_api import expect

from scripts.browser import PHONE, Person
from scripts.federation import PASSWORD, Federation

pytestmark = [pytest.mark.browser, pytest.mark.journey]
CITY = "M37020001"
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")


def people_of(federation: Federation, code: str) -> list[str]:
    """One account for each role of a node."""
    facts = json.loads((federation.home / "federation.json").read_text())
    accounts = [row for row in facts["accounts"] if row["node"] == code]
    roles = {row["role"]: row["username"] for row in reversed(accounts)}
    return list(roles.values())


def entries(worker: Person) -> list[str]:
    """The addresses of the navigation, of the phone's tabs too."""
    links = worker.page.locator(".nav-line, .field-tabs a").all()
    return [str(link.get_attribute("href")) for link in links]


def looks_right(worker: Person, path: str) -> bool:
    """Whether the page opened, speaks Chinese and fits the screen; or which not."""
    page = worker.page
    answer = page.goto(worker.node + path, wait_until="load")
    assert answer is not None
    assert answer.status == 200, path
    assert page.get_attribute("html", "lang") == "zh-hans", path
    assert not worker.scrolls_sideways(), path
    english = ENGLISH.search(page.inner_text("body"))
    assert english is None, (path, english)
    return True


@pytest.mark.parametrize("code", ["N10000001", "P37000001", CITY, "M37080001"])
def test_every_entry_of_every_role_opens(person, federation, code):
    """Each page is looked at once; that each role may open its entries, always."""
    seen: set[str] = set()
    worker = person(code)
    for username in people_of(federation, code):
        worker.page.context.clear_cookies()
        worker.sign_in(username, PASSWORD)
        found = entries(worker)
        assert found, username
        looks_right(worker, "/")
        for path in found:
            if path in seen:
                answer = worker.page.request.get(worker.node + path)
                assert answer.status == 200, (username, path)
            else:
                looks_right(worker, path)
                seen.add(path)
    assert len(seen) > 10


def test_the_phone_shell_fits_the_phone(person):
    inspector = person(CITY, "inspector1", PHONE)
    inspector.open("/field/")
    tabs = entries(inspector)
    assert len(tabs) == 4
    task = inspector.page.locator(".field-list a").first.get_attribute("href")
    for path in ("/field/", *tabs, task):
        looks_right(inspector, path)


def test_a_citizen_sees_the_place_that_was_chosen(person):
    page = (citizen := person(CITY)).page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 120.384, "latitude": 36.066})
    citizen.open("/public/report/")
    page.locator("#report-map canvas").wait_for()
    marker = page.locator("#report-map .maplibregl-marker-draggable")
    for lon, lat in (("120.3826", "36.0671"), ("120.4405", "36.1502")):
        page.fill("[name=lon]", lon)
        page.fill("[name=lat]", lat)
        page.locator("[name=address]").focus()
        page.locator("#report-map").scroll_into_view_if_needed()
        expect(marker).to_be_in_viewport()  # the map has gone there
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("[name=lon]")).to_have_value("120.384000")
    expect(marker).to_be_in_viewport()
    expect(page.locator("#report-map .maplibregl-ctrl-zoom-in")).to_have_attribute(
        "title", "放大"
    )


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_citizens_need_no_account(person, viewport):
    citizen = person(CITY, "", viewport)
    for path in ("/accounts/login/", "/public/", "/public/report/"):
        assert looks_right(citizen, path)
