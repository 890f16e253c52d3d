"""Versions: draft, publish, retire, ship; replaying and moving."""

import pytest

from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict, DomainError
from platform_core.processes import selectors, services
from platform_core.processes.models import ProcessDefinition, ProcessInstance
from platform_core.workflow.definition import Definition

pytestmark = pytest.mark.django_db


def with_archive(body):
    """The same process with one more, optional step before the end."""
    body["states"].insert(2, {"code": "signed", "name": "已签字"})
    step = dict(body["transitions"][1], action="sign", target="signed")
    body["transitions"] += [step, dict(step, source="signed", action="grant")]
    body["transitions"][-1]["target"] = "granted"
    return body


def without_back(body):
    """The same process without the way back."""
    body["transitions"].pop(2)
    return body


def status(code="permit"):
    return dict(
        ProcessDefinition.objects.filter(code=code).values_list("version", "status")
    )


def test_a_new_version_leaves_running_instances_alone(instance, body, acceptor):
    services.publish_definition(code="permit", body=with_archive(body), title="许可")
    assert status() == {1: "retired", 2: "published"}
    services.fire(instance, "check", by=acceptor)
    assert [o.code for o in services.options(instance, roles=[])] == ["grant", "back"]
    fresh = services.start("permit")
    services.fire(fresh, "check", by=acceptor)
    codes = [option.code for option in services.options(fresh, roles=[])]
    assert codes == ["grant", "back", "sign"]


def test_a_broken_definition_is_not_published(permit, body):
    body["transitions"].pop(1)
    with pytest.raises(DomainError) as caught:
        services.publish_definition(code="permit", body=body, title="许可")
    assert caught.value.code == "definition_invalid"
    assert "state granted cannot be reached" in caught.value.fields["body"]
    assert status() == {1: "published"}


def test_a_malformed_document_is_told(body):
    body["states"][0]["colour"] = "red"
    assert any("colour" in text for text in services.problems_of(body))


def test_shipping_twice_publishes_once(db, body):
    definition = Definition.from_dict(body)
    first = services.ship("shipped", "许可", definition)
    assert services.ship("shipped", "许可", definition).pk == first.pk
    assert status("shipped") == {1: "published"}
    services.ship("shipped", "许可", Definition.from_dict(with_archive(body)))
    assert status("shipped") == {1: "retired", 2: "published"}


def test_shipping_keeps_what_an_administrator_published(db, body, leader):
    shipped = services.ship("shipped", "许可", Definition.from_dict(body))
    draft = services.create_draft(code="shipped", by=leader)
    services.save_draft(draft=draft, body=with_archive(body), title="改", by=leader)
    services.publish_draft(draft=draft, by=leader)
    again = services.ship("shipped", "许可", Definition.from_dict(shipped.body))
    assert again.pk == shipped.pk
    assert status("shipped") == {1: "retired", 2: "published"}


def test_the_life_of_a_draft(permit, body, leader):
    draft = services.create_draft(code="permit", by=leader)
    assert (draft.version, draft.is_draft, draft.body) == (2, True, permit.body)
    with pytest.raises(Conflict):
        services.create_draft(code="permit", by=leader)
    unfinished = {**body, "initial": "gone"}
    problems = services.save_draft(draft=draft, body=unfinished, title="新", by=leader)
    assert "initial state gone is not defined" in problems
    with pytest.raises(DomainError):
        services.publish_draft(draft=draft, by=leader)
    assert services.save_draft(draft=draft, body=body, title="新", by=leader) == []
    published = services.publish_draft(draft=draft, by=leader)
    assert published.published_by == "李班长"
    assert status() == {1: "retired", 2: "published"}
    assert set(
        AuditEntry.objects.filter(actor_id=leader.pk).values_list("type", flat=True)
    ) == {"definition.drafted", "definition.edited", "definition.published"}


def test_a_published_version_is_no_draft_any_more(permit, body, leader):
    draft = services.create_draft(code="permit", by=leader)
    services.publish_draft(draft=draft, by=leader)
    with pytest.raises(Conflict):
        services.publish_draft(draft=draft, by=leader)
    with pytest.raises(Conflict):
        services.save_draft(draft=draft, body=body, title="新", by=leader)
    with pytest.raises(Conflict):
        services.discard_draft(draft=draft, by=leader)


