"""Parts of a case: assisting units, second dispatch, teams; records on the way.

A part is an assignment row, not a case of its own: the city counts one problem
once, the clock of the process stays with the unit that leads, and each part has
its own signing, deadline and answer. A child case would be counted, closed and
evaluated twice.
"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import (
    OPEN_DISTRICT,
    OPEN_PARTS,
    DistrictState,
    PartKind,
    PartState,
)
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL


class PartQuerySet(models.QuerySet["Part"]):
    """Parts as somebody may see and look for them."""

    def visible_to(self, user: Any) -> Self:
        """Parts of the own unit and those below it, and of cases in sight."""
        own = Q(unit__path__startswith=user.unit_path)
        if user.has_perm("command.view_all_cases"):
            return self.filter(own | Q(case__in=Case.objects.visible_to(user)))
        if user.has_perm("command.view_case"):
            return self.filter(
                own | Q(case__handling_unit__path__startswith=user.unit_path)
            )
        return self.none()

    def open(self) -> Self:
        return self.filter(state__in=OPEN_PARTS)


class Part(TimeStamped):
    """What a unit or team has to do of a case that another one leads."""

    case = models.ForeignKey(
        "command.Case",
        models.PROTECT,
        related_name="work_parts",
        verbose_name=_("case"),
    )
    number = models.CharField(_("part number"), max_length=26, unique=True)
    kind = models.CharField(_("kind of part"), max_length=6, choices=PartKind.choices)
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    person = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    task = models.CharField(_("what to do"), max_length=500, blank=True)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=PartState.choices, default=PartState.SENT
    )
    sent_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a case")
        verbose_name_plural = _("parts of cases")
        ordering = ("deadline", "pk")
        indexes = [models.Index("unit", "state", "deadline", name="part_desk")]
        constraints = [
            models.CheckConstraint(
                name="part_ended_has_moment",
                condition=Q(state__in=OPEN_PARTS, ended_at=None)
                | (~Q(state__in=OPEN_PARTS) & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                "case",
                "kind",
                "unit",
                name="part_of_unit_open_once",
                condition=Q(state__in=OPEN_PARTS, person=None),
            ),
            models.UniqueConstraint(
                "case",
                "kind",
                "person",
                name="part_of_person_open_once",
                condition=Q(state__in=OPEN_PARTS, person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("collaboration:part-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_PARTS

    @property
    def is_late(self) -> bool:
        """Whether it is, or was, answered after its deadline."""
        until: datetime = self.ended_at or clock.now()
        return self.deadline is not None and until > self.deadline

    @property
    def light(self) -> str:
        if not self.is_open or self.deadline is None:
            return "none"
        half = self.created_at + (self.deadline - self.created_at) / 2
        if self.is_late:
            return "red"
        return "yellow" if clock.now() > half else "green"


class StageRecord(models.Model):
    """What was done on the way, with what it cost; never changed."""

    case = models.ForeignKey(
        "command.Case", models.PROTECT, related_name="stage_records"
    )
    part = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="records"
    )
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    text = models.TextField(_("what was done"), max_length=2000)
    cost = models.DecimalField(
        _("cost in yuan"), max_digits=12, decimal_places=2, default=0
    )
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stage record")
        verbose_name_plural = _("stage records")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                name="stage_cost_not_negative", condition=Q(cost__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"

    @classmethod
    def total(cls, case: Case) -> Any:
        """What a case cost so far, in yuan."""
        found = cls.objects.filter(case=case).aggregate(total=Sum("cost"))
        return found["total"] or 0


class DistrictPlatform(TimeStamped):
    """A district or street that dispatches again inside itself."""

    unit = models.OneToOneField(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    delegated_check = models.BooleanField(
        _("checks by delegation"),
        default=False,
        help_text=_("Its own inspector checks the result; else the city sends one."),
    )
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("second-level platform")
        verbose_name_plural = _("second-level platforms")
        ordering = ("unit__path",)
        permissions = [
            ("manage_platforms", "Can manage second-level platforms"),
            ("dispatch_inside", "Can dispatch inside a district"),
            ("view_desk", "Can use the desk of a department"),
            ("view_units", "Can compare the units"),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class DistrictCaseQuerySet(models.QuerySet["DistrictCase"]):
    """Cases of the second level as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Those of the own unit and below; all in the division with the right."""
        own = Q(platform__unit__path__startswith=user.unit_path)
        if user.has_perm("command.view_all_cases"):
            return self.filter(own | Q(case__in=Case.objects.visible_to(user)))
        return self.filter(own) if user.has_perm("command.view_case") else self.none()

    def open(self) -> Self:
        return self.filter(state__in=OPEN_DISTRICT)


class DistrictCase(TimeStamped):
    """A case on the second level, under the number it has there."""

    case = models.ForeignKey(
        "command.Case", models.PROTECT, related_name="district_cases"
    )
    platform = models.ForeignKey(
        DistrictPlatform,
        models.PROTECT,
        related_name="cases",
        verbose_name=_("second-level platform"),
    )
    number = models.CharField(_("number of the district"), max_length=30, unique=True)
    state = models.CharField(
        _("state"),
        max_length=11,
        choices=DistrictState.choices,
        default=DistrictState.TO_DISPATCH,
    )
    received_at = models.DateTimeField(_("received at"))
    dispatched_at = models.DateTimeField(_("dispatched inside at"), null=True)
    returned_at = models.DateTimeField(_("returned at"), null=True)
    on_time = models.BooleanField(_("in time"), null=True)

    objects = DistrictCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of the second level")
        verbose_name_plural = _("cases of the second level")
        ordering = ("received_at", "pk")
        indexes = [models.Index("platform", "state", F("received_at"), name="district")]
        constraints = [
            models.UniqueConstraint(
                "case",
                name="district_open_once",
                condition=Q(state__in=OPEN_DISTRICT),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()
