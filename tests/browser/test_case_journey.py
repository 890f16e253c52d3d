"""Journey (a) by clicking: each step by its own post, on its own screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from scripts.browser import PHONE, Person
from tests.journeys.desk import Desk, eventually, rows
from tests.journeys.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.journey]
CITY, PROVINCE, NATION = "M37020001", "P37000001", "N10000001"
LON, LAT = "120.3826", "36.0671"


def report(citizen: Person) -> str:
    """A citizen reports with photo and place; the query code."""
    page = citizen.page
    citizen.open("/public/report/")
    citizen.choose("problem", "供水井盖异常")
    page.fill("[name=description]", "人行道上的井盖破损，晚上很危险")
    page.locator("#report-map canvas").click()
    page.wait_for_function("document.querySelector('[name=lon]').value !== ''")
    page.fill("[name=lon]", LON)
    page.fill("[name=lat]", LAT)
    page.fill("[name=address]", "香港中路 10 号门前")
    citizen.attach("photos", photo("darkgoldenrod"))
    with page.expect_navigation():
        page.get_by_role("button", name="提交上报").click()
    code = page.locator("[data-query-code]").inner_text()
    assert len(code) == 10
    return code


def work_on(worker: Person, number: str, label: str) -> None:
    """Find the case in the search of all cases and begin a step."""
    worker.open(f"/command/cases/?q={number}")
    assert not worker.scrolls_sideways()
    with worker.page.expect_navigation():
        worker.page.get_by_role("link", name=number).first.click()
    assert not worker.scrolls_sideways()
    worker.begin(label)


def closed_here(desk: Desk, division: str) -> float:
    today = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    found = desk.get(
        "indicator-values",
        indicator="cases.closed",
        division=division,
        period_from=today,
        period_to=today,
    )
    return sum(row["value"] for row in rows(found))


def handle(person, number: str, inspector: str) -> None:
    """From acceptance to the check, post by post."""
    acceptor = person(CITY, "acceptor")
    work_on(acceptor, number, "受理")
    acceptor.page.fill("#dialog-content textarea[name=note]", "来电核实，情况属实")
    acceptor.finish()
    leader = person(CITY, "dutyleader")
    work_on(leader, number, "立案")
    leader.finish()
    dispatcher = person(CITY, "dispatcher")
    work_on(dispatcher, number, "派遣")
    dispatcher.choose("unit", "市政")
    dispatcher.finish()
    handler = person(CITY, "handler1")
    work_on(handler, number, "签收")
    handler.finish()
    handler.begin("处置完成反馈")
    handler.page.fill("#dialog-content [name=note]", "已更换井盖并固定")
    handler.attach("photos", photo("seagreen"))
    handler.finish()
    work_on(dispatcher, number, "反馈批转")
    dispatcher.finish()
    work_on(acceptor, number, "下发核查")
    acceptor.choose("inspector", inspector)
    acceptor.finish()


def check(person, case: dict[str, str]) -> None:
    """The inspector passes the check on the phone."""
    inspector = person(CITY, "inspector1", PHONE)
    page = inspector.page
    inspector.open("/field/")
    assert not inspector.scrolls_sideways()
    with page.expect_navigation():
        page.locator(f"a[href*='{case['uid']}']").click()
    assert case["number"] in page.content()
    assert not inspector.scrolls_sideways()
    inspector.attach("photos", photo("steelblue"))
    with page.expect_navigation():
        page.get_by_role("button", name="核查通过").click()


def test_a_report_becomes_a_closed_case_and_a_figure(person, desk):
    citizen = person(CITY)
    code = report(citizen)
    number = citizen.page.locator("dl.facts dd").first.inner_text()
    (case,) = rows(desk(CITY, "acceptor").get("cases", q=number))
    uppers = [desk(PROVINCE, "clerk"), desk(NATION, "clerk")]
    before = [closed_here(upper, case["division_code"]) for upper in uppers]

    inspector = desk(CITY, "inspector1").get("me")["full_name"]
    handle(person, number, inspector)
    check(person, case)
    leader = person(CITY, "dutyleader")
    work_on(leader, number, "结案")
    leader.finish()
    assert "结案" in leader.page.content()

    for upper, figure in zip(uppers, before, strict=True):
        eventually(
            lambda up=upper, was=figure: (
                closed_here(up, case["division_code"]) == was + 1
            )
        )
    citizen.open(f"/public/progress/{code}/")
    assert "您反映的问题已办结" in citizen.page.content()
    citizen.page.check("[name=satisfaction][value=very_satisfied]")
    with citizen.page.expect_navigation():
        citizen.page.get_by_role("button", name="提交评价").click()
    assert "非常满意" in citizen.page.content()


@pytest.mark.parametrize("code", [PROVINCE, NATION])
def test_the_wall_shows_the_closed_cases(person, code):
    clerk = person(code, "clerk", {"width": 1920, "height": 1080})
    clerk.open("/centre/")
    clerk.page.wait_for_selector("canvas")
    assert "本月结案率" in clerk.page.content()
    assert not clerk.scrolls_sideways()
