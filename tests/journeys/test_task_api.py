"""Journey (b) through the API alone: a national task down, its answer up."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from .desk import Desk, eventually, rows

pytestmark = pytest.mark.journey
NATION, PROVINCE, CITY = "N10000001", "P37000001", "M37020001"


def assignment(desk: Desk, title: str, **where: str) -> dict[str, Any] | None:
    """The assignment of a task at a node, if it is there."""
    for row in rows(desk.get("assignments", q=title)):
        if row["title"] == title and all(row[key] == where[key] for key in where):
            return row
    return None


def arrived(desk: Desk, title: str, **where: str) -> dict[str, Any]:
    found = eventually(lambda: assignment(desk, title, **where))
    assert isinstance(found, dict)
    return found


def act(desk: Desk, row: dict[str, Any], code: str, **data: Any) -> None:
    desk.post(f"assignments/{row['uid']}/actions/{code}", **data)


def both_say(ends: tuple[Desk, Desk], title: str, state: str, percent: int) -> None:
    """State and progress at the issuer and at the receiver, within ten seconds."""
    for desk in ends:

        def agrees(desk: Desk = desk) -> bool:
            row = assignment(desk, title, receiver=PROVINCE)
            return row is not None and (row["state"], row["percent"]) == (
                state,
                percent,
            )

        eventually(agrees)


def issue(clerk: Desk, leader: Desk, title: str) -> None:
    """Draft, approve, issue to the province."""
    task = clerk.post(
        "tasks",
        title=title,
        content="排查全部窨井盖，建立台账，限期整改。",
        category="special_action",
        deadline=(timezone.now() + timedelta(days=30)).isoformat(),
        targets=[{"node": PROVINCE}],
    )
    path = f"tasks/{task['uid']}/actions"
    clerk.post(f"{path}/submit")
    assert clerk.refused(f"{path}/approve").status_code == 403
    assert leader.post(f"{path}/approve")["state"] == "issued"


def hand_down(province: Desk, city: Desk, handler: Desk, title: str) -> None:
    """The province breaks down, the city gives its part to a department."""
    mine = arrived(province, title, origin=NATION)
    act(province, mine, "receive")
    until = (timezone.now() + timedelta(days=20)).isoformat()
    act(province, mine, "break_down", children=[{"node": CITY, "deadline": until}])
    part = arrived(city, title, origin=PROVINCE)
    act(city, part, "receive")
    unit = handler.get("me")["unit"]["code"]
    act(city, part, "break_down", children=[{"unit": unit}])
    own = arrived(handler, title)
    act(handler, own, "receive")
    act(handler, own, "progress", content="完成一半", percent=50)


def work_up(province: Desk, city: Desk, handler: Desk, title: str) -> None:
    """The result goes from the department to the city to the province."""
    own = arrived(handler, title)
    act(handler, own, "submit", content="全部完成", result="1 200 处全部整改")
    local = arrived(city, title, origin=CITY)
    act(city, local, "accept", content="同意")
    part = arrived(city, title, origin=PROVINCE)
    act(city, part, "submit", content="上报", result="全市完成")
    issued = arrived(province, title, receiver=CITY)
    eventually(
        lambda: assignment(province, title, receiver=CITY)["state"] == "submitted"
    )
    act(province, issued, "accept", content="通过")


def test_a_national_task_goes_down_and_its_answer_comes_up(desk):
    title = f"窨井盖专项行动 {timezone.now():%H%M%S}"
    clerk, leader = desk(NATION, "clerk"), desk(NATION, "leader")
    province, city = desk(PROVINCE, "clerk"), desk(CITY, "liaison")
    handler = desk(CITY, "handler1")
    ends = (clerk, province)

    issue(clerk, leader, title)
    hand_down(province, city, handler, title)
    part = arrived(city, title, origin=PROVINCE)
    act(city, part, "progress", content="全市完成一半", percent=50)
    mine = arrived(province, title, origin=NATION)
    act(province, mine, "progress", content="全省完成一半", percent=50)
    both_say(ends, title, "in_progress", 50)

    work_up(province, city, handler, title)
    act(province, mine, "submit", content="上报", result="全省完成")
    both_say(ends, title, "submitted", 100)
    top = arrived(clerk, title, receiver=PROVINCE)
    assert clerk.refused(f"assignments/{top['uid']}/actions/return").status_code == 400
    act(clerk, top, "return", reason="请补充整改照片")
    both_say(ends, title, "returned", 100)
    act(province, mine, "submit", content="已补充", result="附整改照片清单")
    both_say(ends, title, "submitted", 100)
    act(clerk, top, "accept", content="同意验收", score=95)
    both_say(ends, title, "accepted", 100)
