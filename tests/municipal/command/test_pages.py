"""Pages of cases as each post sees them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from municipal.command.models import Case
from municipal.command.worklists import WORKLISTS
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from tests.factories.command import (
    CLASS,
    LAT,
    LON,
    STEP,
    WAYS,
    act,
    lead,
    report,
)

ROLES = ("acceptor", "duty_leader", "dispatcher", "bureau_leader", "overseer")
WHO = {
    "accept": "acceptor",
    "file": "duty_leader",
    "dispatch": "dispatcher",
    "answer": "dispatcher",
    "feedback": "dispatcher",
    "handle": "dept_handler",
    "onsite": "supervisor",
    "check": "acceptor",
    "close": "duty_leader",
    "paused": "dispatcher",
}
HOLDS = {
    "accept": "pending_accept",
    "file": "pending_filing",
    "dispatch": "pending_dispatch",
    "feedback": "pending_feedback",
    "handle": "pending_handling",
    "onsite": "verifying",
    "check": "pending_check",
    "close": "pending_close",
    "paused": "suspended",
}


def shot(name="a.png"):
    """A real little picture as an upload."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


def form(**change):
    return {
        "source": "03",
        "problem": f"matter:{CLASS}",
        "description": "路边堆放垃圾",
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
        **change,
    }


def page_of(client, user, url):
    client.force_login(user)
    return client.get(url)


def url_of(case, action=""):
    if action:
        return reverse("command:case-act", args=[case.uid, action])
    return reverse("command:case-detail", args=[case.uid])


@pytest.mark.parametrize("code", HOLDS)
def test_a_work_list_shows_what_waits_for_the_post(client, city, code):
    case = lead(city, HOLDS[code])
    url = reverse(f"command:work-{code}")
    answer = page_of(client, city.person(WHO[code]), url)
    assert answer.status_code == 200
    assert case.number in answer.content.decode()


def test_the_list_of_extensions_shows_what_is_asked(client, city):
    quiet = lead(city, "handling")
    asking = act(city, lead(city, "handling"), "apply_extend", by="dept_handler")
    url = reverse("command:work-answer")
    text = page_of(client, city.dispatcher, url).content.decode()
    assert asking.number in text
    assert quiet.number not in text


