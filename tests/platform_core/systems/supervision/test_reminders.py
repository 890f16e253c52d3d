"""What the platform does by itself, and only once."""

from datetime import timedelta

import pytest

from platform_core.common import clock
from platform_core.notices.models import Notice as Told
from platform_core.systems.supervision import services, tasks
from platform_core.systems.supervision.models import Assignment, Reminder, ReminderRule
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.supervision import local_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    unit = OrgUnitFactory()
    UserFactory(roles=["dept_handler"], unit=unit, username="handler")
    return local_assignment(unit=unit, by=UserFactory(roles=["bureau_leader"]))


def after(assignment, **delta):
    return clock.at(assignment.issued_at + timedelta(**delta))


def test_overdue_is_marked_once(given):
    tasks.mark_overdue()
    assert not Assignment.objects.get().overdue
    with clock.at(given.deadline + timedelta(minutes=1)):
        assert tasks.mark_overdue() == 1
        told = Told.objects.count()
        assert tasks.mark_overdue() == 0
    assert Assignment.objects.get().overdue
    assert Told.objects.count() == told


def test_what_is_submitted_is_not_overdue(given):
    by = given.unit.members.get()
    services.receive(assignment=given, by=by)
    services.submit_result(assignment=given, by=by, result="完成")
    with clock.at(given.deadline + timedelta(days=1)):
        assert tasks.mark_overdue() == 0


def test_more_time_takes_the_mark_away(given):
    handler, leader = given.unit.members.get(), given.task.drafted_by
    with clock.at(given.deadline + timedelta(hours=1)):
        tasks.mark_overdue()
        services.request_extension(
            assignment=given,
            by=handler,
            content="x",
            wanted_deadline=given.deadline + timedelta(days=9),
        )
        services.decide_extension(assignment=given, by=leader, granted=True)
    assert not Assignment.objects.get().overdue


def test_unsigned(given):
    with after(given, hours=23):
        tasks.remind()
    assert not Reminder.objects.exists()
    with after(given, hours=25):
        tasks.remind()
        tasks.remind()
    assert Reminder.objects.get().kind == "unsigned"
    assert Assignment.objects.get().urged_count == 1


def test_urged_three_days_and_one_day_before(given):
    services.receive(assignment=given, by=given.unit.members.get())
    for left in (80, 70, 69, 23, 22):
        with clock.at(given.deadline - timedelta(hours=left)):
            tasks.remind()
    kinds = Reminder.objects.filter(kind="before_deadline")
    assert kinds.count() == 2
    assert Assignment.objects.get().urged_count == 2


def test_feedback_is_asked_for_each_cycle(given):
    services.receive(assignment=given, by=given.unit.members.get())
    for day in (6, 8, 8):
        with after(given, days=day):
            tasks.remind()
    assert Reminder.objects.filter(kind="missing_feedback").count() == 1


def test_a_rule_may_be_switched_off(given):
    ReminderRule.objects.update(is_active=False)
    with after(given, days=18):
        assert tasks.remind() == 0