def test_the_second_editor_of_a_draft_is_told(permit, body, leader):
    services.create_draft(code="permit", by=leader)
    mine, theirs = (ProcessDefinition.objects.get(status="draft") for _ in range(2))
    services.save_draft(draft=theirs, body=body, title="他的", by=leader)
    with pytest.raises(Conflict):
        services.save_draft(draft=mine, body=body, title="我的", by=leader)
    assert ProcessDefinition.objects.get(status="draft").title == "他的"


def test_a_draft_can_be_thrown_away(permit, leader):
    draft = services.create_draft(code="permit", by=leader)
    services.discard_draft(draft=draft, by=leader)
    assert status() == {1: "published"}


def test_a_draft_overtaken_by_a_new_version(permit, body, leader):
    draft = services.create_draft(code="permit", by=leader)
    services.publish_definition(code="permit", body=with_archive(body), title="许可")
    assert services.publish_draft(draft=draft, by=leader).version == 4
    assert selectors.published("permit").version == 4


def test_a_cached_definition_is_renewed(permit, body, django_assert_num_queries):
    selectors.definition("permit")
    with django_assert_num_queries(0):
        assert len(selectors.definition("permit").states) == 3
    services.publish_definition(code="permit", body=with_archive(body), title="许可")
    assert len(selectors.definition("permit").states) == 4


@pytest.fixture
def histories(instance, acceptor, leader):
    """One new, one checked, one that went back, one ended."""
    new, checked, back, ended = (instance, *(services.start("permit") for _ in "abc"))
    for item in (checked, back, ended):
        services.fire(item, "check", by=acceptor)
    services.fire(back, "back", by=leader, note="缺章")
    services.fire(ended, "grant", by=leader)
    return new, checked, back, ended


def test_replaying_tells_what_a_draft_would_break(
    histories, body, leader, django_assert_max_num_queries
):
    draft = services.create_draft(code="permit", by=leader)
    services.save_draft(draft=draft, body=without_back(body), title="新", by=leader)
    with django_assert_max_num_queries(3):
        report = services.replay_history(draft)
    assert (report.total, report.fitting) == (4, 3)
    [obstacle] = report.obstacles
    assert obstacle == services.Obstacle(
        histories[2].pk, 2, "back", "checked", "not_here"
    )


def test_replaying_tells_of_another_target(histories, body, leader):
    draft = services.create_draft(code="permit", by=leader)
    body = with_archive(body)
    body["transitions"][1]["target"] = "signed"
    services.save_draft(draft=draft, body=body, title="新", by=leader)
    [obstacle] = services.replay_history(draft).obstacles
    assert (obstacle.instance, obstacle.seq) == (histories[3].pk, 2)
    assert obstacle.why == "other_target"


def test_replaying_tells_of_another_beginning(histories, body, leader):
    draft = services.create_draft(code="permit", by=leader)
    services.save_draft(
        draft=draft, body={**body, "initial": "checked"}, title="新", by=leader
    )
    report = services.replay_history(draft)
    assert report.fitting == 0
    assert {item.why for item in report.obstacles} == {"other_state", "not_here"}


def test_moving_instances(histories, body, leader):
    new, checked, back, ended = histories
    services.publish_definition(code="permit", body=without_back(body), title="许可")
    plan = services.move_instances("permit", from_version=1, to_version=2)
    assert (plan.total, plan.fitting, plan.moved) == (3, 2, 0)
    assert versions() == {1}
    done = services.move_instances(
        "permit", from_version=1, to_version=2, dry_run=False, by=leader
    )
    assert (done.fitting, done.moved) == (2, 2)
    moved = ProcessInstance.objects.filter(definition__version=2)
    assert set(moved) == {new, checked}
    assert AuditEntry.objects.get(type="process.moved").data["count"] == 2
    # A page that was loaded before the move must not step by the old rules.
    with pytest.raises(Conflict):
        services.fire(checked, "back", by=leader, note="缺章")


def versions():
    return set(ProcessInstance.objects.values_list("definition__version", flat=True))
