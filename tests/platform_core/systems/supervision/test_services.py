"""Rules of drafting, answering and reviewing, each with its refusal."""

from datetime import timedelta
from decimal import Decimal

import pytest

from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import (
    Conflict,
    DomainError,
    Forbidden,
    TransitionNotAllowed,
)
from platform_core.datasets.models import OutboxEntry
from platform_core.files import services as files
from platform_core.files.models import Attachment
from platform_core.notices.models import Notice as Told
from platform_core.systems.supervision import services
from platform_core.systems.supervision.models import Assignment, Task
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.supervision import draft, issued, later, local_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def works():
    return OrgUnitFactory(name="市政处")


@pytest.fixture
def handler(works):
    return UserFactory(roles=["dept_handler"], unit=works)


@pytest.fixture
def leader():
    return UserFactory(roles=["bureau_leader"])


@pytest.fixture
def given(works, handler, leader):
    return local_assignment(unit=works, by=leader)


def fresh(assignment):
    return Assignment.objects.get(pk=assignment.pk)


class TestDrafting:
    def test_numbers_are_unique_and_rising(self, leader):
        first, second = draft(leader), draft(leader)
        assert second.number == f"{first.number[:-4]}{int(first.number[-4:]) + 1:04d}"

    def test_who_may_not_draft(self, handler):
        with pytest.raises(Forbidden):
            services.draft_task(by=handler, title="题", content="文")

    def test_unknown_receiver(self, leader):
        with pytest.raises(DomainError) as refused:
            draft(leader, targets=[services.Target(node="P99000001")])
        assert refused.value.code == "reference_missing"
        assert not Task.objects.exists()

    def test_unknown_category(self, leader):
        with pytest.raises(DomainError) as refused:
            draft(leader, category="party")
        assert refused.value.code == "code_list"

    def test_change_keeps_the_rest(self, leader):
        task = draft(leader)
        services.change_draft(task=task, by=leader, title="新标题")
        task.refresh_from_db()
        assert task.title == "新标题"
        assert task.targets

    @pytest.mark.parametrize("missing", [{"targets": []}, {"deadline": None}])
    def test_incomplete_is_not_submitted(self, leader, missing):
        task = draft(leader, **missing)
        with pytest.raises(DomainError) as refused:
            services.submit_for_approval(task=task, by=leader)
        assert refused.value.code == "required"

    def test_deadline_in_the_past(self, leader):
        task = draft(leader, deadline=later(-1))
        with pytest.raises(DomainError) as refused:
            services.submit_for_approval(task=task, by=leader)
        assert "deadline" in refused.value.fields

    def test_leader_sends_back_with_a_reason(self, leader):
        clerk = UserFactory(roles=["city_liaison"])
        task = draft(clerk)
        services.submit_for_approval(task=task, by=clerk)
        with pytest.raises(DomainError):
            services.reject_draft(task=task, by=leader, reason=" ")
        services.reject_draft(task=task, by=leader, reason="补充依据")
        task.refresh_from_db()
        assert (task.state, task.review_note) == ("draft", "补充依据")
        assert Told.objects.filter(recipient=clerk, body="补充依据").exists()

    def test_clerk_may_not_approve(self):
        clerk = UserFactory(roles=["city_liaison"])
        task = draft(clerk)
        services.submit_for_approval(task=task, by=clerk)
        with pytest.raises(Forbidden):
            services.approve_and_issue(task=task, by=clerk)

    def test_issue_tells_the_unit_and_nobody_outside(self, given, handler):
        assert given.state == "issued"
        assert Told.objects.filter(recipient=handler).exists()
        assert not OutboxEntry.objects.filter(interface__startswith="superv").exists()
        assert AuditEntry.objects.filter(type="assignment.issued").exists()

    def test_withdrawing_a_task_takes_all_back(self, leader):
        units = [OrgUnitFactory(), OrgUnitFactory()]
        task = issued(leader, targets=[services.Target(unit=u.code) for u in units])
        services.withdraw_task(task=task, by=leader, reason="合并")
        states = set(task.assignments.values_list("state", flat=True))
        assert states == {"withdrawn"}


