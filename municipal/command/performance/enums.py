"""Choices of performance evaluation.  [GB/T 30428.4]"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ObjectKind(TextChoices):
    """What is evaluated: areas, departments, posts and collection companies."""

    UNIT_GRID = "unit_grid", _("Unit grid")
    DUTY_GRID = "duty_grid", _("Duty grid")
    COMMUNITY = "community", _("Community")
    STREET = "street", _("Street")
    DISTRICT = "district", _("District")
    UNIT = "unit", _("Department")
    SUPERVISOR = "supervisor", _("Field inspector")
    ACCEPTOR = "acceptor", _("Seat operator")
    LEADER = "leader", _("Shift leader")
    DISPATCHER = "dispatcher", _("Dispatcher")
    COMPANY = "company", _("Collection company")


AREAS = (
    ObjectKind.UNIT_GRID,
    ObjectKind.DUTY_GRID,
    ObjectKind.COMMUNITY,
    ObjectKind.STREET,
    ObjectKind.DISTRICT,
)
POSTS = (
    ObjectKind.SUPERVISOR,
    ObjectKind.ACCEPTOR,
    ObjectKind.LEADER,
    ObjectKind.DISPATCHER,
)


class PeriodKind(TextChoices):
    """Spans of days that figures are asked for."""

    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", pgettext_lazy("period", "Year")
    FREE = "free", _("Free dates")


class RowKind(TextChoices):
    """What a row of flags was written for."""

    STEP = "step", _("Step")
    WAITING = "waiting", _("Waiting at the end of the day")
    VISIT = "visit", _("Return visit")


class Verdict(TextChoices):
    """What a citizen says about the result, by the flag that it sets."""

    VERY_SATISFIED = "very_satisfied", _("Very satisfied")
    SATISFIED = "satisfied", _("Satisfied")
    UNSATISFIED = "unsatisfied", _("Not satisfied")


class VersionState(TextChoices):
    """A version of a scheme or of the timetable."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class RunState(TextChoices):
    """How far an evaluation has come."""

    DRAFT = "draft", _("Draft")
    PUBLICITY = "publicity", _("Open for appeals")
    APPROVED = "approved", pgettext_lazy("evaluation", "Approved")
    PUBLISHED = "published", _("Published")
    REPLACED = "replaced", pgettext_lazy("evaluation", "Corrected")


OPEN_RUNS = (RunState.DRAFT, RunState.PUBLICITY, RunState.APPROVED)


class Ground(TextChoices):
    """What an appeal is about."""

    OVERTIME = "overtime", _("Overtime")
    REWORK = "rework", _("Rework")
    MISJUDGED = "misjudged", _("Misjudgement")


class AppealState(TextChoices):
    """Who has to look at an appeal, or how it ended."""

    FIRST = "first", _("First review")
    SECOND = "second", _("Second review")
    ACCEPTED = "accepted", pgettext_lazy("appeal", "Accepted")
    REJECTED = "rejected", pgettext_lazy("appeal", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn")


OPEN_APPEALS = (AppealState.FIRST, AppealState.SECOND)
