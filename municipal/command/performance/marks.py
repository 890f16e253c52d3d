"""What a step counts as, told by what is known of the case and its steps so far.

Pure rules, one function per action.  They serve the listener, which knows the steps
up to the one just made, and the rebuild, which knows all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

Person = tuple[int, int | None]  # who, and the organisation they belong to


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a case as far as counting goes by it.

    `unit` is the code of the unit that has the case, `to` the state that begins,
    `due` the unit's new deadline where the step sets one.
    """

    action: str
    at: datetime
    by: Person | None
    late: bool
    unit: str = ""
    to: str = ""
    due: str = ""
    pk: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What the case itself says; `undone` ended cancelled or not filed after all."""

    is_public: bool
    class_kind: str
    urgent: bool = False
    important: bool = False
    missed: bool = False
    undone: bool = False
    deadline: datetime | None = None
    missed_by: Person | None = None


@dataclass(slots=True)
class Marks:
    """The flags of a step and whom they count for, beside the area."""

    flags: set[str] = field(default_factory=set)
    with_unit: bool = False
    supervisor: Person | None = None
    acceptor: Person | None = None
    leader: Person | None = None
    dispatcher: Person | None = None


class Story:
    """A case up to one of its steps."""

    def __init__(self, about: About, steps: Sequence[Step]) -> None:
        self.about, self.past, self.step = about, steps[:-1], steps[-1]
        self.marks = Marks()

    def add(self, *flags: str) -> None:
        self.marks.flags.update(flags)

    def timed(self, flag: str, in_time: str, late: str = "") -> None:
        """A flag, and whether the step kept the deadline of its stage."""
        self.add(flag, late if self.step.late else in_time)
        self.marks.flags.discard("")

    def before(self, *actions: str) -> list[Step]:
        """The earlier steps of some actions."""
        return [step for step in self.past if step.action in actions]

    def last(self, *actions: str) -> Step | None:
        """The latest earlier step of some actions."""
        return next((s for s in reversed(self.past) if s.action in actions), None)

    def maker(self, *actions: str) -> Person | None:
        """Who made the latest earlier step of some actions."""
        found = self.last(*actions)
        return found.by if found else None


Rule = Callable[[Story], None]
REPORTS = ("submit", "register", "self_handle")
ON_PATROL = ("submit", "self_handle")
GIVEN = ("dispatch", "redispatch")
ENDS = ("close", "force_close", "close_merged")


def report(story: Story) -> None:
    """A report of an inspector, the public or somebody else."""
    story.add("reported_num")
    if story.about.is_public:
        story.add("public_report_num")
    if story.step.action in ON_PATROL:
        story.add("patrol_report_num")
        story.marks.supervisor = story.step.by
    if story.step.action == "self_handle":
        story.add("self_handled_num")


def approve_self(story: Story) -> None:
    story.add("self_handled_closed_num")
    story.marks.supervisor = story.maker("self_handle")


def reject_self(story: Story) -> None:
    story.add("self_handled_invalid_num")
    story.marks.supervisor = story.maker("self_handle")


def send_verify(story: Story) -> None:
    story.timed("send_verify_num", "intime_send_verify_num")
    story.marks.acceptor = story.step.by


def verify(story: Story) -> None:
    """The inspector's finding about a report."""
    story.timed("verify_num", "intime_verify_num", "overtime_verify_num")
    story.marks.supervisor = story.step.by
    true = story.step.action == "verify_true"
    if true and story.about.is_public and not story.before("verify_true"):
        story.add("verified_public_report_num")


def accept(story: Story) -> None:
    """Acceptance counts once; after a correction it is the same report."""
    if not story.before("accept"):
        story.timed("accepted_num", "intime_accepted_num", "overtime_accept_num")
        story.marks.acceptor = story.step.by


def refuse(story: Story) -> None:
    story.add("not_accepted_num")
    story.marks.acceptor = story.step.by


def wrong_accept(story: Story) -> None:
    """What was accepted proves to be no case; said once."""
    if story.before("accept") and not story.before("back_accept", "file"):
        story.add("wrong_accept_num")
        story.marks.acceptor = story.maker("accept")


def refuse_file(story: Story) -> None:
    wrong_accept(story)
    story.add("not_filed_num")
    story.marks.leader = story.step.by


def file(story: Story) -> None:
    """The first filing makes the case, proves acceptance and report right."""
    if story.before("file"):
        return
    story.timed("filed_num", "intime_filed_num")
    story.marks.leader = story.step.by
    about = story.about
    story.add("event_num" if about.class_kind == "matter" else "component_num")
    if not about.undone:
        story.add("accurate_filed_num")
    if story.before("accept") and not story.before("back_accept"):
        story.add("accurate_accepted_num")
        story.marks.acceptor = story.maker("accept")
    if story.before(*ON_PATROL):
        story.add("valid_patrol_report_num")
        story.marks.supervisor = story.maker(*ON_PATROL)
    if about.is_public:
        story.add("valid_public_report_num")


