"""A day of duty on the phone without a line: clock in, walk, clock out, then send."""

import pytest
from playwright.sync_api import expect

from scripts.browser import PHONE
from tests.browser.test_field_offline import CITY, STATES, arrived, opened, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.journey]
# The platform asks for a position every 30 seconds; nobody waits for that here.
QUICK = """async () => {
  const { keep, meta } = await import("/static/field/app/store.js");
  const bundle = await meta("bundle");
  bundle.duty.interval = 0.2;
  await keep("bundle", bundle);
}"""
KEPT = """async () => {
  const { meta, entries } = await import("/static/field/app/store.js");
  const sent = (await entries()).filter(({ kind }) => kind === "track");
  const inside = sent.flatMap(({ payload }) => payload.points).length;
  return inside + ((await meta("track")) ?? []).length;
}"""


@pytest.mark.function("CC-07", at="phone:app")
@pytest.mark.function("CC-08", at="phone:app")
def test_a_duty_without_a_line_arrives_whole(phone, federation):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "inspector3"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/field/app/').then(Boolean)", polling=300)
    page.evaluate(QUICK)
    phone.set_offline(True)
    page.click("[data-tab=duty]")
    page.wait_for_selector("main[data-screen=duty]")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.click("[data-clock=clock_in]")
    page.wait_for_selector("[data-duty=on]")
    for step in range(6):
        place = {"longitude": 120.384 + step * 0.001, "latitude": 36.066}
        phone.set_geolocation(place)
        page.wait_for_timeout(500)
    assert page.evaluate(KEPT) >= 4
    page.close()  # what was noted is kept
    page = opened(phone, node)
    page.goto(f"{node}/field/app/#/duty")
    page.click("[data-clock=clock_out]")
    page.wait_for_selector("[data-duty=off]")
    clocks = page.evaluate(STATES)
    assert [row[1] for row in clocks] == ["waiting"] * 2, clocks
    phone.set_offline(False)
    rows = arrived(page)
    assert {row[1] for row in rows} == {"applied"}, rows
    user = page.get_attribute("body", "data-user")
    url = f"{node}/api/v1/field-work/people/{user}/track"
    track = page.request.get(url).json()
    assert len(track["points"]) >= 4
    assert track["points"] == sorted(track["points"])


@pytest.mark.function("CC-09", at="phone:app")
def test_leave_log_and_address_book_work_without_a_line(phone, federation):
    node = federation.nodes[CITY].url
    page = opened(phone, node, signed_in(phone, node, "inspector3"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/field/app/').then(Boolean)", polling=300)
    phone.set_offline(True)
    page.close()
    page = opened(phone, node)
    page.goto(f"{node}/field/app/#/contacts")
    expect(page.locator(".field-row").first).to_be_visible()
    page.goto(f"{node}/field/app/#/log")
    page.fill("[name=log]", "上午巡查香港中路，无异常。")
    page.locator("main .panel > button").click()
    expect(page.locator(".field-row").first).to_contain_text("香港中路")
    page.goto(f"{node}/field/app/#/leave")
    page.fill("[name=from_day]", "2030-01-02")
    page.fill("[name=to_day]", "2030-01-03")
    page.fill("[name=reason]", "家中有事")
    page.locator("main .panel > button").click()
    expect(page.locator(".field-row").first).to_contain_text("2030-01-02")
    phone.set_offline(False)
    rows = arrived(page)
    assert [row[1] for row in rows] == ["applied", "applied"], rows
