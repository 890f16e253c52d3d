"""Start, options, steps, refusals, races."""

from datetime import timedelta

import pytest
from django.utils import translation

from platform_core.accounts import roles
from platform_core.common import clock
from platform_core.common.errors import Conflict, TransitionNotAllowed
from platform_core.processes import labels, selectors, services
from platform_core.processes.models import AppendOnly, ProcessInstance, ProcessStep

pytestmark = pytest.mark.django_db


def reload(instance):
    return ProcessInstance.objects.get(pk=instance.pk)


def refusal(instance, action, **kwargs):
    with pytest.raises(TransitionNotAllowed) as caught:
        services.fire(instance, action, **kwargs)
    return caught.value


def test_a_process_runs_to_its_end(instance, acceptor, leader):
    begun = instance.started_at
    with clock.at(begun + timedelta(minutes=10)):
        services.fire(instance, "check", by=acceptor, note="齐全", data={"papers": 3})
    with clock.at(begun + timedelta(minutes=25)):
        services.fire(instance, "grant", by=leader, overdue=True)
    stored = reload(instance)
    assert (stored.state, stored.step_count) == ("granted", 2)
    assert stored.ended_at == begun + timedelta(minutes=25)
    assert (instance.state, instance.ended_at) == (stored.state, stored.ended_at)
    first, second = selectors.history(instance)
    assert (first.action_name, first.from_name, first.to_name) == (
        "审查",
        "已申请",
        "已审查",
    )
    assert (first.by_name, first.role_name) == ("王受理", "受理员")
    assert first.unit_name == str(acceptor.unit)
    assert (first.elapsed_seconds, second.elapsed_seconds) == (600, 900)
    assert (first.overdue, second.overdue) == (False, True)
    assert (first.note, first.data) == ("齐全", {"papers": 3})


def test_two_queries_make_a_step(instance, acceptor, django_assert_num_queries):
    assert acceptor.role_codes
    with django_assert_num_queries(2):
        services.fire(instance, "check", by=acceptor)
    with django_assert_num_queries(0):
        services.options(instance, by=acceptor)
    with django_assert_num_queries(1):
        selectors.history(instance)
    with django_assert_num_queries(1):
        services.start("permit")


def test_the_wrong_role_learns_who_may(instance, leader):
    refused = refusal(instance, "check", by=leader)
    assert "受理员" in str(refused.message)
    assert "审查" in str(refused.message)
    assert refused.as_dict()["fields"] == {
        "reason": "role",
        "state": "applied",
        "action": "check",
    }
    assert refused.status == 409


def test_a_missing_reason_is_named(instance, acceptor, leader):
    services.fire(instance, "check", by=acceptor)
    refused = refusal(instance, "back", by=leader, note="  ")
    assert refused.fields["reason"] == "reason_required"
    assert "须填写理由" in str(refused.message)
    assert services.fire(instance, "back", by=leader, note="缺章").note == "缺章"


def test_a_guard_speaks(instance, acceptor):
    refused = refusal(instance, "check", by=acceptor, facts={"papers": 0})
    assert "材料不全" in str(refused.message)
    assert reload(instance).step_count == 0


def test_nothing_after_the_end_and_who_ended_it(instance, acceptor, leader):
    services.fire(instance, "check", by=acceptor)
    services.fire(instance, "grant", by=leader)
    refused = refusal(instance, "grant", by=leader)
    assert refused.fields["reason"] == "ended"
    assert "已批准" in str(refused.message)
    assert "李班长" in str(refused.message)


def test_an_action_of_another_state(instance, leader):
    refused = refusal(instance, "grant", by=leader)
    assert refused.fields["reason"] == "not_here"
    assert "已申请" in str(refused.message)


def test_messages_follow_the_language(instance, leader):
    with translation.override("en"):
        refused = refusal(instance, "grant", by=leader)
        assert str(refused.message) == "This cannot be done in the state “Applied”."


def test_the_slower_of_two_learns_who_was_faster(instance, acceptor):
    late = reload(instance)
    with clock.at(instance.started_at + timedelta(minutes=1)):
        services.fire(instance, "check", by=acceptor)
    with pytest.raises(Conflict) as caught:
        services.fire(late, "check", by=acceptor)
    assert caught.value.code == "conflict"
    assert "王受理" in str(caught.value.message)
    moment = instance.entered_at.astimezone(clock.timezone.get_current_timezone())
    assert f"{moment:%H:%M:%S}" in str(caught.value.message)
    assert (late.state, late.step_count) == ("applied", 0)
    assert ProcessStep.objects.filter(instance=instance).count() == 1


def test_the_caller_may_go_on_after_a_conflict(instance, acceptor, leader):
    """No savepoint is used, and none is needed: the transaction stays usable."""
    late = reload(instance)
    services.fire(instance, "check", by=acceptor)
    with pytest.raises(Conflict):
        services.fire(late, "check", by=acceptor)
    services.fire(instance, "grant", by=leader)
    assert reload(instance).state == "granted"


def test_options_show_all_with_reasons(instance, acceptor, leader):
    [check] = services.options(instance, by=acceptor)
    assert (check.code, check.name, check.allowed, check.why) == (
        "check",
        "审查",
        True,
        "",
    )
    [check] = services.options(instance, by=leader)
    assert not check.allowed
    assert "受理员" in check.why
    [check] = services.options(instance, by=acceptor, facts={"papers": 0})
    assert check.why == "材料不全"
    services.fire(instance, "check", by=acceptor)
    grant, back = services.options(instance, by=leader)
    assert (grant.reason_required, back.reason_required) == (False, True)
    assert back.target == "applied"


def test_the_platform_takes_automatic_steps(instance, acceptor):
    services.fire(instance, "check", by=acceptor)
    assert refusal(instance, "grant").fields["reason"] == "role"
    step = services.fire(instance, "back", note="到期自动退回")
    assert (step.role, step.by, step.by_name) == ("system", None, "")
    last = selectors.history(instance)[-1]
    assert (last.by_name, last.role_name) == ("", roles.label("system"))


def test_somebody_of_another_platform(instance):
    step = services.fire(
        instance, "check", roles={"acceptor"}, by_name="张三", unit_name="省厅"
    )
    assert (step.role, step.by_name, step.unit_name) == ("acceptor", "张三", "省厅")


def test_steps_stay(instance, acceptor):
    step = services.fire(instance, "check", by=acceptor)
    step.note = "改"
    with pytest.raises(AppendOnly):
        step.save()
    with pytest.raises(AppendOnly):
        step.delete()
    with pytest.raises(AppendOnly):
        instance.steps.update(note="改")
    with pytest.raises(AppendOnly):
        instance.steps.all().delete()
    assert ProcessStep.objects.get(pk=step.pk).note == ""


def test_present_state_in_words(instance):
    assert selectors.state(instance).code == "applied"
    assert selectors.state_name(instance) == "已申请"
    with translation.override("en"):
        assert selectors.state_name(instance) == "Applied"


def test_names_that_a_definition_lacks(instance):
    known = selectors.definition_of(instance)
    assert labels.state_label(known, "of_another_version") == "of_another_version"
    with translation.override("en"):
        assert labels.action_label(known, "applied", "check") == "Check"
        assert labels.action_label(known, "applied", "hand_over") == "Hand over"
        assert labels.state_label(known, "granted") == "Granted"


def test_rows_name_themselves(permit, instance, acceptor):
    step = services.fire(instance, "check", by=acceptor)
    assert (str(permit), str(step)) == ("许可 v1", "1: applied → checked")
    assert str(instance) == f"#{instance.pk} checked"
