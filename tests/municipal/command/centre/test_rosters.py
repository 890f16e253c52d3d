"""Duty at the centre: roster, changes, handover, log, contacts, notices."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from municipal.command.centre.models import (
    Contact,
    DeskDuty,
    DeskShift,
    DutyLog,
    DutyNotice,
    Handover,
    HandoverItem,
    Swap,
)
from municipal.command.centre.rosters import contacts, handing, selectors, services
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.notices.models import Notice

MONDAY = date(2026, 9, 28)  # the week before the holiday of 1 to 7 October
NOON = timezone.make_aware(datetime(2026, 9, 28, 12))


@pytest.fixture
def day_shift(db):
    return DeskShift.objects.create(name="白班", begins=time(8), ends=time(20))


@pytest.fixture
def night(db):
    return DeskShift.objects.create(name="夜班", begins=time(20), ends=time(8))


@pytest.fixture
def office(db):
    return DeskShift.objects.create(
        name="行政班", begins=time(9), ends=time(17), days="workdays"
    )


def plan(person, day, shift, by):
    return services.plan(person=person, day=day, shift=shift, by=by)


@pytest.mark.function("CC-58", at="centre:roster")
def test_the_month_shows_duties_holidays_and_who_is_missing(
    client, chief, officer, day_shift, office
):
    with clock.at(NOON):
        client.force_login(chief)
        url = reverse("centre:plan")
        given = {
            "day": "2026-09-28",
            "shift": day_shift.pk,
            "person": officer.pk,
            "post": "officer",
        }
        assert client.post(url, given).status_code == 302
        assert client.post(url, given).status_code == 409
        text = client.get("/duty-desk/roster/?month=2026-10").content.decode()
    assert "国庆" in text
    assert "值班员乙" in text
    assert DeskDuty.objects.get().ends_at - DeskDuty.objects.get().begins_at == (
        timedelta(hours=12)
    )
    weeks = selectors.month(date(2026, 10, 1))
    days = {day.day: day for week in weeks for day in week}
    assert not days[date(2026, 10, 1)].works
    assert [slot.shift for slot in days[date(2026, 10, 1)].slots] == [day_shift]
    assert days[date(2026, 10, 1)].slots[0].missing == 1


def test_the_month_costs_the_same_however_many_are_on_duty(
    chief, officer, colleague, day_shift, night, django_assert_num_queries
):
    selectors.month(MONDAY)  # reads the calendar, which is kept
    with django_assert_num_queries(2):
        selectors.month(MONDAY)
    services.fill(
        people=[officer, colleague],
        shift=night,
        first=MONDAY,
        last=MONDAY + timedelta(days=30),
        by=chief,
    )
    with django_assert_num_queries(2):
        selectors.month(MONDAY)


def test_nobody_is_planned_twice_at_once_or_without_the_right(
    chief, officer, day_shift, night, office
):
    plan(officer, MONDAY, night, chief)
    before = DeskShift.objects.create(name="早班", begins=time(7), ends=time(9))
    with pytest.raises(Conflict):
        plan(officer, MONDAY + timedelta(days=1), before, chief)
    plan(officer, MONDAY, day_shift, chief)
    with pytest.raises(Forbidden):
        plan(officer, MONDAY, office, officer)
    with pytest.raises(DomainError):
        plan(officer, date(2026, 10, 1), office, chief)


def test_a_period_goes_in_turn_and_a_week_is_copied_without_days_off(
    chief, officer, colleague, office
):
    friday = MONDAY + timedelta(days=4)
    found = services.fill(
        people=[officer, colleague],
        shift=office,
        first=MONDAY - timedelta(days=7),
        last=friday - timedelta(days=7),
        by=chief,
    )
    turn = [duty.person for duty in found.made[:3]]
    assert turn == [officer, colleague, officer]
    copied = services.copy_week(
        source=MONDAY - timedelta(days=5), target=friday, by=chief
    )
    worked = {duty.day.day for duty in copied.made}
    assert worked <= {28, 29, 30}
    assert len(copied.made) + copied.off == len(found.made) == 4  # 25 September is off
    again = services.copy_week(
        source=MONDAY - timedelta(days=7), target=friday, by=chief
    )
    assert (again.made, again.known) == ([], len(copied.made))
    with pytest.raises(DomainError):
        services.copy_week(source=MONDAY, target=friday, by=chief)


@pytest.mark.function("CC-58", at="centre:swap-list")
def test_a_change_is_asked_agreed_and_approved(
    client, chief, officer, colleague, day_shift
):
    with clock.at(NOON):
        mine = plan(officer, MONDAY + timedelta(days=1), day_shift, chief)
        theirs = plan(colleague, MONDAY + timedelta(days=2), day_shift, chief)
        client.force_login(officer)
        given = {"other": colleague.pk, "other_duty": theirs.pk, "reason": "家事"}
        url = reverse("centre:swap-ask", args=[mine.pk])
        assert client.post(url, given).status_code == 302
        swap = Swap.objects.get()
        assert Notice.objects.filter(recipient=colleague, kind="centre.duty").exists()
        with pytest.raises(Conflict):
            services.approve_swap(swap=swap, by=chief)
        with pytest.raises(Forbidden):
            services.agree_swap(swap=swap, by=officer)
        client.force_login(colleague)
        agree = reverse("centre:swap-decide", args=[swap.pk, "agree"])
        assert client.post(agree).status_code == 302
        with pytest.raises(Forbidden):
            services.approve_swap(swap=swap, by=colleague)
        services.approve_swap(swap=swap, by=chief)
        with pytest.raises(Conflict):
            services.decline_swap(swap=swap, by=chief, answer="晚了")
    assert DeskDuty.objects.get(pk=mine.pk).person == colleague
    assert DeskDuty.objects.get(pk=theirs.pk).person == officer
    assert AuditEntry.objects.filter(type="watch.swap_approved").exists()


def test_a_change_that_would_double_somebody_is_refused(
    chief, officer, colleague, day_shift, office
):
    with clock.at(NOON):
        mine = plan(officer, MONDAY + timedelta(days=1), day_shift, chief)
        plan(colleague, MONDAY + timedelta(days=1), office, chief)
        swap = services.ask_swap(duty=mine, other=colleague, reason="家事", by=officer)
        services.agree_swap(swap=swap, by=colleague)
        with pytest.raises(Conflict):
            services.approve_swap(swap=swap, by=chief)
        assert DeskDuty.objects.get(pk=mine.pk).person == officer
        services.withdraw_swap(swap=swap, by=officer)
        services.remove(duty=mine, by=chief)
    assert not DeskDuty.objects.filter(pk=mine.pk).exists()


@pytest.mark.function("CC-58", at="centre:handover-list")
def test_what_is_open_is_handed_on_until_it_is_done(
    client, chief, officer, colleague, day_shift, night
):
    with clock.at(NOON):
        plan(officer, MONDAY, day_shift, chief)
        plan(colleague, MONDAY, night, chief)
    with clock.at(NOON + timedelta(hours=7)):
        client.force_login(officer)
        given = {
            "shift": day_shift.pk,
            "day": "2026-09-28",
            "summary": "平稳",
            "items": "积水点\n\n抢修完工",
        }
        assert client.post(reverse("centre:hand-over"), given).status_code == 302
        first = Handover.objects.get()
        assert first.items.count() == 2
        assert Notice.objects.filter(recipient=colleague).count() == 1
        with pytest.raises(Forbidden):
            handing.take_over(handover=first, by=officer)
        handing.take_over(handover=first, by=colleague, remark="已阅")
        with pytest.raises(Conflict):
            handing.take_over(handover=first, by=colleague)
        done, left = first.items.all()
        client.force_login(colleague)
        url = reverse("centre:item-settle", args=[done.pk])
        assert client.post(url, {"result": "已排除"}).status_code == 302
        with pytest.raises(Conflict):
            handing.settle_item(item=done, result="再来", by=colleague)
    second = handing.hand_over(
        shift=night, day=MONDAY, summary="夜间平稳", items=["新事项"], by=colleague
    )
    assert [item.text for item in second.items.all()] == ["抢修完工", "新事项"]
    assert second.items.first().since == left.since
    assert set(selectors.open_items()) == set(second.items.all())
    assert HandoverItem.objects.get(pk=left.pk).state == "carried"
    with pytest.raises(Conflict):
        handing.hand_over(shift=night, day=MONDAY, summary="x", items=[], by=colleague)
    with pytest.raises(Forbidden):
        handing.hand_over(
            shift=day_shift, day=date(2026, 9, 27), summary="x", items=[], by=officer
        )


@pytest.mark.function("CC-58", at="centre:log-list")
def test_the_log_is_written_and_stays(client, chief, officer, day_shift):
    with clock.at(NOON):
        plan(officer, MONDAY, day_shift, chief)
        client.force_login(officer)
        url = reverse("centre:log-add")
        given = {"kind": "call", "text": "市民来电", "back": "desk"}
        assert client.post(url, given).url == reverse("centre:desk")
        entry = DutyLog.objects.get()
        assert entry.shift_name == "白班"
        ahead = NOON + timedelta(hours=1)
        with pytest.raises(DomainError):
            handing.write_log(kind="call", text="x", by=officer, at=ahead)
    entry.text = "改"
    with pytest.raises(Conflict):
        entry.save()
    with pytest.raises(Conflict):
        entry.delete()
    assert "市民来电" in client.get(reverse("centre:log-list")).content.decode()


@pytest.mark.function("CC-58", at=["centre:contact-list", "centre:contact-import"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_contacts_come_from_a_table_and_go_into_one(
    client, admin, encoding, django_capture_on_commit_callbacks
):
    lines = (
        "name,group,unit_name,position,phone,mobile,email,note",
        "张工,供水,水务集团,调度长,0532-1,13900000000,,夜间",
        ",供水,水务集团,,1,,,",
        "李工,供气,能源集团,,,,,",
        "王工,供电,供电公司,,2,,不是邮箱,",
        "张工,供水,水务集团,主任,0532-2,,,",
    )
    table = SimpleUploadedFile("c.csv", "\n".join(lines).encode(encoding))
    client.force_login(admin)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("centre:contact-import"), {"table": table})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert (job.done, job.failed) == (2, 3)
    assert sorted(job.problems.values_list("row", "field")) == [
        (3, "name"),
        (4, "phone"),
        (5, "email"),
    ]
    assert Contact.objects.get().position == "主任"
    answer = client.get(reverse("centre:contact-list") + "?export=csv&columns=import")
    export = answer.getvalue().decode("utf-8-sig")
    assert export.splitlines()[0] == lines[0]
    assert "张工" in export


def test_a_file_in_no_known_encoding_is_refused(
    admin, django_capture_on_commit_callbacks
):
    table = SimpleUploadedFile("c.csv", b"name,phone\n\xff\xff\x00\xfe,1")
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start("centre.import_contacts", by=admin, upload=table)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not Contact.objects.exists()


@pytest.mark.function("CC-58", at="centre:notice-list")
def test_a_notice_reaches_who_is_on_duty_and_is_confirmed(
    client, chief, officer, colleague, day_shift
):
    with clock.at(NOON):
        plan(officer, MONDAY, day_shift, chief)
        client.force_login(chief)
        given = {"title": "防汛提示", "text": "请加强值守", "to": "now"}
        answer = client.post(reverse("centre:notice-send"), given)
        notice = DutyNotice.objects.get()
        assert answer.url == notice.get_absolute_url()
        assert [row.person for row in notice.readers.all()] == [officer]
        with pytest.raises(Conflict):
            contacts.confirm_notice(notice=notice, by=colleague)
        client.force_login(officer)
        client.post(reverse("centre:notice-confirm", args=[notice.pk]))
    assert notice.readers.get().read_at is not None
    assert "值班员乙" in client.get(notice.get_absolute_url()).content.decode()
    with clock.at(NOON + timedelta(days=3)), pytest.raises(DomainError):
        contacts.send_notice(
            title="x", text="y", people=selectors.people_on_duty(), by=chief
        )


@pytest.mark.function("CC-58", at="centre:desk")
def test_the_desk_says_who_is_on_duty_and_what_waits(
    client, city, chief, officer, colleague, day_shift, night
):
    with clock.at(NOON):
        plan(officer, MONDAY, day_shift, chief)
        plan(colleague, MONDAY, night, chief)
        assert selectors.people_on_duty() == [officer]
        handing.hand_over(
            shift=night, day=MONDAY, summary="平稳", items=["盯守积水点"], by=chief
        )
        client.force_login(officer)
        page = client.get(reverse("centre:desk"))
        text = page.content.decode()
        for words in ("值班员乙", "值班员丙", "盯守积水点"):
            assert words in text
        poll = client.get(reverse("centre:desk"), headers={"X-Poll": "1"})
        assert "<html" not in poll.content.decode()
        tag = {"X-Poll": "1", "If-None-Match": poll["ETag"]}
        assert client.get(reverse("centre:desk"), headers=tag).status_code == 304


def test_lists_cost_the_same_with_more_rows(
    client, chief, officer, day_shift, django_assert_max_num_queries
):
    client.force_login(chief)
    for number in range(12):
        day = clock.today() + timedelta(days=number + 1)
        duty = plan(officer, day, day_shift, chief)
        services.ask_swap(duty=duty, other=chief, reason="家事", by=officer)
        handing.hand_over(
            shift=day_shift, day=day, summary="平稳", items=["a"], by=chief
        )
        handing.write_log(kind="call", text="来电", by=chief)
        contacts.save_contact(contact=Contact(name=f"n{number}", phone="1"), by=chief)
        contacts.send_notice(title="t", text="x", people=[officer], by=chief)
    for name in ("swap", "handover", "log", "contact", "notice"):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(f"centre:{name}-list")).status_code == 200


@pytest.mark.parametrize(
    "name", ["desk", "roster", "handover-list", "log-list", "contact-list", "plan"]
)
def test_other_people_are_kept_out(client, city, name):
    client.force_login(city.dept_handler)
    assert client.get(reverse(f"centre:{name}")).status_code == 403


def test_plans_are_only_for_who_plans(client, officer, colleague, day_shift, chief):
    duty = plan(officer, clock.today() + timedelta(days=3), day_shift, chief)
    client.force_login(colleague)
    for name in ("plan", "fill", "copy-week", "shift-list", "contact-add"):
        assert client.get(reverse(f"centre:{name}")).status_code == 403
    assert client.get(reverse("centre:swap-ask", args=[duty.pk])).status_code == 404