def give(story: Story) -> None:
    """A unit gets the case: for the first time, or another one than before."""
    earlier = story.before(*GIVEN)
    story.marks.with_unit = True
    story.marks.dispatcher = story.step.by
    if not earlier:
        story.timed("dispatched_num", "intime_dispatch_num")
    elif story.step.action == "redispatch" and earlier[-1].unit != story.step.unit:
        story.add("turned_num")
    if story.step.unit not in {step.unit for step in earlier}:
        story.add("given_num")


def feedback(story: Story) -> None:
    """The first result of each unit that had the case."""
    if any(step.unit == story.step.unit for step in story.before("feedback")):
        return
    story.timed("handled_num", "intime_handled_num", "overtime_handled_num")
    is_matter = story.about.class_kind == "matter"
    story.add("handled_event_num" if is_matter else "handled_component_num")
    story.marks.with_unit = True
    given = story.last(*GIVEN)
    if given and _day(given.at) == _day(story.step.at):
        story.add("direct_done_num")


def review(story: Story) -> None:
    story.timed("oversee_num", "intime_oversee_num")
    story.marks.dispatcher = story.step.by


def send_check(story: Story) -> None:
    story.timed("send_check_num", "intime_send_check_num")
    story.marks.acceptor = story.step.by


def check(story: Story) -> None:
    """The inspector's finding about a result, passed on by who sent the check."""
    story.timed("check_num", "intime_check_num")
    story.add("check_trans_num")
    story.marks.supervisor = story.step.by
    story.marks.acceptor = story.maker("send_check")


def rework(story: Story) -> None:
    """A check that found the result good was without value."""
    found = story.last("check_pass", "check_fail", "skip_check")
    if found and found.action == "check_pass":
        story.add("invalid_check_num")
        story.marks.supervisor = found.by


def of_unit(flag: str) -> Rule:
    """A step that counts for the unit that has the case."""

    def rule(story: Story) -> None:
        story.add(flag)
        story.marks.with_unit = True

    return rule


def cancel(story: Story) -> None:
    """Counted where the case was filed, for whoever filed it."""
    filed = story.before("file")
    if filed:
        story.add("voided_num")
        story.marks.with_unit = True
        story.marks.leader = filed[0].by


def close(story: Story) -> None:
    """The end: what can only be judged now is judged."""
    if not story.before("file"):
        return
    story.add("closed_num", _punctual(story))
    story.marks.with_unit = True
    if story.step.action == "close":
        story.marks.leader = story.step.by
        if not story.step.late:
            story.add("prompt_closed_num")
    if any(step.unit == story.step.unit for step in story.before("rework")):
        story.add("rework_num")
    _judge_dispatch(story)
    about = story.about
    named = {"urgent_num": about.urgent, "important_num": about.important}
    story.add(*(name for name, yes in named.items() if yes))
    if about.missed:
        story.add("missed_report_num")
        story.marks.supervisor = about.missed_by


def _punctual(story: Story) -> str:
    """By the unit's last result; without one, by the deadline it had."""
    result = story.last("feedback")
    if result is not None:
        late = result.late
    else:
        due = story.about.deadline
        late = due is not None and story.step.at > due
    return "overdue_closed_num" if late else "intime_closed_num"


def _judge_dispatch(story: Story) -> None:
    given = story.before(*GIVEN)
    if given:
        once = len({step.unit for step in given}) == 1
        story.add("accurate_dispatch_num" if once else "wrong_dispatch_num")
        story.marks.dispatcher = given[0].by


def _day(moment: datetime) -> object:
    return timezone.localtime(moment).date()


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(REPORTS, report),
    "approve_self": approve_self,
    "reject_self": reject_self,
    "send_verify": send_verify,
    "verify_true": verify,
    "verify_false": verify,
    "accept": accept,
    "refuse": refuse,
    "back_accept": wrong_accept,
    "refuse_file": refuse_file,
    "file": file,
    **dict.fromkeys(GIVEN, give),
    "return": of_unit("back_num"),
    "refuse_return": of_unit("shuffle_num"),
    "approve_extend": of_unit("extended_num"),
    "approve_suspend": of_unit("suspended_num"),
    "feedback": feedback,
    "pass_feedback": review,
    "reject_feedback": review,
    "send_check": send_check,
    "check_pass": check,
    "check_fail": check,
    "rework": rework,
    **dict.fromkeys(ENDS, close),
    "cancel": cancel,
}
# What these count as does not depend on the steps before.
ALONE = frozenset(
    {
        *REPORTS,
        "send_verify",
        "verify_false",
        "refuse",
        "return",
        "refuse_return",
        "approve_extend",
        "approve_suspend",
        "pass_feedback",
        "reject_feedback",
        "send_check",
    }
)


def of(about: About, steps: Sequence[Step]) -> Marks | None:
    """What the last of the steps counts as; None where it counts as nothing."""
    rule = RULES.get(steps[-1].action)
    if rule is None:
        return None
    story = Story(about, steps)
    rule(story)
    return story.marks if story.marks.flags else None
