"""One receiver's share of a task; travels as `supervision.task`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.scoping import division_q, unit_q
from platform_core.common.models import Record, own_node
from platform_core.systems.supervision.enums import (
    DONE,
    RUNNING,
    AssignmentState,
    ExtensionState,
    SuperviseState,
)

from .brief import Brief

if TYPE_CHECKING:
    from platform_core.accounts.models import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments made here and copies of those received."""

    def visible_to(self, user: User) -> AssignmentQuerySet:
        """The user's divisions for the task desk, the own units for others."""
        if not user.has_perm("supervision.view_task"):
            return self.none()
        if user.has_perm("supervision.view_all_tasks"):
            return self.filter(division_q(user, "division"))
        return self.filter(unit_q(user, "unit__path"), unit__isnull=False)

    def issued_here(self) -> AssignmentQuerySet:
        """Those this node is the issuer of."""
        return self.filter(origin=own_node())

    def received_here(self) -> AssignmentQuerySet:
        """Copies from above, and what was given to units of this node."""
        return self.filter(~Q(origin=own_node()) | Q(unit__isnull=False))

    def unfinished(self) -> AssignmentQuerySet:
        """Those that are neither accepted nor ended."""
        return self.exclude(state__in=DONE)

    def running(self) -> AssignmentQuerySet:
        """Those whose receiver still has to do something."""
        return self.filter(state__in=RUNNING)


class Assignment(Brief, Record):
    """A task as given to one node or to one unit of this node.

    At the receiving node it is a copy: its text is never edited there, and its
    state follows from the same messages as at the issuer.
    """

    task = models.ForeignKey(
        "supervision.Task",
        verbose_name=_("Task"),
        on_delete=models.PROTECT,
        null=True,
        related_name="assignments",
    )
    parent_origin = models.CharField(max_length=9, blank=True)
    parent_uid = models.UUIDField(null=True)
    receiver = models.CharField(_("Receiving platform"), max_length=9, blank=True)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        verbose_name=_("Receiving unit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    receiver_name = models.CharField(_("Receiver"), max_length=100)
    division = models.CharField(_("Division"), max_length=12)
    deadline = models.DateTimeField(_("Deadline"))
    original_deadline = models.DateTimeField(_("Original deadline"))
    deadline_set_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(_("Issued at"))
    issuer_unit = models.CharField(_("Issuing unit"), max_length=100)
    issuer_name = models.CharField(_("Issued by"), max_length=50, blank=True)
    issuer_phone = models.CharField(_("Phone"), max_length=30, blank=True)
    wire_files = models.JSONField(default=list)
    process = models.OneToOneField(
        "processes.ProcessInstance", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("State"),
        max_length=12,
        choices=AssignmentState,
        default=AssignmentState.ISSUED,
    )
    state_since = models.DateTimeField(_("In this state since"))
    percent = models.PositiveSmallIntegerField(_("Progress"), default=0)
    percent_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    last_feedback_at = models.DateTimeField(_("Last feedback"), null=True)
    signed_at = models.DateTimeField(_("Signed at"), null=True)
    signed_by = models.CharField(_("Signed by"), max_length=150, blank=True)
    submitted_at = models.DateTimeField(_("Submitted at"), null=True)
    accepted_at = models.DateTimeField(_("Accepted at"), null=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True)
    score = models.DecimalField(
        _("Score"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    overdue = models.BooleanField(_("Overdue"), default=False)
    urged_count = models.PositiveSmallIntegerField(_("Times urged"), default=0)
    returned_count = models.PositiveSmallIntegerField(_("Times returned"), default=0)
    supervise_state = models.CharField(
        _("Supervision"),
        max_length=8,
        choices=SuperviseState,
        default=SuperviseState.NONE,
    )
    supervise_round = models.PositiveSmallIntegerField(default=0)
    supervise_deadline = models.DateTimeField(_("Answer due"), null=True)
    extension_state = models.CharField(
        _("Extension"),
        max_length=9,
        choices=ExtensionState,
        default=ExtensionState.NONE,
    )
    wanted_deadline = models.DateTimeField(_("Wanted deadline"), null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Assignment")
        verbose_name_plural = _("Assignments")
        ordering = ("deadline", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("task", "receiver"),
                condition=~Q(receiver=""),
                name="assignment_once_per_node",
            ),
            models.UniqueConstraint(
                fields=("task", "unit"),
                condition=Q(unit__isnull=False),
                name="assignment_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(receiver="") ^ Q(unit__isnull=True),
                name="assignment_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100), name="assignment_percent"
            ),
        )
        indexes = (
            models.Index(fields=("state", "deadline"), name="assignment_work"),
            models.Index(fields=("origin", "deadline"), name="assignment_side"),
            models.Index(fields=("division", "state"), name="assignment_division"),
        )

    def get_absolute_url(self) -> str:
        return reverse("supervision:assignment-detail", args=[self.uid])

    def breakdown(self) -> AssignmentQuerySet:
        """What this was broken down into at this node."""
        return Assignment.objects.filter(task__parent_assignment=self)

    @property
    def is_local(self) -> bool:
        """Given to a unit of this node: both ends are here."""
        return self.unit_id is not None
