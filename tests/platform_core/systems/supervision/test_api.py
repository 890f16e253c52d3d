"""The whole journey over HTTP, and what it refuses."""

import pytest
from django.test import Client

from platform_core.systems.supervision.models import Assignment
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.supervision import CONTENT, issued, later, local_assignment

from .federation import NATION, PROVINCE, QINGDAO


class Caller:
    """Calls the API of one node as one person."""

    def __init__(self, user) -> None:
        self.client = Client()
        self.client.force_login(user)

    def get(self, path: str, status: int = 200):
        response = self.client.get(f"/api/v1{path}")
        assert response.status_code == status, response.content
        return response.json()

    def post(self, path: str, status: int = 200, **data):
        response = self.client.post(
            f"/api/v1{path}", data, content_type="application/json"
        )
        assert response.status_code == status, response.content
        return response.json()


def act(federation, node, who, code, *, status=200, where=None, **data):
    """One action of one person at one node on its only fitting assignment."""
    with federation.at(node) as people:
        caller = Caller(getattr(people, who))
        rows = caller.get("/assignments")["results"]
        (row,) = [
            row
            for row in rows
            if all(row[key] == value for key, value in (where or {}).items())
        ]
        answer = caller.post(
            f"/assignments/{row['uid']}/actions/{code}", status, **data
        )
    federation.carry()
    return answer


def same(federation, upper, lower):
    """State and progress, seen at both ends."""
    found = []
    for node in (upper, lower):
        with federation.at(node) as people:
            rows = Caller(people.clerk).get("/assignments")["results"]
            (row,) = [
                row
                for row in rows
                if row["receiver"] == lower and row["origin"] == upper
            ]
            found.append((row["state"], row["percent"]))
    assert found[0] == found[1]
    return found[0]


TOP, GIVEN, UNIT = {"origin": NATION}, {"origin": PROVINCE}, {"unit": "works"}


def issue(federation) -> str:
    """The nation drafts, approves and issues; the task's uid."""
    with federation.at(NATION) as people:
        clerk, leader = Caller(people.clerk), Caller(people.leader)
        task = clerk.post(
            "/tasks",
            201,
            title="窨井盖排查",
            content=CONTENT,
            category="special_action",
            deadline=later(30).isoformat(),
            targets=[{"node": PROVINCE}],
        )
        path = f"/tasks/{task['uid']}/actions"
        assert clerk.post(f"{path}/submit")["state"] == "pending_approval"
        clerk.post(f"{path}/approve", 403)
        assert leader.post(f"{path}/approve")["state"] == "issued"
    federation.carry()
    return task["uid"]


def hand_down(federation) -> None:
    """The province breaks down, the city gives its part to a department."""
    top, given = TOP, GIVEN
    act(federation, PROVINCE, "clerk", "receive", where=top)
    late = act(
        federation,
        PROVINCE,
        "clerk",
        "break_down",
        status=400,
        where=top,
        children=[{"node": QINGDAO, "deadline": later(31).isoformat()}],
    )
    assert "targets" in late["fields"]
    parts = [{"node": QINGDAO, "deadline": later(20).isoformat()}]
    act(federation, PROVINCE, "clerk", "break_down", where=top, children=parts)

    act(federation, QINGDAO, "clerk", "receive", where=given)
    act(
        federation,
        QINGDAO,
        "clerk",
        "break_down",
        where=given,
        children=[{"unit": "works"}],
    )
    act(federation, QINGDAO, "handler", "receive", where=UNIT)


