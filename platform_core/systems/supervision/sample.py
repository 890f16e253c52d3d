"""Sample key tasks in flight; invented, told apart by their titles.

`issue_sample` makes what this node gives to platforms below and to its own units;
`answer_sample` answers what has arrived from above. Both may run again.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet

from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.models import own_node
from platform_core.datasets import federation

from . import people, services
from .enums import Category, FeedbackCycle, Priority
from .models import Assignment, Task


@dataclass(frozen=True)
class Story:
    """A task, how long ago it was issued, and how far its receivers are."""

    title: str
    category: str
    content: str
    requirement: str
    age: int
    days: int
    priority: str = Priority.NORMAL
    cycle: str = FeedbackCycle.WEEKLY
    basis: str = ""
    until: str = "issue"


STORIES = (
    Story(
        "城市窨井盖安全隐患排查整治专项行动",
        Category.SPECIAL_ACTION,
        "对城市道路、公园广场、住宅小区的窨井盖开展全面排查，逐井建立台账，"
        "对缺失、破损、沉降、权属不清的井盖限期整改。",
        "一是落实权属单位主体责任；二是缺失、破损井盖发现后立即设置围挡；"
        "三是每周报送排查数、隐患数、整改数。",
        age=12,
        days=45,
        priority=Priority.URGENT,
        basis="《关于加强窨井盖安全管理的指导意见》",
    ),
    Story(
        "城镇燃气安全隐患“回头看”督导检查",
        Category.SUPERVISED,
        "对已完成整改的燃气安全隐患开展“回头看”，重点核查餐饮场所、老旧小区立管、"
        "占压管线等问题的整改质量。",
        "核查比例不低于整改总数的三成，发现虚报、漏报的从严处理。",
        age=6,
        days=25,
        priority=Priority.VERY_URGENT,
    ),
    Story(
        "今冬明春城市道路除雪防滑工作部署",
        Category.ROUTINE,
        "完善除雪防滑应急预案，落实人员、机械和融雪物资储备，明确主次干道、桥梁、"
        "坡道的作业顺序和责任单位。",
        "首场降雪前完成一次实战演练，并报送演练总结。",
        age=3,
        days=30,
    ),
    Story(
        "城市公共厕所服务质量提升行动",
        Category.RECTIFICATION,
        "针对城市体检和评价发现的公厕保洁不到位、设施损坏、指引缺失等问题，逐座整改提升。",
        "整改前后照片随进展一并报送。",
        age=1,
        days=40,
    ),
    Story(
        "生活垃圾转运站污水异味专项整治",
        Category.PATROL_FINDING,
        "对巡查发现的转运站污水外溢、异味扰民问题开展专项整治，完善密闭和除臭设施。",
        "整改期间保障垃圾日产日清。",
        age=0,
        days=30,
        until="pending",
    ),
    Story(
        "城市管理基础数据更新填报",
        Category.DATA_FILLING,
        "更新部件普查、单元网格划分和专业部门数据，核对后按期填报。",
        "",
        age=0,
        days=60,
        cycle=FeedbackCycle.ONCE,
        until="draft",
    ),
)


def issue_sample() -> str:
    """Tasks for platforms below and own units, each title once."""
    leaders = people.holders("approve_task")
    clerk, leader = _one("draft_task", leaders), _one("approve_task")
    targets = [services.Target(node=code) for code in federation.child_codes()]
    targets += [services.Target(unit=unit) for unit in _units()]
    if clerk is None or leader is None or not targets:
        return "no receivers, no sample tasks"
    made = 0
    for story in STORIES:
        known = Task.objects.filter(title=story.title, parent_assignment=None)
        if not known.exists():
            _tell(story, clerk, leader, targets)
            made += 1
    return f"{made} sample tasks"


def _one(permission: str, others: QuerySet[User] | None = None) -> User | None:
    """Somebody with a right who is, if possible, not one of the others."""
    found = people.holders(permission).order_by("username")
    if others is not None:
        apart = found.exclude(pk__in=others.values("pk")).first()
        if apart is not None:
            return apart
    return found.first()


def _units() -> list[str]:
    """Units whose people answer for their unit only."""
    handlers = people.handlers().order_by("username")
    codes = handlers.values_list("unit__code", flat=True)
    return list(dict.fromkeys(codes))[:3]


def _tell(
    story: Story, clerk: User, leader: User, targets: list[services.Target]
) -> None:
    begun = clock.now() - timedelta(days=story.age, hours=2)
    with clock.at(begun):
        task = services.draft_task(
            by=clerk,
            title=story.title,
            category=story.category,
            content=story.content,
            requirement=story.requirement,
            priority=story.priority,
            feedback_cycle=story.cycle,
            basis=story.basis,
            deadline=begun + timedelta(days=story.days),
            targets=targets,
        )
    if story.until == "draft":
        return
    with clock.at(begun + timedelta(minutes=20)):
        services.submit_for_approval(task=task, by=clerk)
    if story.until == "pending":
        return
    with clock.at(begun + timedelta(hours=1)):
        services.approve_and_issue(task=task, by=leader)
    for rank, assignment in enumerate(task.assignments.filter(unit__isnull=False)):
        _work(assignment, rank, story, clerk)


def _work(assignment: Assignment, rank: int, story: Story, clerk: User) -> None:
    """A unit's share of the work, further on the longer ago it was issued."""
    handler = people.receiving(assignment).order_by("username").first()
    if handler is None or story.age < 1 + rank:
        return
    start = assignment.issued_at
    with clock.at(start + timedelta(hours=3)):
        services.receive(assignment=assignment, by=handler)
    if story.age < 3:
        return
    percent = min(90, 20 + 6 * story.age - 10 * rank)
    with clock.at(start + timedelta(days=2)):
        services.report_progress(
            assignment=assignment,
            by=handler,
            content=f"已完成排查 {40 + 7 * percent} 处，建立台账，整改工作按计划推进。",
            percent=percent,
            problems="部分点位权属不清，正在协调认领。" if rank else "",
        )
    if story.age > 10 and rank == 0:
        _finish(assignment, handler, clerk)
    elif story.age > 5 and rank == 1:
        with clock.at(start + timedelta(days=4)):
            services.supervise(
                assignment=assignment,
                by=clerk,
                content="整改进度滞后，请说明原因并于三日内报送整改计划。",
                deadline=start + timedelta(days=7),
            )


