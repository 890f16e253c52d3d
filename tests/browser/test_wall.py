"""The wall at 1920×1080: fits the screen, says nothing wrong, shows new work."""

import httpx
import pytest

from scripts.browser import WALL
from tests.journeys.desk import SOON

pytestmark = [pytest.mark.browser, pytest.mark.journey]
CITY = "M37020001"
OVERFLOW = """() => {
  const root = document.scrollingElement;
  return [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight];
}"""
EMPTY = """() => [...document.querySelectorAll('.cw-page:not([hidden]) [data-body]')]
  .filter((body) => body.checkVisibility() && !body.children.length)
  .map((body) => body.parentElement.dataset.panel)"""


@pytest.mark.function("CC-50", at="centre:wall")
@pytest.mark.function("CC-51", at="centre:wall")
@pytest.mark.function("CC-59", at="centre:wall")
def test_the_wall_fits_the_screen_and_shows_new_work(person, federation):
    leader = person(CITY, "leader", WALL)
    leader.open("/duty-desk/wall/?scene=round")
    page = leader.page
    page.locator("#cw-map-inner[data-ready]").wait_for(state="attached")
    assert page.evaluate(OVERFLOW) == [0, 0]
    assert page.locator(".cw-tile").count() == 8
    assert page.evaluate(EMPTY) == []
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
    row = page.locator(f'[data-panel="stream"] a[title^="{number}"]')
    row.first.wait_for(timeout=SOON * 1000)
    for place in (1, 2):
        page.locator("#cw-dots button").nth(place).click()
        assert page.evaluate(OVERFLOW) == [0, 0]
        assert page.evaluate(EMPTY) == []


@pytest.mark.function("CC-51", at="centre:wall-inside")
def test_a_box_on_the_map_lists_what_lies_inside(person):
    dispatcher = person(CITY, "dispatcher", WALL)
    dispatcher.open("/duty-desk/wall/")
    page = dispatcher.page
    page.locator("#cw-map-inner[data-ready]").wait_for(state="attached")
    page.locator('[data-draw="box"]').click()
    box = page.locator("#wall-map canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 420, steps=6)
    page.mouse.up()
    page.locator("#cw-found").wait_for(state="visible")
    assert page.locator("#cw-tabs button").count() == 3
    everybody = page.locator("#cw-act [data-all]")
    everybody.uncheck()
    assert page.locator("#cw-act [data-act]").first.is_disabled()
    everybody.check()
    assert page.locator("#cw-act [data-act]").first.is_enabled()


def test_a_box_too_wide_is_refused_with_the_reason(person):
    leader = person(CITY, "leader", WALL)
    leader.open("/duty-desk/wall/")
    page = leader.page
    page.locator("#cw-map-inner[data-ready]").wait_for(state="attached")
    page.evaluate("document.getElementById('wall-map').map.jumpTo({ zoom: 5 })")
    page.locator('[data-draw="box"]').click()
    box = page.locator("#wall-map canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 420, steps=6)
    page.mouse.up()
    page.locator("#cw-dialog").wait_for(state="visible")
    assert "不超过半度" in page.locator("#cw-dialog-rows").inner_text()
    leader.complaints.clear()  # the console names the refused request