def test_journey(federation):
    uid = issue(federation)
    hand_down(federation)
    top, given, unit = TOP, GIVEN, UNIT
    half = {"percent": 50, "content": "过半"}
    act(federation, QINGDAO, "handler", "progress", where=unit, **half)
    act(federation, QINGDAO, "clerk", "progress", where=given, **half)
    act(federation, PROVINCE, "clerk", "progress", where=top, **half)
    assert same(federation, PROVINCE, QINGDAO) == ("in_progress", 50)
    assert same(federation, NATION, PROVINCE) == ("in_progress", 50)

    early = act(
        federation, QINGDAO, "clerk", "submit", status=409, where=given, result="x"
    )
    assert early["code"] == "transition_not_allowed"
    for node, who, reviewer, where, below in (
        (QINGDAO, "handler", QINGDAO, unit, unit),
        (QINGDAO, "clerk", PROVINCE, given, {"receiver": QINGDAO}),
        (PROVINCE, "clerk", NATION, top, {}),
    ):
        act(federation, node, who, "submit", where=where, result="全部完成")
        act(federation, reviewer, "clerk", "return", status=400, where=below)
        act(federation, reviewer, "clerk", "return", where=below, reason="缺照片")
        act(federation, node, who, "submit", where=where, result="已补照片")
        done = act(federation, reviewer, "clerk", "accept", where=below, score=90)
        assert (done["state"], done["score"]) == ("accepted", 90)
    assert same(federation, PROVINCE, QINGDAO) == ("accepted", 100)
    act(federation, NATION, "clerk", "close")
    assert same(federation, NATION, PROVINCE) == ("closed", 100)
    with federation.at(NATION) as people:
        assert Caller(people.clerk).get(f"/tasks/{uid}")["state"] == "closed"


pytestmark = pytest.mark.django_db


def test_needs_a_person():
    assert Client().get("/api/v1/tasks").status_code == 401
    assert Client().get("/api/v1/assignments").status_code == 401


def test_needs_the_right():
    caller = Caller(UserFactory(roles=["acceptor"]))
    assert caller.get("/tasks", 403)["code"] == "forbidden"


def test_foreign_units_do_not_exist():
    one = local_assignment()
    stranger = Caller(UserFactory(roles=["dept_handler"]))
    assert stranger.get("/assignments")["results"] == []
    stranger.get(f"/assignments/{one.uid}", 404)
    stranger.post(f"/assignments/{one.uid}/actions/receive", 404)
    stranger.get(f"/tasks/{one.task.uid}", 404)
    assert Assignment.objects.get().state == "issued"


def test_unknown_action_and_bad_uid():
    one = local_assignment()
    caller = Caller(UserFactory(roles=["bureau_leader"]))
    caller.post(f"/assignments/{one.uid}/actions/destroy", 404)
    caller.post(f"/tasks/{one.task.uid}/actions/destroy", 404)
    caller.get(f"/assignments/{'-' * 36}", 404)
    assert Assignment.objects.get() == one


def test_fields_are_named():
    caller = Caller(UserFactory(roles=["bureau_leader"]))
    answer = caller.post("/tasks", 400, title="", targets=[{}])
    assert {"title", "content"} <= set(answer["fields"])


def test_detail_says_what_may_be_done():
    unit = OrgUnitFactory()
    one = local_assignment(unit=unit)
    caller = Caller(UserFactory(roles=["dept_handler"], unit=unit))
    detail = caller.get(f"/assignments/{one.uid}")
    offers = {offer["code"]: offer for offer in detail["actions"]}
    assert offers["receive"]["allowed"]
    assert not offers["submit"]["allowed"]
    assert offers["submit"]["why"]
    assert "accept" not in offers
    assert len(detail["history"]) == 1


def test_draft_is_changed():
    leader = UserFactory(roles=["bureau_leader"])
    caller = Caller(leader)
    task = caller.post("/tasks", 201, title="题", content="文")
    response = caller.client.patch(
        f"/api/v1/tasks/{task['uid']}", {"title": "新题"}, "application/json"
    )
    assert response.json()["title"] == "新题"
    assert response.json()["content"] == "文"


@pytest.mark.parametrize("path", ["/tasks", "/assignments"])
def test_lists_take_the_same_queries(path, django_assert_max_num_queries):
    leader = UserFactory(roles=["bureau_leader"])
    caller = Caller(leader)
    for _ in range(3):
        issued(leader)
    with django_assert_max_num_queries(9):
        assert len(caller.get(path)["results"]) == 3


def test_figures():
    leader = UserFactory(roles=["bureau_leader"])
    issued(leader)
    found = Caller(leader).get("/assignments/figures")
    assert (found["issued"], found["signed"], found["on_time_rate"]) == (1, 0, None)