@pytest.mark.parametrize("code", WORKLISTS)
def test_a_work_list_is_closed_to_other_posts(client, city, code):
    url = reverse(f"command:work-{code}")
    stranger = city.dept_handler if code != "handle" else city.supervisor
    assert page_of(client, stranger, url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_lists_take_the_same_queries_for_few_and_many(
    client, city, django_assert_max_num_queries
):
    url = reverse("command:case-list")
    lead(city, "handling")
    page_of(client, city.dispatcher, url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for _ in range(6):
        lead(city, "handling")
    with django_assert_max_num_queries(25) as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_list_can_be_exported_by_who_may(client, city):
    case = report(city)
    url = reverse("command:case-list") + "?export=csv"
    answer = page_of(client, city.dispatcher, url)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert case.number in content.decode("utf-8-sig")
    assert AuditEntry.objects.filter(type="case.exported").exists()
    assert page_of(client, city.dept_handler, url).status_code == 403


@pytest.mark.parametrize("state", [*WAYS, "self_handled"])
def test_the_page_of_a_case_in_every_state_for_every_post(client, city, state):
    case = lead(city, state)
    for role in ROLES:
        answer = page_of(client, city.person(role), url_of(case))
        assert answer.status_code == 200
        assert case.description in answer.content.decode()


def test_a_case_of_another_unit_is_not_found(client, city):
    case = lead(city, "handling")
    assert page_of(client, city.other_handler, url_of(case)).status_code == 404
    assert client.get(url_of(case, "feedback")).status_code == 404
    assert page_of(client, city.dept_handler, url_of(case)).status_code == 200


def test_what_cannot_be_done_is_shown_with_its_reason(client, city):
    case = act(city, lead(city, "handling"), "apply_extend", by="dept_handler")
    text = page_of(client, city.dept_handler, url_of(case)).content.decode()
    assert "已有延期申请待审" in text


def test_the_reporter_is_masked_without_the_right(client, city):
    case = report(city, by=None, source="03", reporter="王小明", contact="13812345678")
    assert "王小明" in page_of(client, city.acceptor, url_of(case)).content.decode()
    text = page_of(client, city.dispatcher, url_of(case)).content.decode()
    assert "王小明" not in text
    assert "138*****678" in text


def standing_out(client, user, case):
    """The names of the buttons that stand out on the page of a case."""
    page = page_of(client, user, url_of(case)).content.decode()
    return re.findall(r'class="btn btn-primary"[^>]*data-dialog>([^<]+)<', page)


@pytest.mark.parametrize(
    ("state", "post", "expected"),
    [
        ("handling", "dept_handler", ["处置完成反馈"]),
        ("pending_handling", "dept_handler", ["签收"]),
        ("pending_filing", "duty_leader", ["立案"]),
        ("handling", "dispatcher", []),
        ("closed", "dispatcher", []),
    ],
)
def test_only_the_step_that_is_expected_next_stands_out(
    client, city, state, post, expected
):
    assert standing_out(client, city.person(post), lead(city, state)) == expected


@pytest.mark.parametrize(("source", "expected"), [("03", "下发核实"), ("01", "受理")])
def test_a_public_report_is_first_verified(client, city, source, expected):
    case = report(city, source=source)
    assert standing_out(client, city.acceptor, case) == [expected]


@pytest.mark.parametrize(
    ("post", "offered"),
    [
        ("dispatcher", {"dispatch", "urge", "merge"}),
        ("acceptor", {"send_check", "merge"}),
        ("duty_leader", {"send_check", "close", "merge", "urge"}),
    ],
)
def test_a_list_offers_many_at_once_what_the_post_may_do(client, city, post, offered):
    report(city)
    url = reverse("command:case-list")
    page = page_of(client, city.person(post), url).content.decode()
    assert set(re.findall(r'name="bulk" value="batch-(\w+)"', page)) == offered


def test_dispatching_by_the_dialog(client, city):
    case = lead(city, "pending_dispatch")
    url = url_of(case, "dispatch")
    assert city.unit.name in page_of(client, city.dispatcher, url).content.decode()
    answer = client.post(url, {"unit": city.unit.pk, "note": "请抓紧"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handling_unit) == ("pending_handling", city.unit)


def test_a_dialog_keeps_the_input_and_says_what_is_missing(client, city):
    case = lead(city, "pending_accept")
    url = url_of(case, "refuse")
    assert page_of(client, city.acceptor, url).status_code == 200
    assert client.post(url, {"note": ""}).status_code == 422
    case.refresh_from_db()
    assert case.state == "pending_accept"


def test_feedback_with_a_picture_and_without(client, city):
    case = lead(city, "handling")
    url = url_of(case, "feedback")
    client.force_login(city.dept_handler)
    assert client.post(url, {"note": "已处理"}).status_code == 422
    fake = SimpleUploadedFile("a.png", b"<html>no picture</html>", "image/png")
    assert client.post(url, {"photos": [fake]}).status_code == 422
    assert client.post(url, {"photos": [shot(), shot("b.png")]}).status_code == 302
    case.refresh_from_db()
    assert case.state == "pending_feedback"
    text = client.get(url_of(case)).content.decode()
    assert text.count("<img") == 2


@pytest.mark.parametrize(
    ("state", "post", "action"),
    [
        ("pending_accept", "acceptor", "accept"),
        ("pending_accept", "acceptor", "send_verify"),
        ("pending_filing", "duty_leader", "file"),
        ("handling", "dispatcher", "approve_suspend"),
        ("handling", "dept_handler", "apply_extend"),
        ("checking", "supervisor", "check_pass"),
    ],
)
def test_dialogs_open_with_what_the_step_asks_for(client, city, state, post, action):
    case = lead(city, state)
    answer = page_of(client, city.person(post), url_of(case, action))
    assert answer.status_code == 200


def test_a_step_that_is_over_is_a_conflict(client, city):
    case = lead(city, "closed")
    client.force_login(city.duty_leader)
    assert client.post(url_of(case, "close")).status_code == 409
    assert client.get(url_of(case, "close")).status_code == 404


def test_urging_by_the_dialog(client, city):
    case = lead(city, "handling")
    url = reverse("command:case-urge", args=[case.uid])
    client.force_login(city.overseer)
    assert client.get(url).status_code == 200
    client.post(url, {"note": "请抓紧"})
    case.refresh_from_db()
    assert case.urged_count == 1
    client.force_login(city.dept_handler)
    assert client.get(url).status_code == 409


def test_a_seat_operator_registers_a_report(client, city):
    url = reverse("command:report")
    assert page_of(client, city.acceptor, url).status_code == 200
    answer = client.post(url, form(photos=[shot()], reporter="王女士"))
    case = Case.objects.get()
    assert answer["Location"] == url_of(case)
    assert case.reported_by == city.acceptor


def test_a_wrong_report_keeps_its_input(client, city):
    client.force_login(city.acceptor)
    url = reverse("command:report")
    answer = client.post(url, form(lon=116.4, lat=39.9))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "不在本市范围内" in text
    assert "路边堆放垃圾" in text
    assert not Case.objects.exists()


def test_the_hint_of_duplicates(client, city):
    case = report(city)
    url = reverse("command:similar")
    near = form(lon=LON + STEP / 2 + 0.0002)
    client.force_login(city.acceptor)
    assert case.number in client.get(url, near).content.decode()
    far = form(lon=LON + STEP * 2.5)
    assert case.number not in client.get(url, far).content.decode()
    other = form(problem="matter:06012")
    assert case.number not in client.get(url, other).content.decode()
    assert client.get(url).content.decode().strip() == ""


def test_the_phone_shows_tasks_and_takes_the_result(client, city):
    case = lead(city, "verifying")
    home = page_of(client, city.supervisor, reverse("field:home"))
    assert case.class_name in home.content.decode()
    url = reverse("field:task", args=[case.uid])
    assert client.get(url).status_code == 200
    assert client.post(url, {"action": "verify_false"}).status_code == 422
    answer = client.post(url, {"action": "verify_true", "photos": [shot()]})
    assert answer["Location"] == reverse("field:home")
    case.refresh_from_db()
    assert (case.state, case.verify_finding) == ("pending_accept", "true")
    assert client.post(url, {"action": "verify_true"}).status_code == 409


def test_another_inspectors_task_is_not_on_my_phone(client, city):
    case = lead(city, "verifying")
    url = reverse("field:task", args=[case.uid])
    assert page_of(client, city.other_supervisor, url).status_code == 404
    home = client.get(reverse("field:home"))
    assert case.number not in home.content.decode()


def test_reporting_from_the_street(client, city):
    client.force_login(city.supervisor)
    url = reverse("field:report")
    assert client.get(url).status_code == 200
    given = form(photos=[shot()])
    del given["source"]
    assert client.post(url, given)["Location"] == reverse("field:mine")
    case = Case.objects.get()
    assert (case.source_id, case.state) == ("01", "pending_accept")
    assert case.class_name in client.get(reverse("field:mine")).content.decode()
    solved = given | {"self_handled": "on", "photos": [shot()], "after": [shot()]}
    client.post(url, solved)
    assert Case.objects.filter(state="self_handled", source_id="02").count() == 1


def test_the_home_page_lists_what_waits(client, city):
    case = lead(city, "pending_dispatch")
    text = page_of(client, city.dispatcher, reverse("ui:home")).content.decode()
    assert case.title in text
    assert (
        case.title
        not in page_of(client, city.overseer, reverse("ui:home")).content.decode()
    )


def test_lights_turn_with_the_time(city):
    case = lead(city, "handling")
    moments = {
        "green": case.clock_started_at + timedelta(minutes=1),
        "yellow": case.handling_deadline - timedelta(minutes=1),
        "red": case.handling_deadline + timedelta(minutes=1),
    }
    for light, moment in moments.items():
        with clock.at(moment):
            assert case.light == light
            assert Case.objects.light(light, moment).count() == 1
