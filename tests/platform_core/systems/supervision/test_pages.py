"""Pages: they open, are scoped, keep input, do the work."""

import pytest
from django.urls import reverse

from platform_core.systems.supervision import services
from platform_core.systems.supervision.models import Assignment, Task
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.supervision import draft, issued, later, local_assignment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"supervision:{name}", args=args)


@pytest.fixture
def leader(client):
    user = UserFactory(roles=["bureau_leader"])
    client.force_login(user)
    return user


@pytest.fixture
def handler():
    return UserFactory(roles=["dept_handler"], unit=OrgUnitFactory(name="市政处"))


LISTS = ("task-list", "assignment-list", "received-list")


@pytest.mark.parametrize("name", [*LISTS, "statistics", "task-new"])
def test_opens(client, leader, name):
    issued(leader)
    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_same_queries_for_any_number(
    client, leader, name, django_assert_max_num_queries
):
    issued(leader)
    client.get(url(name))
    with django_assert_max_num_queries(14) as few:
        client.get(url(name))
    for _ in range(4):
        issued(leader)
    with django_assert_max_num_queries(len(few)):
        text = client.get(url(name)).content.decode()
    assert Task.objects.last().number in text


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports(client, leader, name, form):
    issued(leader)
    response = client.get(url(name), {"export": form})
    assert response.status_code == 200
    assert b"".join(response)


def test_export_needs_its_right(client, handler):
    local_assignment(unit=handler.unit)
    client.force_login(handler)
    response = client.get(url("received-list"), {"export": "csv"})
    assert response.status_code == 403


def test_a_stranger_sees_nothing(client):
    one = local_assignment()
    client.force_login(UserFactory(roles=["dept_handler"]))
    text = client.get(url("received-list")).content.decode()
    assert one.number not in text
    assert client.get(url("assignment-detail", one.uid)).status_code == 404
    assert client.get(url("task-detail", one.task.uid)).status_code == 404
    assert client.get(url("assignment-action", one.uid, "receive")).status_code == 404


def test_no_right_no_page(client):
    client.force_login(UserFactory(roles=["acceptor"]))
    assert client.get(url("task-list")).status_code == 403


def test_filters(client, leader):
    one, other = issued(leader), issued(leader, priority="urgent")
    text = client.get(url("task-list"), {"priority": "urgent"}).content.decode()
    assert other.number in text
    assert one.number not in text
    query = {"overdue": "true", "division": "370200", "state": "issued"}
    text = client.get(url("assignment-list"), query).content.decode()
    assert other.number not in text


def test_draft_by_form(client, leader, handler):
    sent = {
        "title": "除雪防滑",
        "category": "routine",
        "priority": "normal",
        "feedback_cycle": "weekly",
        "sign_within_hours": 24,
        "content": "部署除雪",
        "deadline": f"{later(9):%Y-%m-%dT%H:%M}",
        "targets": [f"unit:{handler.unit.code}"],
    }
    response = client.post(url("task-new"), {**sent, "title": ""})
    assert response.status_code == 422
    assert "部署除雪" in response.content.decode()
    response = client.post(url("task-new"), sent)
    task = Task.objects.get()
    assert response.url == task.get_absolute_url()
    assert task.targets == [{"unit": handler.unit.code}]
    change = client.get(url("task-change", task.uid)).content.decode()
    assert "部署除雪" in change
    client.post(url("task-change", task.uid), {**sent, "title": "除雪"})
    for code in ("submit", "approve"):
        assert client.get(url("task-action", task.uid, code)).status_code == 200
        client.post(url("task-action", task.uid, code), {"content": ""})
    assert Assignment.objects.get().title == "除雪"
    text = client.get(task.get_absolute_url()).content.decode()
    assert "市政处" in text


def test_rejection_needs_a_reason(client, leader):
    task = draft(leader)
    services.submit_for_approval(task=task, by=leader)
    address = url("task-action", task.uid, "reject")
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "补充"})
    task.refresh_from_db()
    assert task.state == "draft"
    assert "补充" in client.get(task.get_absolute_url()).content.decode()


def test_work_by_dialog(client, leader, handler):
    one = local_assignment(unit=handler.unit, by=leader)

    def press(user, code, **values):
        client.force_login(user)
        address = url("assignment-action", one.uid, code)
        shown = client.get(address, headers={"HX-Request": "true"})
        assert shown.status_code == 200, shown.content.decode()
        done = client.post(address, values, headers={"HX-Request": "true"})
        assert done.status_code == 204, done.content.decode()
        page = client.get(one.get_absolute_url())
        assert page.status_code == 200
        return page.content.decode()

    press(handler, "receive")
    press(handler, "progress", percent=50, content="过半")
    assert "请说明" in press(leader, "supervise", content="请说明原因")
    assert "已加派" in press(handler, "reply", content="已加派人手")
    wanted = f"{later(40):%Y-%m-%dT%H:%M}"
    press(handler, "request_extension", wanted_deadline=wanted, content="汛期")
    press(leader, "extend", deadline=wanted)
    press(handler, "submit", result="完成")
    assert "缺照片" in press(leader, "return", reason="缺照片")
    press(handler, "submit", result="已补")
    press(leader, "accept", score="90")
    press(leader, "close")
    assert Assignment.objects.get().state == "closed"


def test_what_is_not_possible_is_refused(client, leader, handler):
    one = local_assignment(unit=handler.unit, by=leader)
    assert client.get(url("assignment-action", one.uid, "accept")).status_code == 409
    assert client.get(url("assignment-action", one.uid, "nothing")).status_code == 404
    client.force_login(handler)
    assert client.get(url("assignment-action", one.uid, "urge")).status_code == 403


@pytest.mark.parametrize("who", ["leader", "handler", "liaison"])
def test_home(client, who, leader, handler):
    one = local_assignment(unit=handler.unit, by=leader)
    services.receive(assignment=one, by=handler)
    task = draft(leader, title="待批任务")
    services.submit_for_approval(task=task, by=leader)
    liaison = UserFactory(roles=["city_liaison"])
    users = {"leader": leader, "handler": handler, "liaison": liaison}
    client.force_login(users[who])
    text = client.get("/").content.decode()
    wanted = {"leader": "待批任务", "handler": one.title, "liaison": "重点工作任务"}
    assert wanted[who] in text


def test_english(client, leader):
    client.cookies["language_M37020001"] = "en"
    assert "Key tasks" in client.get(url("task-list")).content.decode()
