"""Reads of key tasks: lists, timelines, lights, figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.accounts.models import OrgUnit, User
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.files import services as files
from platform_core.processes.selectors import HistoryStep
from platform_core.processes.selectors import history as history_of
from platform_core.regions.models import Division, Node

from . import people
from .enums import DONE, RUNNING, Effect, FeedbackKind, NoticeKind, SuperviseState
from .models import Assignment, Feedback, Notice, Task
from .models.assignment import AssignmentQuerySet

SOON = timedelta(days=3)


def tasks(user: User) -> QuerySet[Task]:
    """Tasks of this node that the user may see, with the state of receivers."""
    given = "assignments"
    return (
        Task.objects.visible_to(user)
        .select_related("drafted_by", "process")
        .annotate(
            receiver_count=Count(given),
            done_count=Count(given, filter=Q(assignments__state__in=DONE)),
            late_count=Count(given, filter=Q(assignments__overdue=True)),
            mean_percent=Avg("assignments__percent"),
        )
    )


def assignments(user: User) -> AssignmentQuerySet:
    """Assignments the user may see, ready to show."""
    return Assignment.objects.visible_to(user).select_related(
        "unit", "process", "task", "task__parent_assignment"
    )


def received(user: User) -> AssignmentQuerySet:
    """What was given to this node or its units."""
    return assignments(user).received_here()


def light(assignment: Assignment, at: datetime | None = None) -> str:
    """Red after the deadline, yellow from three days before; none when done."""
    if assignment.state not in RUNNING:
        return "red" if assignment.overdue else "green"
    left = assignment.deadline - (at or now())
    if left < timedelta(0):
        return "red"
    return "yellow" if left < SOON else "green"


@dataclass(frozen=True)
class Line:
    """One line of the merged history of both ends."""

    title: str
    at: datetime
    by_name: str
    unit_name: str
    note: str
    files: list[dict[str, Any]]
    waiting: bool = False


@dataclass(frozen=True)
class Paper:
    """A file of an assignment or of what was said about it."""

    name: str
    size: int
    url: str


def papers(assignment: Assignment, given: list[dict[str, Any]]) -> list[Paper]:
    """Files that travelled, with an address where their content is here."""
    here = files.held(one["sha256"] for one in given)
    return [
        Paper(
            name=one["name"],
            size=one["size"],
            url=_file_url(assignment, one) if one["sha256"] in here else "",
        )
        for one in given
    ]


def task_papers(task: Task) -> list[Paper]:
    """The files of the assignment that a task was broken down from."""
    above = task.parent_assignment
    return papers(above, above.wire_files) if above else []


def _file_url(assignment: Assignment, given: dict[str, Any]) -> str:
    arguments = [assignment.uid, given["sha256"]]
    return reverse("supervision:assignment-file", args=arguments)


def named_file(assignment: Assignment, sha256: str) -> dict[str, Any] | None:
    """The file with this content among all that belong to an assignment."""
    given = list(assignment.wire_files)
    for model in (Feedback, Notice):
        for found in model.objects.filter(assignment=assignment).values_list(
            "wire_files", flat=True
        ):
            given += found
    return next((one for one in given if one["sha256"] == sha256), None)


def message_papers(
    assignment: Assignment,
) -> list[tuple[Feedback | Notice, list[Paper]]]:
    """What was attached to what both ends said, oldest first."""
    said: list[Feedback | Notice] = [
        *Feedback.objects.filter(assignment=assignment),
        *Notice.objects.filter(assignment=assignment),
    ]
    with_files = [one for one in said if one.wire_files]
    with_files.sort(key=lambda one: one.made_at)
    return [(one, papers(assignment, one.wire_files)) for one in with_files]


def history(assignment: Assignment) -> list[Line]:
    """What both ends said, oldest first; two queries."""
    begun = Line(
        title=_("Issued"),
        at=assignment.issued_at,
        by_name=assignment.issuer_name,
        unit_name=assignment.issuer_unit,
        note="",
        files=[],
    )
    said: list[Feedback | Notice] = [
        *Feedback.objects.filter(assignment=assignment),
        *Notice.objects.filter(assignment=assignment),
    ]
    return [begun, *(_line(one) for one in sorted(said, key=lambda m: m.made_at))]


def _line(message: Feedback | Notice) -> Line:
    notes, title = [message.content], message.get_kind_display()
    if isinstance(message, Feedback):
        if message.is_reply:
            title = _("Answer to supervision")
        elif message.percent is not None:
            title = f"{title} {message.percent}%"
        notes += _feedback_notes(message)
    elif message.deadline:
        notes.append(_("Deadline: %s") % _stamp(message.deadline))
    if isinstance(message, Notice) and message.score is not None:
        notes.append(_("Score: %s") % f"{message.score:g}")
    return Line(
        title=title,
        at=message.made_at,
        by_name=message.by_name,
        unit_name=message.unit_name,
        note="\n".join(notes),
        files=message.wire_files,
        waiting=message.effect == Effect.WAITING,
    )


def _feedback_notes(message: Feedback) -> list[str]:
    notes = []
    if message.result and message.result != message.content:
        notes.append(_("Result: %s") % message.result)
    if message.problems:
        notes.append(_("Problems: %s") % message.problems)
    if message.wanted_deadline:
        notes.append(_("Wanted deadline: %s") % _stamp(message.wanted_deadline))
    return notes


def _stamp(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Digest:
    """What the parts below say, to pass it on upwards."""

    percent: int
    text: str
    problems: str


def digest(assignment: Assignment) -> Digest | None:
    """Mean progress and last words of the parts below; None without parts."""
    parts = list(
        assignment.breakdown().exclude(state="withdrawn").select_related("unit")
    )
    if not parts:
        return None
    said = Feedback.objects.filter(
        assignment__in=parts,
        kind__in=[FeedbackKind.PROGRESS, FeedbackKind.SUBMITTED],
    ).order_by("made_at")
    last = {message.assignment_id: message for message in said}
    texts = [
        f"{part.receiver_name}（{part.percent}%）：{last[part.pk].content}"
        if part.pk in last
        else f"{part.receiver_name}：{part.get_state_display()}"
        for part in parts
    ]
    problems = [
        f"{part.receiver_name}：{last[part.pk].problems}"
        for part in parts
        if part.pk in last and last[part.pk].problems
    ]
    mean = round(sum(part.percent for part in parts) / len(parts))
    return Digest(mean, "\n".join(texts), "\n".join(problems))


def target_choices() -> list[tuple[str, str]]:
    """Receivers to choose from: platforms below, own units whose people can answer."""
    nodes = Node.objects.filter(parent_code=own_node()).order_by("code")
    answering = people.handlers().values("unit")
    units = OrgUnit.objects.active().filter(pk__in=answering).order_by("path")
    return [
        *((f"node:{node.code}", node.name) for node in nodes),
        *((f"unit:{unit.code}", unit.name) for unit in units),
    ]


@dataclass(frozen=True)
class Figures:
    """How a set of assignments stands.  [SI-14]"""

    issued: int
    signed: int
    done: int
    on_time: int
    overdue: int
    supervised: int
    returned: int
    percent: float

    @property
    def sign_rate(self) -> float | None:
        return _rate(self.signed, self.issued)

    @property
    def done_rate(self) -> float | None:
        return _rate(self.done, self.issued)

    @property
    def on_time_rate(self) -> float | None:
        return _rate(self.on_time, self.done)

    @property
    def texts(self) -> dict[str, str]:
        """The rates as text."""
        return {
            "sign": share(self.sign_rate),
            "done": share(self.done_rate),
            "on_time": share(self.on_time_rate),
            "percent": share(self.percent),
        }


def share(rate: float | None) -> str:
    """A rate as text, a dash where there is nothing to divide by."""
    return "—" if rate is None else f"{rate:g}%"


def _rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


FINISHED_WELL = Q(state__in=("accepted", "closed"))
MEASURES = {
    "issued": Count("pk"),
    "signed": Count("pk", filter=Q(signed_at__isnull=False)),
    "done": Count("pk", filter=FINISHED_WELL),
    "on_time": Count(
        "pk", filter=FINISHED_WELL & Q(submitted_at__lte=F("original_deadline"))
    ),
    "overdue": Count("pk", filter=Q(overdue=True)),
    "supervised": Count("pk", filter=~Q(supervise_state=SuperviseState.NONE)),
    "returned": Count("pk", filter=Q(returned_count__gt=0)),
    "percent": Avg("percent"),
}


def figures(rows: QuerySet[Assignment]) -> Figures:
    """The figures of all rows that were not withdrawn; one query."""
    values = rows.order_by().exclude(state="withdrawn").aggregate(**MEASURES)
    return Figures(**{**values, "percent": round(values["percent"] or 0, 1)})


@dataclass(frozen=True)
class DivisionRow:
    """The figures of one division."""

    code: str
    name: str
    figures: Figures


def by_division(rows: QuerySet[Assignment]) -> list[DivisionRow]:
    """Figures per division, the best completion first; two queries."""
    grouped: list[Any] = list(
        rows.order_by()
        .exclude(state="withdrawn")
        .values("division")
        .annotate(**MEASURES)
        .order_by("division")
    )
    codes = [row["division"] for row in grouped]
    known = Division.objects.defer("boundary").in_bulk(codes)
    found = []
    for row in grouped:
        code = row.pop("division")
        values = {**row, "percent": round(row["percent"] or 0, 1)}
        name = known[code].label if code in known else code
        found.append(DivisionRow(code, name, Figures(**values)))
    return sorted(found, key=lambda r: (-(r.figures.done_rate or 0), r.code))


def divisions_of(rows: Iterable[str]) -> dict[str, str]:
    """Names of division codes; one query."""
    known = Division.objects.defer("boundary").in_bulk(set(rows))
    return {code: one.label for code, one in known.items()}


def last_notice(assignment: Assignment, kind: NoticeKind) -> Notice | None:
    """The newest notice of a kind."""
    found = Notice.objects.filter(assignment=assignment, kind=kind)
    return found.order_by("-made_at").first()


def task_history(task: Task) -> list[Line | HistoryStep]:
    """Drafting, approval and end of a task."""
    begun = Line(
        title=_("Drafted"),
        at=task.created_at,
        by_name=str(task.drafted_by or ""),
        unit_name="",
        note="",
        files=[],
    )
    return [begun, *history_of(task.process)]


def planned(task: Task) -> list[str]:
    """Names of the receivers a draft will go to; one query at most each."""
    known = dict(target_choices())
    codes = [
        f"node:{item['node']}" if item.get("node") else f"unit:{item['unit']}"
        for item in task.targets
    ]
    return [known.get(code, code) for code in codes]


def open_supervision(assignment: Assignment) -> Notice | None:
    """The supervision notice that waits for an answer."""
    if assignment.supervise_state != SuperviseState.OPEN:
        return None
    return last_notice(assignment, NoticeKind.SUPERVISE)


def chart(rows: list[DivisionRow]) -> dict[str, Any]:
    """Receivers done and not done by division, as bars."""
    done = [row.figures.done for row in rows]
    rest = [row.figures.issued - row.figures.done for row in rows]
    bar = {"type": "bar", "stack": "all", "barMaxWidth": 48}
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "grid": {"top": 36, "bottom": 28, "left": 40, "right": 16},
        "xAxis": {"type": "category", "data": [row.name for row in rows]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": _("Done"), "data": done, **bar},
            {"name": _("Not done yet"), "data": rest, **bar},
        ],
    }


def division_choices(user: User) -> list[tuple[str, str]]:
    """Divisions of the assignments in sight; two queries."""
    rows = Assignment.objects.visible_to(user).order_by()
    names = divisions_of(rows.values_list("division", flat=True).distinct())
    return sorted(names.items())
