"""Plans for emergencies with their versions, resources, and what the city sets."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import (
    EmergencyKind,
    ResourceKind,
    ResourceState,
)
from platform_core.common.clock import now
from platform_core.common.models import TimeStamped

from .sight import AdmittedQuerySet

USER = settings.AUTH_USER_MODEL


class EmergencyRules(models.Model):
    """What the city sets for emergencies; the newest version is in force."""

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    radius = models.PositiveIntegerField(
        _("metres around an emergency"),
        default=3000,
        validators=[MinValueValidator(100), MaxValueValidator(50_000)],
    )
    meeting = models.CharField(
        _("address of meetings"),
        max_length=300,
        blank=True,
        help_text=_("With {number} for the number of the emergency."),
    )
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    at = models.DateTimeField(_("valid from"), default=now, editable=False)
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings for emergencies")
        verbose_name_plural = _("settings for emergencies")
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"v{self.version}"


class EmergencyPlan(TimeStamped):
    """A plan for a kind of emergency; what it says stands in its versions."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind of emergency"), max_length=8, choices=EmergencyKind.choices
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency plan")
        verbose_name_plural = _("emergency plans")
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("centre:emergency-plan", args=[self.pk])


class PlanVersion(models.Model):
    """What a plan says from a moment on.

    `levels` holds for each level the steps {"text", "who", "minutes"}; `call` the
    kinds of resources that are to be called.
    """

    plan = models.ForeignKey(EmergencyPlan, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    levels = models.JSONField(_("steps by level"), default=dict)
    call = models.JSONField(_("resources to call"), default=list)
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    at = models.DateTimeField(_("valid from"), default=now)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint("plan", "number", name="plan_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"

    def steps_of(self, level: str) -> list[dict[str, Any]]:
        """The steps of a level."""
        found: list[dict[str, Any]] = self.levels.get(level, [])
        return found


class Resource(TimeStamped):
    """Something or somebody that can be called in an emergency."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind of resource"), max_length=9, choices=ResourceKind.choices
    )
    unit_name = models.CharField(_("unit"), max_length=100, blank=True)
    contact = models.CharField(_("contact person"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30)
    person = models.ForeignKey(
        USER,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account that is told"),
    )
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(editable=False)
    stock = models.CharField(
        _("people, machines, supplies"), max_length=300, blank=True
    )
    state = models.CharField(
        _("state"),
        max_length=4,
        choices=ResourceState.choices,
        default=ResourceState.FREE,
    )
    is_active = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency resource")
        verbose_name_plural = _("emergency resources")
        ordering = ("kind", "name", "pk")
        constraints = [
            models.UniqueConstraint("kind", "name", name="emergency_resource_once")
        ]
        indexes = [models.Index("cell", name="emergency_resource_cell")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("centre:resource-edit", args=[self.pk])
