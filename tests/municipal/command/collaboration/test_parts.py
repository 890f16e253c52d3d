"""Joint handling, teams, stages, the desk, the second level."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from municipal.command import services
from municipal.command.collaboration.enums import PartKind
from municipal.command.collaboration.models import DistrictCase, Part, StageRecord
from municipal.command.collaboration.services import district, parts
from platform_core.common import clock
from platform_core.common.errors import (
    Conflict,
    DomainError,
    Forbidden,
    TransitionNotAllowed,
)
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import act, lead, picture


def joint(city):
    case = lead(city, "pending_dispatch")
    return act(
        city,
        case,
        "dispatch",
        by="dispatcher",
        assisting=[city.other_unit],
        assist_task="配合清运",
    )


@pytest.mark.function("CC-21", at="collaboration:part-list")
def test_the_lead_answers_after_those_who_assist(client, city):
    case = joint(city)
    part = Part.objects.get(case=case)
    assert (part.unit, part.task) == (city.other_unit, "配合清运")
    assert part.deadline == case.handling_deadline
    case = act(city, case, "sign", by="dept_handler")
    with pytest.raises(TransitionNotAllowed):
        act(city, case, "feedback", by="dept_handler")
    client.force_login(city.other_handler)
    assert (
        part.number in client.get(reverse("collaboration:part-list")).content.decode()
    )
    assert client.get(case.get_absolute_url()).status_code == 200
    client.post(reverse("collaboration:part-sign", args=[part.pk]))
    answer = {"result": "已清运两车", "cost": "320.50"}
    url = reverse("collaboration:part-answer", args=[part.pk])
    assert client.post(url, answer).status_code == 302
    part.refresh_from_db()
    assert (part.state, part.is_late) == ("answered", False)
    assert StageRecord.total(case) == Decimal("320.50")
    case = act(city, case, "feedback", by="dept_handler")
    assert case.state == "pending_feedback"


def test_the_lead_may_answer_before_with_a_reason(client, city):
    case = act(city, joint(city), "sign", by="dept_handler")
    url = reverse("command:case-act", args=[case.uid, "feedback"])
    client.force_login(city.dept_handler)
    assert city.other_unit.name in client.get(url).content.decode()
    case = act(
        city, case, "feedback", by="dept_handler", without_parts="协办已口头答复"
    )
    assert case.state == "pending_feedback"


def test_parts_end_with_their_case(city):
    case = joint(city)
    services.cancel_case(case, by=city.duty_leader, note="误立")
    assert Part.objects.get(case=case).state == "withdrawn"


def test_a_part_is_given_once_and_worked_by_its_unit_only(city):
    case = joint(city)
    parts.involve(case=case, units=[city.other_unit], by=city.dispatcher)
    part = Part.objects.get(case=case)
    with pytest.raises(Forbidden):
        parts.sign(part=part, by=city.dept_handler)
    with pytest.raises(Conflict):
        parts.answer(part=part, by=city.other_handler, result="完成")
    parts.sign(part=part, by=city.other_handler)
    with pytest.raises(Conflict):
        parts.sign(part=part, by=city.other_handler)
    with pytest.raises(DomainError):
        parts.involve(case=case, units=[city.unit], by=city.dispatcher)


def test_a_refused_part_is_told_and_no_longer_waited_for(client, city):
    case = joint(city)
    part = Part.objects.get(case=case)
    client.force_login(city.other_handler)
    url = reverse("collaboration:part-refuse", args=[part.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "不属我处"})
    case = act(city, case, "sign", by="dept_handler")
    assert act(city, case, "feedback", by="dept_handler").state == "pending_feedback"
    assert city.dispatcher.notices.filter(body="不属我处").exists()


@pytest.mark.function("CC-22", at=["collaboration:desk", "collaboration:stage"])
def test_the_desk_of_a_department_with_teams_and_stages(client, city, team):
    case = lead(city, "pending_handling")
    late = lead(city, "handling")
    late.handling_deadline = clock.now() - timedelta(hours=1)
    late.save()
    client.force_login(city.dept_handler)
    desk = reverse("collaboration:desk")
    assert case.number in client.get(desk).content.decode()
    assert late.number in client.get(f"{desk}?tab=overdue").content.decode()
    assert case.number not in client.get(f"{desk}?tab=overdue").content.decode()
    client.post(reverse("command:case-act", args=[case.uid, "sign"]))
    url = reverse("collaboration:team", args=[case.uid])
    assert client.post(url, {"unit": team.pk, "task": "现场清理"}).status_code == 302
    assert Part.objects.get(case=case, kind=PartKind.TEAM).unit == team
    stage = reverse("collaboration:stage", args=[case.uid])
    assert client.post(stage, {"text": "已围挡", "cost": "-1"}).status_code == 422
    for cost in ("100", "55.5"):
        client.post(stage, {"text": "已围挡", "cost": cost})
    text = client.get(case.get_absolute_url()).content.decode()
    assert "155.5" in text
    assert "道路班" in text
    client.force_login(city.other_handler)
    assert client.get(stage).status_code == 404


def test_a_team_of_another_unit_or_a_later_deadline_is_refused(city, team):
    case = lead(city, "handling")
    with pytest.raises(DomainError):
        parts.give_to_team(case=case, unit=city.other_unit, by=city.dept_handler)
    late = case.handling_deadline + timedelta(hours=1)
    with pytest.raises(DomainError):
        parts.give_to_team(case=case, unit=team, by=city.dept_handler, deadline=late)
    assert not Part.objects.exists()


def test_the_desk_takes_the_same_queries_for_few_and_many(
    client, city, django_assert_max_num_queries
):
    client.force_login(city.dept_handler)
    lead(city, "pending_handling")
    url = reverse("collaboration:desk")
    client.get(url)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for _ in range(5):
        lead(city, "pending_handling")
    with django_assert_max_num_queries(30) as many:
        client.get(url)
    assert len(many) == len(few)


@pytest.mark.function("CC-22", at="collaboration:units")
def test_units_are_compared_with_links_to_their_lists(client, city):
    joint(city)
    act(city, lead(city, "handling"), "feedback", by="dept_handler")
    leader = UserFactory(roles=["dept_leader"], unit=city.unit)
    client.force_login(city.overseer)
    text = client.get(reverse("collaboration:units")).content.decode()
    assert city.unit.name in text
    assert city.other_unit.name in text
    assert f"unit={city.unit.code}" in text
    assert "100%" in text
    client.force_login(leader)
    assert client.get(reverse("collaboration:units")).status_code == 200
    client.force_login(city.dept_handler)
    assert client.get(reverse("collaboration:units")).status_code == 403


@pytest.fixture
def second(city, admin):
    """A district with a dispatcher, a street and its people."""
    unit = OrgUnitFactory(name="市南区城管局", kind="district")
    street = OrgUnitFactory(name="示例街道办", kind="street", parent=unit)
    district.set_platform(unit=unit, delegated_check=False, is_active=True, by=admin)
    return {
        "unit": unit,
        "street": street,
        "dispatcher": UserFactory(roles=["district_dispatcher"], unit=unit),
        "handler": UserFactory(roles=["dept_handler"], unit=street),
    }


def to_district(city, second):
    case = lead(city, "pending_dispatch")
    return act(city, case, "dispatch", by="dispatcher", unit=second["unit"])


@pytest.mark.function(
    "CC-28", at=["collaboration:district-list", "collaboration:district-figures"]
)
def test_a_district_dispatches_again_and_returns_the_result(client, city, second):
    case = to_district(city, second)
    row = DistrictCase.objects.get(case=case)
    client.force_login(second["dispatcher"])
    text = client.get(case.get_absolute_url()).content.decode()
    assert row.number in text
    assert case.number in text
    url = reverse("collaboration:district-dispatch", args=[row.pk])
    assert client.post(url, {"unit": city.other_unit.pk}).status_code == 422
    assert client.post(url, {"unit": second["street"].pk}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handling_unit) == ("handling", second["unit"])
    part = Part.objects.get(case=case)
    parts.sign(part=part, by=second["handler"])
    parts.answer(
        part=part, by=second["handler"], result="已清理", attachments=[picture()]
    )
    row.refresh_from_db()
    assert row.state == "to_review"
    done = reverse("collaboration:district-pass", args=[row.pk])
    assert client.post(done, {"note": "区级审核通过"}).status_code == 302
    case.refresh_from_db()
    row.refresh_from_db()
    assert (case.state, row.state, row.on_time) == ("pending_feedback", "passed", True)
    assert (
        row.number
        in client.get(reverse("collaboration:district-list")).content.decode()
    )
    figures = client.get(reverse("collaboration:district-figures")).content.decode()
    assert "100%" in figures


def test_a_district_checks_by_delegation(city, second, admin):
    district.set_platform(
        unit=second["unit"], delegated_check=True, is_active=True, by=admin
    )
    second["unit"].division_id = "370202"
    second["unit"].save()
    inspector = UserFactory(roles=["supervisor"], unit=second["unit"])
    case = to_district(city, second)
    row = DistrictCase.objects.get(case=case)
    part = district.dispatch_inside(
        row=row, unit=second["street"], by=second["dispatcher"]
    )
    parts.sign(part=part, by=second["handler"])
    parts.answer(
        part=part, by=second["handler"], result="已清理", attachments=[picture()]
    )
    case = district.pass_on(
        row=row, by=second["dispatcher"], note="好", inspector=inspector
    )
    assert (case.state, case.field_inspector) == ("checking", inspector)


def test_a_rework_comes_back_to_the_second_level(city, second):
    case = to_district(city, second)
    row = DistrictCase.objects.get(case=case)
    by = second["dispatcher"]
    part = district.dispatch_inside(row=row, unit=second["street"], by=by)
    with pytest.raises(Conflict):
        district.dispatch_inside(row=row, unit=second["street"], by=by)
    parts.refuse(part=part, by=second["handler"], reason="人手不足")
    row.refresh_from_db()
    assert row.state == "to_dispatch"
    part = district.dispatch_inside(row=row, unit=second["street"], by=by)
    parts.sign(part=part, by=second["handler"])
    parts.answer(
        part=part, by=second["handler"], result="已清理", attachments=[picture()]
    )
    case = district.pass_on(row=row, by=by, note="完成")
    services.reject_feedback_case(case, by=city.dispatcher, note="照片不清")
    row.refresh_from_db()
    assert row.state == "to_dispatch"


def test_another_district_does_not_see_it(client, city, second):
    case = to_district(city, second)
    other = UserFactory(
        roles=["district_dispatcher"], unit=OrgUnitFactory(kind="district")
    )
    client.force_login(other)
    row = DistrictCase.objects.get(case=case)
    url = reverse("collaboration:district-dispatch", args=[row.pk])
    assert client.get(url).status_code == 404
    assert client.get(case.get_absolute_url()).status_code == 404
