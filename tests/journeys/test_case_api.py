"""Journey (a) through the API alone: from a citizen's report to a figure above."""

from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from .desk import Desk, eventually, rows
from .pictures import photo

pytestmark = [
    pytest.mark.journey,
    pytest.mark.function(
        *("9.1-01", "9.1-02", "9.1-03", "9.1-04", "9.1-05"),
        *("9.1-06", "9.1-07", "9.1-08", "9.1-09"),
        at=["command_api:case-list", "command_api:case-act"],
    ),
]
CITY = "M37020001"
PLACE = {"lat": 36.0671, "long": 120.3826}


def closed_today(desk: Desk, division: str) -> float:
    """Closed cases of today in a district, as this node knows them."""
    today = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    found = desk.get(
        "indicator-values",
        indicator="cases.closed",
        division=division,
        period_from=today,
        period_to=today,
    )
    return sum(row["value"] for row in rows(found))


def test_a_report_becomes_a_closed_case_and_a_figure(federation, desk):
    city = federation.nodes[CITY]
    people = ("acceptor", "dutyleader", "dispatcher", "handler1", "inspector1")
    desks = {name: desk(CITY, name) for name in people}
    province = desk("P37000001", "clerk")
    nation = desk("N10000001", "clerk")

    posted = httpx.post(
        f"{city.url}/open311/v2/requests.json",
        data={
            "service_code": "2026-matter-01001",
            **PLACE,
            "description": "井盖破损，有坠落危险",
            "phone": "13800000000",
        },
    ).json()
    number = posted[0]["service_request_id"]

    (case,) = rows(desks["acceptor"].get("cases", q=number))
    path, division = f"cases/{case['uid']}", case["division_code"]
    before = {desk: closed_today(desk, division) for desk in (province, nation)}
    assert case["state"] == "pending_accept"

    def act(name: str, action: str, state: str, **data: object) -> None:
        after = desks[name].post(f"{path}/actions/{action}", **data)
        assert after["state"] == state

    early = desks["dutyleader"].refused(f"{path}/actions/close")
    assert early.status_code == 409
    assert early.json()["code"] == "transition_not_allowed"
    silent = desks["acceptor"].refused(f"{path}/actions/accept")
    assert silent.json()["fields"]["reason"] == "unverified_reason"
    act("acceptor", "accept", "pending_filing", note="来电核实，情况属实")
    act("dutyleader", "file", "pending_dispatch", condition="01")
    unit = desks["handler1"].get("me")["unit"]["code"]
    act("dispatcher", "dispatch", "pending_handling", unit=unit)
    act("handler1", "sign", "handling")
    after = desks["handler1"].upload("after.jpg", photo("seagreen"))
    done = {"note": "已更换井盖", "attachments": [after]}
    act("handler1", "feedback", "pending_feedback", **done)
    act("dispatcher", "pass_feedback", "pending_check")
    act("acceptor", "send_check", "checking", inspector="inspector1")
    seen = desks["inspector1"].upload("check.jpg", photo("steelblue"))
    act("inspector1", "check_pass", "pending_close", attachments=[seen])
    act("dutyleader", "close", "closed")

    steps = desks["acceptor"].get(f"{path}/timeline")
    assert [step["to_state"] for step in steps][-1] == "closed"
    for desk, figure in before.items():
        eventually(lambda d=desk, f=figure: closed_today(d, division) == f + 1)
    for desk in (province, nation):
        digests = rows(desk.get("case-digests", number=number))
        assert [row["state"] for row in digests] == ["closed"]

    shown = httpx.get(f"{city.url}/open311/v2/requests/{number}.json").json()
    assert shown[0]["status"] == "closed"


def test_somebody_elses_case_does_not_exist(desk):
    strange = desk(CITY, "handler2")
    own = desk(CITY, "handler1")
    # Some cases are handled by both of their units.
    other = next(
        row["uid"]
        for row in rows(own.get("cases"))
        if not rows(strange.get("cases", q=row["number"]))
    )
    answer = strange.http.get(f"/api/v1/cases/{other}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "fields"}
