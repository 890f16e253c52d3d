"""Emergencies: raised, led by a plan, help called, cases dispatched, closed."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from municipal.command.centre.emergencies import nearby, plans, services
from municipal.command.centre.models import (
    CallOut,
    Emergency,
    EmergencyPlan,
    EmergencyRules,
    Resource,
    VideoPoint,
)
from municipal.command.centre.video import points
from municipal.command.patrol.models import Attendance, PatrolRules
from platform_core.accounts.enums import UnitKind
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.notices.models import Notice
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import LAT, LON, STEP, lead

HERE = {"lon": LON + STEP / 2, "lat": LAT + STEP / 2}


@pytest.fixture
def plan(chief):
    made = EmergencyPlan(name="防汛应急预案", kind="flood")
    levels = {
        "4": [{"text": "现场围挡", "who": "市政", "minutes": 30}],
        "3": [
            {"text": "现场围挡", "who": "市政", "minutes": 30},
            {"text": "调集泵车", "who": "排水", "minutes": 60},
        ],
    }
    return plans.save_plan(plan=made, levels=levels, call=["team"], by=chief)


def resource(chief, name, east=0.0, **given):
    values = {
        "kind": "team",
        "contact": "张队",
        "phone": "13900000000",
        "stock": "泵车2台",
    }
    place = {"lon": HERE["lon"] + east, "lat": HERE["lat"]}
    made = Resource(name=name, **values | place | given)
    return plans.save_resource(resource=made, by=chief)


def begin(chief, plan=None, **given):
    values = {"title": "香港中路积水", "kind": "flood", "level": "4", "radius": 1000}
    row = Emergency(**values | HERE | given)
    return services.raise_emergency(emergency=row, plan=plan, by=chief)


def of_district(code, role):
    unit = OrgUnitFactory(division_id=code, kind=UnitKind.DISTRICT)
    return UserFactory(roles=[role], unit=unit)


@pytest.mark.function(
    "CC-57", at=["centre:emergency-raise", "centre:emergency-list", "centre:emergency"]
)
def test_it_is_raised_from_a_case_and_led_by_a_plan(client, city, chief, plan):
    plans.change_rules(
        rules=EmergencyRules(radius=2000, meeting="https://meet.example/{number}"),
        by=chief,
    )
    case = lead(city, "pending_dispatch")
    client.force_login(chief)
    page = client.get(case.get_absolute_url()).content.decode()
    url = f"{reverse('centre:emergency-raise')}?case={case.number}"
    assert url in page
    form = client.get(url).content.decode()
    assert case.address in form
    given = {
        "title": "香港中路积水",
        "kind": "flood",
        "level": "4",
        "follow": plan.pk,
        "radius": 2000,
        **HERE,
    }
    answer = client.post(url, given)
    row = Emergency.objects.get()
    assert answer.url == row.get_absolute_url()
    assert row.meeting == f"https://meet.example/{row.number}"
    assert [link.case for link in row.links.all()] == [case]
    text = client.get(row.get_absolute_url()).content.decode()
    for words in ("现场围挡", row.meeting, case.title, "emergency-map-settings"):
        assert words in text
    assert row.title in client.get(case.get_absolute_url()).content.decode()
    poll = client.get(row.get_absolute_url(), headers={"X-Poll": "1"})
    assert "<html" not in poll.content.decode()
    tag = {"X-Poll": "1", "If-None-Match": poll["ETag"]}
    assert client.get(row.get_absolute_url(), headers=tag).status_code == 304
    services.write(emergency=row, text="雨势减小", by=chief)
    assert client.get(row.get_absolute_url(), headers=tag).status_code == 200


def test_the_number_bears_the_day_of_the_city(chief):
    night = timezone.localtime().replace(hour=4, minute=0)  # the day before in UTC
    with clock.at(night):
        assert begin(chief).number == f"YJ{night:%Y%m%d}0001"


def test_a_higher_level_adds_its_steps_and_each_is_checked_once(city, chief, plan):
    row = begin(chief, plan)
    (step,) = row.steps.all()
    services.do_step(step=step, by=chief, note="已完成")
    with pytest.raises(Conflict):
        services.do_step(step=step, by=chief)
    services.change_level(emergency=row, level="3", reason="雨势加大", by=chief)
    assert [one.text for one in row.steps.all()] == ["现场围挡", "调集泵车"]
    assert row.steps.first().done_by == chief
    with pytest.raises(DomainError):
        services.change_level(emergency=row, level="3", reason="x", by=chief)
    texts = list(row.entries.order_by("pk").values_list("text", flat=True))
    assert len(texts) == 3
    assert "雨势加大" in texts[-1]


def test_the_emergency_keeps_the_version_of_its_plan(city, chief, plan):
    row = begin(chief, plan)
    levels = {"4": [{"text": "新步骤", "who": "", "minutes": 0}]}
    plans.save_plan(plan=plan, levels=levels, call=[], by=chief)
    plans.save_plan(plan=plan, levels=levels, call=[], by=chief)
    assert plans.in_force(plan).number == 2
    assert Emergency.objects.get(pk=row.pk).plan.number == 1
    assert [step.text for step in row.steps.all()] == ["现场围挡"]


@pytest.mark.function("CC-57", at="centre:resource-list")
def test_who_can_help_comes_first_the_nearest_before_all(city, chief):
    near = resource(chief, "近处抢险队", east=0.001)
    resource(chief, "远处抢险队", east=0.0034, state="busy")
    resource(chief, "圈外抢险队", east=0.02)
    points.save_point(point=VideoPoint(code="V1", name="路口", **HERE), by=chief)
    rules = PatrolRules.objects.first() or PatrolRules.objects.create(version=1)
    Attendance.objects.create(
        person=city.supervisor,
        rules=rules,
        day=clock.today(),
        state="on",
        clock_in_at=clock.now(),
        in_lon=HERE["lon"] + 0.002,
        in_lat=HERE["lat"],
    )
    row = begin(chief)
    found = nearby.around(row, chief)
    assert [one.name for one in found] == [
        "近处抢险队",
        str(city.supervisor),
        "远处抢险队",
        "路口",
    ]
    assert found[0].metres == pytest.approx(89.9, abs=1)
    assert (found[0].key, found[2].free) == (f"resource:{near.pk}", False)
    shown = nearby.map_of(row, found)
    assert len(shown["points"]["features"]) == 5
    ring = shown["areas"]["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]


@pytest.mark.function("CC-57", at=["centre:call-out", "centre:call"])
def test_help_is_called_once_told_and_answers(client, city, chief):
    captain = UserFactory(roles=["dept_handler"], full_name="张队")
    team = resource(chief, "抢险一队", person=captain)
    other = resource(chief, "医院", kind="hospital")
    row = begin(chief)
    client.force_login(chief)
    url = reverse("centre:call-out", args=[row.uid])
    page = client.get(url).content.decode()
    assert f"resource:{team.pk}" in page
    keys = [f"resource:{team.pk}", f"resource:{other.pk}"]
    assert client.post(url, {"keys": keys, "text": "速来"}).status_code == 302
    assert client.post(url, {"keys": keys, "text": "速来"}).status_code == 422
    assert f"resource:{team.pk}" not in client.get(url).content.decode()
    with pytest.raises(DomainError):
        services.call_out(emergency=row, keys=[*keys, "person:x"], text="x", by=chief)
    call = CallOut.objects.get(resource=team)
    notice = Notice.objects.get(recipient=captain)
    assert (notice.link, notice.kind) == (call.get_absolute_url(), "centre.call")
    client.force_login(captain)
    assert client.get(row.get_absolute_url()).status_code == 403
    assert "速来" in client.get(call.get_absolute_url()).content.decode()
    others = CallOut.objects.get(resource=other)
    assert client.get(others.get_absolute_url()).status_code == 404
    answer = reverse("centre:call-answer", args=[call.pk])
    given = {"state": "coming", "words": "十分钟到"}
    assert client.post(answer, given).url == call.get_absolute_url()
    team.refresh_from_db()
    assert team.state == "busy"
    assert "十分钟到" in row.entries.first().text
    services.answer(call=others, state="unable", by=chief)
    with pytest.raises(Forbidden):
        services.answer(call=others, state="coming", by=captain)
    services.close(emergency=row, summary="积水排除。", by=chief)
    team.refresh_from_db()
    assert team.state == "free"
    with pytest.raises(Conflict):
        services.answer(call=call, state="arrived", by=captain)


@pytest.mark.function(
    "CC-57", at=["centre:emergency-attach", "centre:emergency-dispatch"]
)
def test_cases_are_attached_and_dispatched_at_once(client, city, chief):
    case, foreign = lead(city, "pending_dispatch"), lead(city, "pending_dispatch")
    row = begin(chief)
    client.force_login(city.dispatcher)
    url = reverse("centre:emergency-attach", args=[row.uid])
    assert client.post(url, {"number": "404"}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {"number": case.number}).status_code == 302
    assert row.links.count() == 1
    send = reverse("centre:emergency-dispatch", args=[row.uid, case.uid])
    assert send in client.get(row.get_absolute_url()).content.decode()
    assert client.post(send, {"unit": city.unit.pk}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handling_unit) == ("pending_handling", city.unit)
    assert case.number in row.entries.first().text
    assert client.post(send, {"unit": city.unit.pk}).status_code == 409
    other = reverse("centre:emergency-dispatch", args=[row.uid, foreign.uid])
    assert client.post(other, {"unit": city.unit.pk}).status_code == 404
    with pytest.raises(DomainError):
        services.dispatch_case(
            emergency=row, case=foreign, unit=city.unit, by=city.dispatcher
        )


@pytest.mark.function("CC-57", at="centre:emergency-report")
def test_the_report_tells_the_course_as_page_and_document(client, city, chief, plan):
    row = begin(chief, plan)
    services.call_out(
        emergency=row,
        keys=[f"resource:{resource(chief, '抢险一队').pk}"],
        text="速来",
        by=chief,
    )
    services.attach_case(emergency=row, case=lead(city, "handling"), by=chief)
    services.write(emergency=row, text="泵车到场", by=chief)
    services.close(emergency=row, summary="积水全部排除。", by=chief)
    client.force_login(chief)
    url = reverse("centre:emergency-report", args=[row.uid])
    page = client.get(url).content.decode()
    answer = client.get(url, {"form": "docx"})
    assert answer["Content-Disposition"].endswith(f'"{row.number}.docx"')
    document = Document(BytesIO(answer.content))
    words = "\n".join(
        [line.text for line in document.paragraphs]
        + [cell.text for table in document.tables for cell in table._cells]
    )
    for text in ("现场围挡", "抢险一队", "泵车到场", "积水全部排除。", row.number):
        assert text in page
        assert text in words


def test_it_ends_with_a_summary_and_then_stays(client, city, chief, plan):
    row = begin(chief, plan)
    client.force_login(chief)
    url = reverse("centre:emergency-close", args=[row.uid])
    assert client.post(url, {"summary": " "}).status_code == 422
    assert client.post(url, {"summary": "完毕"}).status_code == 302
    for act in (
        lambda: services.close(emergency=row, summary="再", by=chief),
        lambda: services.write(emergency=row, text="再", by=chief),
        lambda: services.do_step(step=row.steps.first(), by=chief),
        lambda: services.attach_case(
            emergency=row, case=lead(city, "pending_dispatch"), by=chief
        ),
    ):
        with pytest.raises(Conflict):
            act()
    entry = row.entries.first()
    entry.text = "改写"
    with pytest.raises(Conflict):
        entry.save()
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"emergency.raised", "emergency.closed"} <= types


@pytest.mark.function("CC-57", at="centre:emergency-plans")
def test_plans_are_written_as_lines_and_wrong_ones_refused(client, chief):
    client.force_login(chief)
    url = reverse("centre:emergency-plan-add")
    given = {"name": "大风预案", "kind": "wind", "is_active": "on", "call": ["team"]}
    assert client.post(url, given).status_code == 422
    wrong = given | {"level_2": "加固广告牌 | 城管 | 很快"}
    assert client.post(url, wrong).status_code == 422
    assert not EmergencyPlan.objects.exists()
    right = given | {"level_2": "加固广告牌 | 城管 | 60\n巡查"}
    assert client.post(url, right).status_code == 302
    plan = EmergencyPlan.objects.get()
    assert plans.in_force(plan).steps_of("2") == [
        {"text": "加固广告牌", "who": "城管", "minutes": 60},
        {"text": "巡查", "who": "", "minutes": 0},
    ]
    edit = client.get(reverse("centre:emergency-plan-edit", args=[plan.pk]))
    assert "加固广告牌 | 城管 | 60" in edit.content.decode()
    assert "加固广告牌" in client.get(plan.get_absolute_url()).content.decode()


@pytest.mark.parametrize("meeting", ["ftp://x.example", "javascript:alert(1)", "x"])
def test_settings_are_kept_by_version_and_checked(client, chief, meeting):
    client.force_login(chief)
    url = reverse("centre:emergency-rules")
    wrong = {"radius": 2000, "meeting": meeting}
    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {"radius": 10, "meeting": ""}).status_code == 422
    right = {"radius": 2000, "meeting": "https://meet.example/{number}", "note": "首版"}
    assert client.post(url, right).status_code == 302
    assert client.post(url, right | {"radius": 2500}).status_code == 302
    assert plans.rules().radius == 2500
    assert plans.rules().version == 2
    assert "首版" in client.get(url).content.decode()


def test_who_may_look_lead_and_where(client, city, chief, plan):
    row = begin(chief, plan)
    assert row.division_code == "370202"
    client.force_login(city.overseer)
    assert client.get(row.get_absolute_url()).status_code == 200
    step = reverse("centre:emergency-step", args=[row.uid, row.steps.first().pk])
    assert client.post(step).status_code == 403
    with pytest.raises(Forbidden):
        services.close(emergency=row, summary="x", by=city.overseer)
    client.force_login(of_district("370203", "dispatcher"))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(step).status_code == 404
    assert row.number not in client.get("/duty-desk/emergencies/").content.decode()
    client.force_login(of_district("370202", "dispatcher"))
    assert client.post(step).status_code == 302
    client.force_login(city.dept_handler)
    assert client.get(reverse("centre:emergency-list")).status_code == 403
    with pytest.raises(DomainError):
        begin(chief, lon=100.0)


def test_pages_cost_the_same_with_more_rows(
    client, city, chief, plan, django_assert_max_num_queries
):
    client.force_login(chief)
    row = begin(chief, plan)
    for number in range(10):
        begin(chief, title=f"事件{number}")
        made = resource(chief, f"队{number}")
        services.call_out(
            emergency=row, keys=[f"resource:{made.pk}"], text="速来", by=chief
        )
        case = lead(city, "pending_dispatch")
        services.attach_case(emergency=row, case=case, by=chief)
    limits = {
        row.get_absolute_url(): 30,
        reverse("centre:emergency-list"): 12,
        reverse("centre:resource-list"): 12,
        reverse("centre:emergency-plans"): 12,
        reverse("centre:desk"): 24,
    }
    for url, most in limits.items():
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
