"""A key task from above at the desk of the city's liaison officer."""

import re

import pytest
from django.urls import reverse

from platform_core.systems.supervision import services
from platform_core.systems.supervision.models import Assignment
from tests.factories.supervision import CONTENT, later

from .federation import PROVINCE, QINGDAO


def send_down(federation):
    with federation.at(PROVINCE) as people:
        task = services.draft_task(
            by=people.clerk,
            title="城市窨井盖安全隐患排查整治专项行动",
            content=CONTENT,
            deadline=later(30),
            targets=[services.Target(node=QINGDAO)],
        )
        services.submit_for_approval(task=task, by=people.clerk)
        services.approve_and_issue(task=task, by=people.leader)
    federation.carry()


def marked(text):
    """The address that the navigation marks as the present one."""
    found = re.search(r'<a[^>]*href="([^"]+)" aria-current="page"', text)
    return found.group(1) if found else ""


@pytest.mark.function(
    "CC-27", at=["supervision:received-list", "supervision:assignment-detail"]
)
def test_the_city_signs_breaks_down_and_answers(client, federation):
    send_down(federation)
    with federation.at(QINGDAO) as people:
        client.force_login(people.clerk)
        inbox = reverse("supervision:received-list")
        task = Assignment.objects.get(origin=PROVINCE)
        assert task.title in client.get(inbox).content.decode()
        page = client.get(task.get_absolute_url()).content.decode()
        assert marked(page) == inbox
        sign = reverse("supervision:assignment-action", args=[task.uid, "receive"])
        assert client.post(sign).status_code == 302
        services.break_down(
            assignment=task,
            by=people.clerk,
            children=[services.Target(unit="works", deadline=later(10))],
        )
        own = Assignment.objects.exclude(pk=task.pk).get()
        services.receive(assignment=own, by=people.handler)
        client.force_login(people.handler)
        page = client.get(own.get_absolute_url()).content.decode()
        assert marked(page) == inbox
        services.report_progress(
            assignment=own, by=people.handler, content="已排查一半", percent=50
        )
        client.force_login(people.clerk)
        url = reverse("supervision:assignment-action", args=[task.uid, "progress"])
        answer = client.post(url, {"content": "已排查一半", "percent": 50})
        assert answer.status_code == 302
    federation.carry()
    with federation.at(PROVINCE):
        above = Assignment.objects.get(receiver=QINGDAO)
        assert (above.state, above.percent) == ("in_progress", 50)