def _finish(assignment: Assignment, handler: User, clerk: User) -> None:
    start = assignment.issued_at
    with clock.at(start + timedelta(days=7)):
        services.submit_result(
            assignment=assignment,
            by=handler,
            result="排查整改全部完成，台账、整改前后照片已归档备查。",
        )
    with clock.at(start + timedelta(days=8)):
        services.accept(
            assignment=assignment,
            by=clerk,
            content="资料齐全，同意。",
            score=Decimal(92),
        )


def answer_sample() -> str:
    """Sign for and report on sample tasks that have arrived; one stays unsigned."""
    answering = people.holders("answer_task").values("pk")
    desk = people.holders("receive_task").filter(pk__in=answering)
    clerk = desk.order_by("username").first()
    if clerk is None:
        return "nobody to answer"
    answered = 0
    waiting = Assignment.objects.exclude(origin=own_node()).filter(
        state="issued", title__in=[story.title for story in STORIES[:3]]
    )
    for assignment in waiting.order_by("issued_at", "pk"):
        services.receive(assignment=assignment, by=clerk)
        if assignment.title != STORIES[2].title:
            services.report_progress(
                assignment=assignment,
                by=clerk,
                content="已成立工作专班，印发实施方案，排查工作全面展开。",
                percent=30 if assignment.title == STORIES[0].title else 15,
            )
        answered += 1
    return f"{answered} sample tasks answered"