class TestAnswering:
    def test_a_stranger_may_not_sign(self, given):
        stranger = UserFactory(roles=["dept_handler"])
        with pytest.raises(Forbidden):
            services.receive(assignment=given, by=stranger)
        assert fresh(given).state == "issued"

    def test_signing_twice(self, given, handler):
        services.receive(assignment=given, by=handler)
        with pytest.raises(TransitionNotAllowed):
            services.receive(assignment=given, by=handler)
        assert given.feedbacks.count() == 1

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_percent(self, given, handler, percent):
        services.receive(assignment=given, by=handler)
        with pytest.raises(DomainError) as refused:
            services.report_progress(
                assignment=given, by=handler, content="x", percent=percent
            )
        assert "percent" in refused.value.fields

    def test_progress_needs_words(self, given, handler):
        services.receive(assignment=given, by=handler)
        with pytest.raises(DomainError) as refused:
            services.report_progress(
                assignment=given, by=handler, content=" ", percent=5
            )
        assert "content" in refused.value.fields

    def test_result_is_needed(self, given, handler):
        services.receive(assignment=given, by=handler)
        with pytest.raises(DomainError):
            services.submit_result(assignment=given, by=handler, result="")
        assert fresh(given).state == "received"

    def test_whole_way(self, given, handler, leader):
        services.receive(assignment=given, by=handler)
        services.report_progress(
            assignment=given, by=handler, content="一半", percent=50
        )
        assert (fresh(given).state, fresh(given).percent) == ("in_progress", 50)
        services.submit_result(assignment=given, by=handler, result="完成")
        services.return_for_rework(assignment=given, by=leader, reason="缺照片")
        assert (fresh(given).state, fresh(given).returned_count) == ("returned", 1)
        services.submit_result(assignment=given, by=handler, result="已补")
        services.accept(assignment=given, by=leader, score=Decimal("95.5"))
        services.close(assignment=given, by=leader)
        done = fresh(given)
        assert (done.state, done.score) == ("closed", Decimal("95.5"))
        assert Task.objects.get().state == "closed"
        services.archive_task(task=Task.objects.get(), by=leader)
        actions = [step.action for step in done.process.steps.order_by("seq")]
        assert actions == [
            *("sign", "start", "submit", "return", "rework", "submit"),
            *("accept", "close"),
        ]

    def test_task_is_not_closed_before_its_receivers(self, given, leader):
        with pytest.raises(Conflict):
            services.close_task(task=given.task, by=leader)

    def test_files_of_others_are_refused(self, given, handler, leader, tmp_path):
        upload = tmp_path / "a.pdf"
        upload.write_bytes(b"%PDF-1.4\n%%EOF\n")
        with upload.open("rb") as stream:
            file = files.store(stream, by=leader)
        services.receive(assignment=given, by=handler)
        with pytest.raises(DomainError) as refused:
            services.report_progress(
                assignment=given,
                by=handler,
                content="x",
                percent=1,
                attachments=[file],
            )
        assert "attachments" in refused.value.fields
        Attachment.objects.filter(pk=file.pk).update(uploaded_by=handler)
        file.refresh_from_db()
        said = services.report_progress(
            assignment=given, by=handler, content="x", percent=1, attachments=[file]
        )
        assert said.wire_files[0]["sha256"] == file.blob_id
        assert list(files.of(said)) == [file]


class TestSupervising:
    def test_notice_must_be_answered_first(self, given, handler, leader):
        services.receive(assignment=given, by=handler)
        notice = services.supervise(assignment=given, by=leader, content="进度滞后")
        assert "1" in notice.content.split("\n")[0]
        assert fresh(given).supervise_state == "open"
        with pytest.raises(TransitionNotAllowed):
            services.submit_result(assignment=given, by=handler, result="完成")
        with pytest.raises(TransitionNotAllowed):
            services.supervise(assignment=given, by=leader, content="再催")
        services.reply_to_supervision(assignment=given, by=handler, content="加派人手")
        assert fresh(given).supervise_state == "replied"
        assert fresh(given).state == "received"
        services.submit_result(assignment=given, by=handler, result="完成")
        services.accept(assignment=given, by=leader)
        assert fresh(given).supervise_state == "released"

    def test_urging_counts(self, given, leader, handler):
        services.urge(assignment=given, by=leader)
        services.urge(assignment=given, by=leader, content="请抓紧")
        assert fresh(given).urged_count == 2
        assert Told.objects.filter(recipient=handler, level="urgent").count() == 2

    def test_handlers_do_not_urge(self, given, handler):
        with pytest.raises(Forbidden):
            services.urge(assignment=given, by=handler)


class TestTime:
    def test_extension(self, given, handler, leader):
        before = given.deadline
        services.receive(assignment=given, by=handler)
        wanted = before + timedelta(days=5)
        with pytest.raises(DomainError):
            services.request_extension(
                assignment=given, by=handler, content="x", wanted_deadline=before
            )
        services.request_extension(
            assignment=given, by=handler, content="汛期", wanted_deadline=wanted
        )
        services.decide_extension(assignment=given, by=leader, granted=True)
        after = fresh(given)
        assert (after.deadline, after.original_deadline) == (wanted, before)
        assert after.extension_state == "granted"
        with pytest.raises(TransitionNotAllowed):
            services.decide_extension(assignment=given, by=leader, granted=True)

    def test_refusal_needs_a_reason(self, given, handler, leader):
        services.request_extension(
            assignment=given, by=handler, content="x", wanted_deadline=later(60)
        )
        with pytest.raises(DomainError):
            services.decide_extension(assignment=given, by=leader, granted=False)
        services.decide_extension(
            assignment=given, by=leader, granted=False, content="不同意"
        )
        assert fresh(given).deadline == given.deadline

    def test_time_stands_in_the_messages(self, given, handler):
        moment = clock.now() + timedelta(hours=3)
        with clock.at(moment):
            services.receive(assignment=given, by=handler)
        assert fresh(given).signed_at == moment
