"""The issuer's side: drafting, approval, the sum of its assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.systems.supervision.enums import TaskState

from .assignment import Assignment
from .brief import Brief

if TYPE_CHECKING:
    from platform_core.accounts.models import User


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks of this node."""

    def visible_to(self, user: User) -> TaskQuerySet:
        """Those the user may see: all of the divisions, or the own units'."""
        if not user.has_perm("supervision.view_task"):
            return self.none()
        mine = Q(drafted_by=user)
        if user.has_perm("supervision.view_all_tasks"):
            mine |= Q(issued_at__isnull=True)
        given = Assignment.objects.visible_to(user).filter(task=OuterRef("pk"))
        return self.filter(mine | Q(Exists(given)))


class Task(Brief, TimeStamped):
    """A task drafted here, with one assignment per receiver once it is issued."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    targets = models.JSONField(_("Receivers"), default=list, blank=True)
    parent_assignment = models.ForeignKey(
        "supervision.Assignment",
        verbose_name=_("Broken down from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="breakdowns",
    )
    process = models.OneToOneField(
        "processes.ProcessInstance", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("State"), max_length=20, choices=TaskState, default=TaskState.DRAFT
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Drafted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Approved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    issued_at = models.DateTimeField(_("Issued at"), null=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True)
    wire_files = models.JSONField(default=list)
    review_note = models.TextField(_("Note of the approver"), blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Key task")
        verbose_name_plural = _("Key tasks")
        ordering = ("-created_at", "-pk")
        default_permissions = ()
        permissions = (
            ("view_task", _("See key tasks")),
            ("view_all_tasks", _("See the key tasks of the whole node")),
            ("draft_task", _("Draft key tasks")),
            ("approve_task", _("Approve and issue key tasks")),
            ("receive_task", _("Sign for and break down key tasks")),
            ("answer_task", _("Report progress and results of key tasks")),
            ("review_task", _("Review results of key tasks")),
            ("urge_task", _("Urge receivers of key tasks")),
            ("supervise_task", _("Issue supervision notices")),
            ("close_task", _("Close, withdraw and archive key tasks")),
            ("export_task", _("Export key tasks")),
        )
        constraints = (models.UniqueConstraint(fields=("number",), name="task_number"),)
        indexes = (
            models.Index(fields=("state", "deadline"), name="task_state_deadline"),
            models.Index(fields=("-created_at", "-id"), name="task_newest"),
        )

    def get_absolute_url(self) -> str:
        return reverse("supervision:task-detail", args=[self.uid])

    @property
    def is_editable(self) -> bool:
        return self.state == TaskState.DRAFT
