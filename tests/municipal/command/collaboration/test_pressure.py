"""Supervision notices, instructions, consultations and meetings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from municipal.command import services
from municipal.command.collaboration.models import (
    FollowUp,
    Instruction,
    Meeting,
    Notice,
)
from municipal.command.collaboration.services import merging, pressure
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from tests.factories.command import lead, report


def moment(hours):
    return timezone.localtime(clock.now() + timedelta(hours=hours)).strftime(
        "%Y-%m-%dT%H:%M"
    )


def notice_for(city, case, level="1"):
    return pressure.supervise(
        case=case,
        by=city.overseer,
        level=level,
        requirement="限期办结",
        due=clock.now() + timedelta(hours=4),
    )


@pytest.mark.function(
    "CC-24", at=["collaboration:notice-list", "collaboration:supervise"]
)
def test_a_notice_is_answered_asked_again_and_released(client, city):
    case = lead(city, "handling")
    url = reverse("collaboration:supervise", args=[case.uid])
    client.force_login(city.overseer)
    given = {"level": "2", "requirement": "限期办结", "due": moment(5)}
    assert client.post(url, given | {"due": moment(-5)}).status_code == 422
    assert client.post(url, given).status_code == 302
    notice = Notice.objects.get()
    case.refresh_from_db()
    assert (case.supervise_level, case.state) == (2, "handling")
    assert city.dept_handler.notices.filter(body="限期办结").exists()
    judge = reverse("collaboration:notice-judge", args=[notice.pk])
    reply = reverse("collaboration:notice-reply", args=[notice.pk])
    client.force_login(city.dept_handler)
    assert client.post(reply, {"text": "已增派人手"}).status_code == 302
    client.force_login(city.overseer)
    assert client.post(judge, {"satisfied": "no", "text": ""}).status_code == 422
    client.post(judge, {"satisfied": "no", "text": "未说明原因"})
    notice.refresh_from_db()
    assert (notice.state, notice.round) == ("open", 2)
    pressure.reply(notice=notice, by=city.dept_handler, text="因雨停工")
    client.post(judge, {"satisfied": "yes"})
    notice.refresh_from_db()
    case.refresh_from_db()
    assert (notice.state, case.supervise_level) == ("released", 0)
    text = client.get(notice.get_absolute_url()).content.decode()
    for said in ("已增派人手", "未说明原因", "因雨停工"):
        assert said in text
    assert "因雨停工" in client.get(case.get_absolute_url()).content.decode()
    assert AuditEntry.objects.filter(type="notice.release").exists()


def test_a_case_bears_the_highest_level_of_its_notices(city):
    case = lead(city, "handling")
    high, _low = notice_for(city, case, "3"), notice_for(city, case, "1")
    case.refresh_from_db()
    assert case.supervise_level == 3
    pressure.reply(notice=high, by=city.dept_handler, text="已办")
    pressure.judge(notice=high, by=city.overseer, satisfied=True)
    case.refresh_from_db()
    assert case.supervise_level == 1


def test_who_may_not_supervise_answer_or_judge_is_refused(city):
    case = lead(city, "handling")
    with pytest.raises(Forbidden):
        pressure.supervise(
            case=case,
            by=city.dispatcher,
            level="1",
            requirement="x",
            due=clock.now() + timedelta(hours=1),
        )
    notice = notice_for(city, case)
    with pytest.raises(Forbidden):
        pressure.reply(notice=notice, by=city.other_handler, text="不是我")
    with pytest.raises(Forbidden):
        pressure.judge(notice=notice, by=city.overseer, satisfied=True)
    with pytest.raises(Forbidden):
        notice_for(city, report(city))


def test_lists_of_notices_take_the_same_queries(
    client, city, django_assert_max_num_queries
):
    client.force_login(city.overseer)
    url = reverse("collaboration:notice-list")
    notice_for(city, lead(city, "handling"))
    client.get(url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for _ in range(4):
        notice_for(city, lead(city, "handling"))
    with django_assert_max_num_queries(25) as many:
        client.get(url)
    assert len(many) == len(few)
    client.force_login(city.other_handler)
    assert "DB20" not in client.get(url).content.decode()


@pytest.mark.function("CC-24", at="collaboration:instruction-list")
def test_a_leader_instructs_and_is_answered(client, city):
    case = lead(city, "handling")
    url = reverse("collaboration:instruct", args=[case.uid])
    client.force_login(city.bureau_leader)
    client.post(url, {"text": "请重点关注，今日办结。"})
    case.refresh_from_db()
    assert case.is_important
    row = Instruction.objects.get()
    client.force_login(city.dept_handler)
    assert "今日办结" in client.get(case.get_absolute_url()).content.decode()
    answer = reverse("collaboration:instruction-answer", args=[row.pk])
    assert client.post(answer, {"text": "已办结"}).status_code == 302
    assert client.post(answer, {"text": "再说一次"}).status_code == 409
    client.force_login(city.bureau_leader)
    assert (
        "已办结"
        in client.get(reverse("collaboration:instruction-list")).content.decode()
    )
    assert city.bureau_leader.notices.filter(body="已办结").exists()
    with pytest.raises(Forbidden):
        pressure.instruct(case=case, by=city.dispatcher, text="x")


@pytest.mark.function("CC-24", at="collaboration:meeting-list")
def test_a_meeting_is_recorded_with_what_follows(client, city):
    case = lead(city, "handling")
    client.force_login(city.dispatcher)
    url = reverse("collaboration:meeting", args=[case.uid])
    given = {
        "kind": "consultation",
        "title": "占道堆料会办",
        "held_at": moment(-2),
        "units": [city.unit.pk, city.other_unit.pk],
        "conclusions": "市政处牵头",
        "task_1": "三日内清运",
    }
    assert client.post(url, given).status_code == 422
    assert client.post(url, given | {"unit_1": city.unit.pk}).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.units.count() == 2
    row = FollowUp.objects.get()
    client.force_login(city.dept_handler)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "三日内清运" in page
    done = reverse("collaboration:follow-up", args=[meeting.pk, row.pk])
    client.post(done, {"result": "已清运"})
    row.refresh_from_db()
    assert (row.result, row.done_by) == ("已清运", city.dept_handler)
    with pytest.raises(Conflict):
        pressure.finish_follow_up(follow_up=row, by=city.dept_handler, result="x")
    assert "占道堆料会办" in client.get(case.get_absolute_url()).content.decode()


def test_a_meeting_without_conclusions_is_refused(city):
    with pytest.raises(DomainError):
        pressure.record_meeting(
            case=lead(city, "handling"),
            by=city.overseer,
            kind="coordination",
            title="协调会",
            held_at=clock.now(),
            conclusions=" ",
        )
    assert not Meeting.objects.exists()


@pytest.mark.function("CC-24", at=["collaboration:notice-list", "command:case-detail"])
def test_a_notice_ends_with_its_case(client, city):
    case = lead(city, "pending_close")
    released, replied, waiting = (notice_for(city, case) for _number in range(3))
    for notice in (released, replied):
        pressure.reply(notice=notice, by=city.dept_handler, text="已办")
    pressure.judge(notice=released, by=city.overseer, satisfied=True)
    services.close_case(case, by=city.duty_leader, note="已清理")
    for notice, state in ((released, "released"), (replied, "ended")):
        notice.refresh_from_db()
        assert (notice.state, notice.light) == (state, "none")
    waiting.refresh_from_db()
    assert waiting.state == "ended"
    ends = AuditEntry.objects.filter(type="notice.end", object_id=waiting.pk)
    assert ends.get().actor_name == str(city.duty_leader)
    assert city.overseer.notices.filter(title__contains=waiting.number).exists()
    client.force_login(city.overseer)
    url = reverse("collaboration:notice-list")
    rows = client.get(url, {"state": "ended"}).content.decode()
    assert waiting.number in rows
    assert released.number not in rows
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "随案件结束" in page
    with pytest.raises(Forbidden):
        pressure.reply(notice=waiting, by=city.dept_handler, text="迟到的答复")


def test_a_notice_ends_without_anybody_where_the_platform_closes(client, city):
    main, child = lead(city, "pending_close"), lead(city, "handling")
    notice = notice_for(city, child)
    merging.merge(case=child, main=main, by=city.dispatcher)
    services.close_case(main, by=city.duty_leader, note="已清理")
    notice.refresh_from_db()
    assert (notice.state, notice.entries.get().by) == ("ended", None)
    client.force_login(city.overseer)
    assert client.get(notice.get_absolute_url()).status_code == 200
    assert client.get(child.get_absolute_url()).status_code == 200
