"""Emergencies: their course, steps of the plan, who was called, what was written."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import (
    CallState,
    EmergencyKind,
    EmergencyLevel,
    EmergencyState,
)
from platform_core.accounts.scoping import division_q
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .plans import PlanVersion, Resource
from .sight import AdmittedQuerySet, AppendOnly

USER = settings.AUTH_USER_MODEL
VIEW = "centre.view_emergency"


class EmergencyQuerySet(models.QuerySet[Any]):
    """Emergencies as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Those inside the user's divisions."""
        if not user.has_perm(VIEW):
            return self.none()
        return self.filter(division_q(user, "division_code"))


class Emergency(TimeStamped):
    """Something grave that several units act on at once."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(
        _("kind of emergency"), max_length=8, choices=EmergencyKind.choices
    )
    level = models.CharField(
        _("level"), max_length=1, choices=EmergencyLevel.choices, default="4"
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    address = models.CharField(_("address"), max_length=256, blank=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    division_code = models.CharField(_("district"), max_length=6, editable=False)
    radius = models.PositiveIntegerField(_("metres around an emergency"), default=3000)
    plan = models.ForeignKey(
        PlanVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("emergency plan"),
    )
    meeting = models.CharField(_("address of the meeting"), max_length=320, blank=True)
    state = models.CharField(
        _("state"),
        max_length=6,
        choices=EmergencyState.choices,
        default=EmergencyState.OPEN,
    )
    raised_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised at"), default=now)
    closed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("over since"), null=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        ordering = ("-raised_at", "-pk")
        permissions = [
            ("command_emergency", "Can raise, lead and close emergencies"),
            ("manage_plans", "Can change plans and resources for emergencies"),
        ]
        indexes = [models.Index("state", "raised_at", name="emergency_state")]
        constraints = [
            models.CheckConstraint(
                name="emergency_closed_has_summary",
                condition=Q(state="open")
                | (Q(closed_at__isnull=False) & ~Q(summary="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("centre:emergency", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.state == EmergencyState.OPEN


class EmergencyCase(models.Model):
    """A case that belongs to an emergency."""

    emergency = models.ForeignKey(Emergency, models.CASCADE, related_name="links")
    case = models.ForeignKey("command.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("attached at"), default=now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("case of an emergency")
        verbose_name_plural = _("cases of emergencies")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint("emergency", "case", name="emergency_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.case_id}"


class EmergencyStep(models.Model):
    """A step of the plan, to be checked off."""

    emergency = models.ForeignKey(Emergency, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("step"), max_length=200)
    who = models.CharField(_("who does it"), max_length=60, blank=True)
    due = models.DateTimeField(_("due"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of an emergency")
        verbose_name_plural = _("steps of emergencies")
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint("emergency", "order", name="emergency_step_once")
        ]

    def __str__(self) -> str:
        return self.text


class CallOutQuerySet(models.QuerySet[Any]):
    """Calls for help as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """One's own; those of the emergencies in sight."""
        seen = Emergency.objects.visible_to(user)
        return self.filter(Q(person=user.pk) | Q(emergency__in=seen))


class CallOut(models.Model):
    """Somebody was called for help; what the answer was."""

    emergency = models.ForeignKey(Emergency, models.CASCADE, related_name="calls")
    resource = models.ForeignKey(
        Resource,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resource"),
    )
    person = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("who was called"), max_length=80)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    text = models.CharField(_("what was said"), max_length=300)
    at = models.DateTimeField(_("called at"), default=now)
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("called by")
    )
    state = models.CharField(
        _("answer"),
        max_length=7,
        choices=CallState.choices,
        default=CallState.WAITING,
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.CharField(_("words of the answer"), max_length=200, blank=True)

    objects = CallOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for help")
        verbose_name_plural = _("calls for help")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint("emergency", "resource", name="call_resource_once"),
            models.UniqueConstraint(
                "emergency",
                "person",
                name="call_person_once",
                condition=Q(resource=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("centre:call", args=[self.pk])


class EmergencyEntry(AppendOnly):
    """An entry of an emergency's log; it stays as it was written."""

    emergency = models.ForeignKey(Emergency, models.CASCADE, related_name="entries")
    at = models.DateTimeField(_("at"), default=now)
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    text = models.CharField(_("text"), max_length=1000)
    automatic = models.BooleanField(_("written by the platform"), default=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of an emergency's log")
        verbose_name_plural = _("log of an emergency")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.text[:40]
