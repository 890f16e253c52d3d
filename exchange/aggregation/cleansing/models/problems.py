"""Problems as work: who sent the row, what is wrong, how far it is."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.cleansing.enums import (
    DAYS,
    DUE,
    OPEN,
    ProblemState,
    RuleKind,
    SeverityKind,
)
from exchange.interfaces.models import Table
from exchange.interfaces.sources import in_words
from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.models import Record, TimeStamped, own_node


class Sender(TimeStamped):
    """Who sent rows: a source of this platform, or another platform.

    `holder` answers for its data and is told of problems; for another platform
    the people there are told by that platform.
    """

    origin = models.CharField(_("Platform"), max_length=9, default=own_node)
    name = models.CharField(_("Source"), max_length=120)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Answers for its data"),
    )
    days = models.PositiveSmallIntegerField(
        _("Working days to correct"),
        default=DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    # The newest duty that its holder was told of.
    told_at = models.DateTimeField(null=True, editable=False)
    # When somebody was last reminded of what is overdue.
    urged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("sender of data")
        verbose_name_plural = _("senders of data")
        ordering = ("origin", "name")
        constraints = [
            models.UniqueConstraint(fields=["origin", "name"], name="one_sender")
        ]

    def __str__(self) -> str:
        elsewhere = not self.is_local and self.name != self.origin
        return f"{self.origin} {self.title}" if elsewhere else self.title

    def get_absolute_url(self) -> str:
        return reverse("cleansing:sender-edit", args=[self.pk])

    @property
    def title(self) -> str:
        """The source in the reader's words; one of another platform as named there."""
        return in_words(self.name) if self.is_local else self.name

    @property
    def is_local(self) -> bool:
        """Does it belong to this platform?"""
        return self.origin == own_node()


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Problems as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """A sender sees its own, a steward all of them."""
        if user.has_perm("cleansing.view_all_problems"):
            return self.all()
        return self.filter(sender__holder=user.pk)

    def due(self) -> Self:
        """What its sender has to do something about."""
        return self.filter(state__in=DUE)

    def open(self) -> Self:
        """What is not settled."""
        return self.filter(state__in=OPEN)


class Problem(Record):
    """A value of a landed row that breaks a rule, as a duty of its sender.

    `record` is the identifier of the row through its revisions, so a correction
    of the row is found again. Of another platform's problem list it is a copy:
    `origin` is the platform that received the rows and checked them.
    """

    table = models.ForeignKey(
        Table,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Table"),
    )
    table_code = models.CharField(_("Code of the table"), max_length=40)
    row = models.BigIntegerField(_("Row"), null=True)
    record = models.UUIDField(_("Record"))
    key = models.CharField(_("Business key"), max_length=200, blank=True)
    rule_code = models.CharField(_("Code of the rule"), max_length=80)
    rule_name = models.CharField(_("Rule"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=RuleKind)
    severity = models.CharField(
        _("Severity"), max_length=5, choices=SeverityKind, default=SeverityKind.ERROR
    )
    field = models.CharField(_("Field"), max_length=60)
    value = models.CharField(_("Value"), max_length=200, blank=True)
    sender = models.ForeignKey(
        Sender, models.PROTECT, related_name="problems", verbose_name=_("Sender")
    )
    state = models.CharField(
        _("State"),
        max_length=9,
        choices=ProblemState,
        default=ProblemState.FOUND,
    )
    # The last run that found it, and the newest revision of the row it looked at.
    run = models.ForeignKey(
        "cleansing.Run", models.SET_NULL, null=True, related_name="+"
    )
    found_at = models.DateTimeField(_("Found at"), default=now)
    assigned_at = models.DateTimeField(_("Assigned"), null=True, blank=True)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    feedback = models.CharField(_("Feedback"), max_length=500, blank=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("data problem")
        verbose_name_plural = _("data problems")
        ordering = ("due_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "record", "rule_code"], name="one_problem"
            )
        ]
        indexes = [
            models.Index(fields=["sender", "state", "due_at"], name="problem_duty"),
            models.Index(fields=["table", "state"], name="problem_table"),
            models.Index(fields=["run"], name="problem_run"),
        ]
        permissions = [
            ("view_all_problems", "Can view the data problems of all senders"),
            ("answer_problem", "Can answer data problems of own sources"),
            ("handle_problem", "Can assign, verify and return data problems"),
        ]

    def __str__(self) -> str:
        return f"{self.table_code} {self.key or self.record} {self.rule_name}"

    def get_absolute_url(self) -> str:
        return reverse("cleansing:problem", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def late(self, at: datetime) -> bool:
        """Has its sender let the time pass?"""
        return self.state in DUE and self.due_at is not None and self.due_at < at


class ProblemStep(models.Model):
    """What somebody did about a problem; rows are only added."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps")
    state = models.CharField(_("State"), max_length=9, choices=ProblemState)
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("By")
    )
    by_name = models.CharField(_("By"), max_length=120, blank=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    at = models.DateTimeField(_("Time"), default=now)

    class Meta:
        verbose_name = _("step of a data problem")
        verbose_name_plural = _("steps of data problems")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def title(self) -> str:
        """What the timeline says."""
        return str(self.get_state_display())


class ProblemFeedback(Record):
    """An answer of this platform to a problem that another one found."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="answers")
    state = models.CharField(_("State"), max_length=9, choices=ProblemState)
    note = models.CharField(_("Feedback"), max_length=500, blank=True)
    by_name = models.CharField(_("By"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("answer to a data problem")
        verbose_name_plural = _("answers to data problems")

    def __str__(self) -> str:
        return f"{self.problem_id} {self.state}"


class Correction(models.Model):
    """New values that fixes put into a row; the row itself stays as it came."""

    row = models.BigIntegerField(primary_key=True)
    table = models.ForeignKey(Table, models.CASCADE, related_name="+")
    values = models.JSONField(_("Values"), default=dict)
    run = models.ForeignKey("cleansing.Run", models.CASCADE, related_name="corrections")

    class Meta:
        verbose_name = _("repair of a row")
        verbose_name_plural = _("repairs of rows")
        indexes = [models.Index(fields=["table", "row"], name="correction_table")]

    def __str__(self) -> str:
        return str(self.row)
