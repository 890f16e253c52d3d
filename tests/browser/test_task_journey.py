"""Journey (b) by clicking: a national task down three tiers, its answer up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scripts.browser import Person
from tests.journeys.test_task_api import CITY, NATION, PROVINCE, arrived, both_say

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def at_assignment(worker: Person, row: dict) -> None:
    """Open an assignment; the page stands on the screen without scrolling."""
    worker.open(f"/supervision/assignments/{row['uid']}/")
    assert row["title"] in worker.page.content()
    assert not worker.scrolls_sideways()


def act(worker: Person, row: dict, code: str, **fields: str) -> None:
    """One action on an assignment, with what its dialog asks for."""
    at_assignment(worker, row)
    worker.begin_action(code)
    for name, value in fields.items():
        field = worker.page.locator(f"#dialog-content [name={name}]").first
        if field.get_attribute("type") == "checkbox":
            box = f"#dialog-content [name={name}][value='{value}']"
            worker.page.check(box)
        else:
            field.fill(value)
    worker.finish()


def issue(clerk: Person, leader: Person, title: str) -> None:
    """The clerk drafts for the province, the leader approves and issues."""
    page = clerk.page
    clerk.open("/supervision/tasks/new/")
    assert not clerk.scrolls_sideways()
    page.fill("[name=title]", title)
    page.fill("[name=content]", "排查全部窨井盖，建立台账，限期整改。")
    local = timezone.localtime() + timedelta(days=30)
    page.fill("[name=deadline]", f"{local:%Y-%m-%dT%H:%M}")
    page.check(f"[name=targets][value='node:{PROVINCE}']")
    with page.expect_navigation():
        page.locator("form.form-page button[type=submit]").click()
    clerk.begin_action("submit")
    clerk.finish()
    leader.page.goto(page.url)
    leader.begin_action("approve")
    leader.finish()
    assert "已下达" in leader.page.content()


def test_a_national_task_by_clicking(person, desk):
    title = f"城市照明专项 {timezone.now():%H%M%S}"
    clerk, leader = person(NATION, "clerk"), person(NATION, "leader")
    province, city = person(PROVINCE, "clerk"), person(CITY, "liaison")
    handler = person(CITY, "handler1")
    reads = {
        NATION: desk(NATION, "clerk"),
        PROVINCE: desk(PROVINCE, "clerk"),
        CITY: desk(CITY, "liaison"),
    }
    ends = (reads[NATION], reads[PROVINCE])

    issue(clerk, leader, title)
    mine = arrived(reads[PROVINCE], title, origin=NATION)
    act(province, mine, "receive")
    act(province, mine, "break_down", targets=f"node:{CITY}")
    part = arrived(reads[CITY], title, origin=PROVINCE)
    act(city, part, "receive")
    unit = desk(CITY, "handler1").get("me")["unit"]["code"]
    act(city, part, "break_down", targets=f"unit:{unit}")
    own = arrived(desk(CITY, "handler1"), title, origin=CITY)
    act(handler, own, "receive")
    act(handler, own, "progress", percent="50", content="完成一半")
    act(city, part, "progress", percent="50", content="全市完成一半")
    act(province, mine, "progress", percent="50", content="全省完成一半")
    both_say(ends, title, "in_progress", 50)
    top = arrived(reads[NATION], title, receiver=PROVINCE)
    at_assignment(clerk, top)
    assert "50%" in clerk.page.content().replace(" ", "")

    act(handler, own, "submit", result="全部完成")
    act(city, arrived(reads[CITY], title, origin=CITY), "accept")
    act(city, part, "submit", result="全市完成")
    lower = arrived(reads[PROVINCE], title, receiver=CITY, state="submitted")
    act(province, lower, "accept")
    act(province, mine, "submit", result="全省完成")
    both_say(ends, title, "submitted", 100)
    act(clerk, top, "return", reason="请补充整改照片")
    both_say(ends, title, "returned", 100)
    at_assignment(province, mine)
    assert "请补充整改照片" in province.page.content()
    act(province, mine, "submit", result="附整改照片清单")
    both_say(ends, title, "submitted", 100)
    act(clerk, top, "accept", score="95")
    both_say(ends, title, "accepted", 100)
