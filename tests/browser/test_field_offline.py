"""The phone without a line: nothing that was done is lost."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scripts.browser import PHONE
from scripts.federation import PASSWORD
from tests.journeys.desk import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.journey]
CITY = "M37020001"
SOON = 20_000 * PATIENCE
# One pixel, so that the phone has a real picture to draw smaller and to send.
PICTURE = """async (count) => {
  const { add } = await import("/static/field/app/store.js");
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext("2d").fillRect(0, 0, 8, 8);
  const blob = await canvas.convertToBlob({ type: "image/jpeg" });
  for (let number = 1; number <= count; number += 1) {
    const payload = { class_kind: "matter", class_code: "06001", description: `离线第${number}件`, lon: 120.384, lat: 36.066 };
    const photos = number % 5 ? [] : [new File([blob], `${number}.jpg`, { type: "image/jpeg" })];
    await add("report", payload, { label: String(number), photos: { photos } });
  }
}"""  # noqa: E501
STATES = """async () => {
  const { entries } = await import("/static/field/app/store.js");
  const all = (await entries()).filter(({ kind }) => kind !== "track");
  return all.map(({ seq, state, reason, result }) => [seq, state, reason ?? "", result?.number ?? ""]);
}"""  # noqa: E501


def signed_in(context: BrowserContext, node: str, username: str) -> Page:
    page = context.new_page()
    page.goto(f"{node}/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/(\?|$)"))
    return page


def opened(context: BrowserContext, node: str, page: Page | None = None) -> Page:
    page = page or context.new_page()
    page.goto(f"{node}/field/app/")
    page.wait_for_selector("body[data-ready]")
    return page


def arrived(page: Page) -> list[list]:
    """Wait until nothing waits any more; what became of the entries."""
    until = time.monotonic() + SOON * 6 / 1000
    while any(row[1] == "waiting" for row in page.evaluate(STATES)):
        assert time.monotonic() < until, page.evaluate(STATES)[:3]
        page.evaluate("import('/static/field/app/queue.js').then((m) => m.send())")
        page.wait_for_timeout(500)
    return page.evaluate(STATES)


@pytest.mark.function("CC-01", at="phone:app")
def test_a_report_made_without_a_line_arrives_later(phone, federation, desk):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "inspector1"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/field/app/').then(Boolean)", polling=300)
    phone.set_offline(True)
    page.close()
    page = opened(phone, node)
    expect(page.locator("#line")).to_be_visible()
    page.goto(f"{node}/field/app/#/report")
    page.wait_for_selector("main[data-screen=report]")
    page.set_input_files("input[name=photos]", "docs/screenshots/field-report.png")
    page.select_option("select[name=problem]", "matter:06001")
    page.fill("textarea[name=description]", "离线上报：路面有垃圾")
    page.wait_for_selector(".maplibregl-marker")
    page.locator("main > button").click()
    page.wait_for_selector("main[data-screen=queue]")
    waiting = page.locator(".ledger-row[data-state=waiting]")
    expect(waiting).to_have_count(1)
    phone.set_offline(False)
    rows = arrived(page)
    assert [row[1] for row in rows] == ["applied"], rows
    number = rows[0][3]
    expect(page.locator(".ledger-row[data-state=applied]")).to_contain_text(number)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]


@pytest.mark.function("CC-06", at="phone:app")
def test_the_map_measures_without_tiles_and_without_a_line(phone, federation):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "inspector2"))
    page.goto(f"{node}/field/app/#/map")
    page.wait_for_selector(".field-map[data-ready]")
    for name in ("grids", "components", "cases"):
        expect(page.locator(f".field-layers [name={name}]")).to_be_checked()
    page.uncheck(".field-layers [name=components]")
    phone.set_offline(True)
    box = page.locator(".field-map").bounding_box()
    for share in (0.3, 0.6):
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + 200)
        page.wait_for_timeout(400)
    expect(page.locator(".note")).to_contain_text(re.compile(r"[1-9]\d* m"))


@pytest.mark.function("CC-03", at="phone:app")
def test_two_hundred_reports_survive_closing_the_app(phone, federation):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "inspector3"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/field/app/').then(Boolean)", polling=300)
    phone.set_offline(True)
    page.evaluate(PICTURE, 120)
    page.close()
    page = opened(phone, node)
    page.evaluate(PICTURE, 80)
    phone.set_offline(False)
    page.wait_for_timeout(700)
    page.close()  # in the middle of sending
    page = opened(phone, node)
    rows = arrived(page)
    assert len(rows) == 200
    assert {row[1] for row in rows} == {"applied"}, [r for r in rows if r[2]][:3]
    numbers = [row[3] for row in sorted(rows)]
    assert len(set(numbers)) == 200
    serials = [number[-6:] for number in numbers]
    assert serials == sorted(serials)


@pytest.mark.function("CC-11", at="phone:app")
def test_a_leader_sees_figures_and_instructs(phone, federation):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "leader"))
    expect(page.locator(".field-figures dt")).to_have_count(4)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]
