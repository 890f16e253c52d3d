"""A key task travels down three nodes and its answers travel back."""

from decimal import Decimal

from platform_core.systems.supervision import services
from platform_core.systems.supervision.models import Assignment, Feedback, Task
from tests.factories.supervision import CONTENT, later

from .federation import JINING, NATION, PROVINCE, QINGDAO


def issue(federation) -> None:
    with federation.at(NATION) as people:
        task = services.draft_task(
            by=people.clerk,
            title="城市窨井盖安全隐患排查整治专项行动",
            content=CONTENT,
            deadline=later(30),
            targets=[services.Target(node=PROVINCE)],
        )
        services.submit_for_approval(task=task, by=people.clerk)
        services.approve_and_issue(task=task, by=people.leader)
    federation.carry()


def state(federation, node: str, **where) -> tuple[str, int]:
    with federation.at(node):
        found = Assignment.objects.get(**where)
        return found.state, found.percent


def both(federation, upper: str, lower: str) -> tuple[str, int]:
    """The state of an assignment, which must be the same at both ends."""
    above = state(federation, upper, receiver=lower, origin=upper)
    assert state(federation, lower, origin=upper) == above
    return above


def received(federation, node):
    with federation.at(node) as people:
        found = Assignment.objects.exclude(origin=node).get()
        services.receive(assignment=found, by=people.clerk)
    federation.carry()


def break_down(federation) -> None:
    received(federation, PROVINCE)
    with federation.at(PROVINCE) as people:
        top = Assignment.objects.get(origin=NATION)
        services.break_down(
            assignment=top,
            by=people.clerk,
            children=[
                services.Target(node=QINGDAO, deadline=later(20)),
                services.Target(node=JINING, deadline=later(25)),
            ],
        )
    federation.carry()


def assign_department(federation) -> None:
    received(federation, QINGDAO)
    with federation.at(QINGDAO) as people:
        services.break_down(
            assignment=Assignment.objects.get(origin=PROVINCE),
            by=people.clerk,
            children=[services.Target(unit="works", deadline=later(10))],
        )
    federation.carry()


def report(federation, node: str, percent: int, **where) -> None:
    with federation.at(node) as people:
        found = Assignment.objects.get(**where)
        by = people.handler if found.is_local else people.clerk
        services.report_progress(
            assignment=found, by=by, content=f"已完成{percent}%", percent=percent
        )
    federation.carry()


def submit(federation, node: str, **where) -> None:
    with federation.at(node) as people:
        found = Assignment.objects.get(**where)
        by = people.handler if found.is_local else people.clerk
        services.submit_result(assignment=found, by=by, result="整改完成，附验收单")
    federation.carry()


def review(federation, node: str, accepted: bool, **where) -> None:
    with federation.at(node) as people:
        found = Assignment.objects.get(origin=node, **where)
        if accepted:
            services.accept(assignment=found, by=people.clerk, score=Decimal(92))
        else:
            services.return_for_rework(
                assignment=found, by=people.clerk, reason="缺少复查照片"
            )
    federation.carry()


def test_three_tiers(federation):
    issue(federation)
    assert both(federation, NATION, PROVINCE) == ("issued", 0)
    break_down(federation)
    assert both(federation, NATION, PROVINCE) == ("in_progress", 0)
    assert both(federation, PROVINCE, JINING) == ("issued", 0)
    assign_department(federation)
    assert both(federation, PROVINCE, QINGDAO) == ("in_progress", 0)

    with federation.at(QINGDAO) as people:
        own = Assignment.objects.get(unit=people.works)
        services.receive(assignment=own, by=people.handler)
    report(federation, QINGDAO, 50, unit__code="works")
    report(federation, QINGDAO, 50, origin=PROVINCE)
    assert both(federation, PROVINCE, QINGDAO) == ("in_progress", 50)
    report(federation, PROVINCE, 50, origin=NATION)
    assert both(federation, NATION, PROVINCE) == ("in_progress", 50)

    submit(federation, QINGDAO, unit__code="works")
    review(federation, QINGDAO, True, unit__code="works")
    submit(federation, QINGDAO, origin=PROVINCE)
    assert both(federation, PROVINCE, QINGDAO) == ("submitted", 100)
    review(federation, PROVINCE, False, receiver=QINGDAO)
    assert both(federation, PROVINCE, QINGDAO) == ("returned", 100)
    submit(federation, QINGDAO, origin=PROVINCE)
    review(federation, PROVINCE, True, receiver=QINGDAO)
    assert both(federation, PROVINCE, QINGDAO) == ("accepted", 100)

    with federation.at(PROVINCE) as people:
        other = Assignment.objects.get(receiver=JINING)
        services.withdraw(assignment=other, by=people.clerk, reason="由省直接办理")
    federation.carry()
    assert both(federation, PROVINCE, JINING)[0] == "withdrawn"

    submit(federation, PROVINCE, origin=NATION)
    review(federation, NATION, False, receiver=PROVINCE)
    assert both(federation, NATION, PROVINCE) == ("returned", 100)
    submit(federation, PROVINCE, origin=NATION)
    review(federation, NATION, True, receiver=PROVINCE)
    assert both(federation, NATION, PROVINCE) == ("accepted", 100)
    with federation.at(NATION) as people:
        task = services.close_task(task=Task.objects.get(), by=people.clerk)
        services.archive_task(task=task, by=people.clerk)
        assert Task.objects.get().state == "archived"
        assert Assignment.objects.get().score == 92
    federation.carry()
    assert both(federation, NATION, PROVINCE) == ("closed", 100)
    with federation.at(PROVINCE):
        assert Assignment.objects.get(origin=NATION).score == 92
        assert not Feedback.objects.exclude(effect="applied").exists()


def test_withdrawing_reaches_the_lowest_node(federation):
    issue(federation)
    break_down(federation)
    assign_department(federation)
    with federation.at(NATION) as people:
        services.withdraw_task(
            task=Task.objects.get(), by=people.clerk, reason="任务合并"
        )
    federation.carry()
    assert both(federation, NATION, PROVINCE)[0] == "withdrawn"
    assert both(federation, PROVINCE, QINGDAO)[0] == "withdrawn"
    with federation.at(QINGDAO):
        states = set(Assignment.objects.values_list("state", flat=True))
        assert states == {"withdrawn"}
