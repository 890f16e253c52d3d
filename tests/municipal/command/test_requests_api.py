"""Requests about cases over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from platform_core.common import clock
from tests.factories.command import lead


def url(name, *args):
    return reverse(f"command_api:{name}", args=args)


@pytest.mark.function(
    "CC-23", at=["command_api:request-ask", "command_api:request-decide"]
)
def test_a_unit_asks_and_the_dispatcher_decides_over_http(client, city):
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    until = (clock.now() + timedelta(days=9)).isoformat()
    given = {"kind": "suspension", "reason": "等待管线迁改", "until": until}
    asked = client.post(url("request-ask", case.uid), given)
    assert asked.status_code == 201
    body = asked.json()
    assert (body["case"], body["status"]) == (case.number, "pending")
    again = client.post(url("request-ask", case.uid), given)
    assert again.status_code == 409
    decide = url("request-decide", body["uid"])
    assert client.post(decide, {"approve": True}).status_code == 403
    client.force_login(city.dispatcher)
    done = client.post(decide, {"approve": True, "opinion": "同意"}).json()
    assert (done["status"], done["opinion"]) == ("approved", "同意")
    late = client.post(decide, {"approve": False, "opinion": "不同意"})
    assert late.status_code == 409
    assert city.dispatcher.full_name in late.json()["message"]
    case.refresh_from_db()
    assert case.state == "suspended"


def test_requests_are_listed_for_who_may_see_their_cases(client, city):
    case = lead(city, "returned")
    client.force_login(city.dept_handler)
    rows = client.get(url("request-list"), {"status": "pending"}).json()["results"]
    assert [row["case_uid"] for row in rows] == [str(case.uid)]
    assert client.get(url("request-list"), {"kind": "nonsense"}).status_code == 400
    client.force_login(city.other_handler)
    assert client.get(url("request-list")).json()["results"] == []
    assert client.post(url("request-ask", case.uid), {}).status_code == 404


def test_what_is_missing_is_named(client, city):
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    answer = client.post(url("request-ask", case.uid), {"kind": "suspension"})
    assert answer.status_code == 400
    assert "reason" in answer.json()["fields"]
    given = {"kind": "suspension", "reason": "等待"}
    answer = client.post(url("request-ask", case.uid), given)
    assert "until" in answer.json()["fields"]
