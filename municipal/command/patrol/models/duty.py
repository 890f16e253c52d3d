"""Who works when, and who was there: shifts, the roster, attendance, leave."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol.enums import (
    AttendanceState,
    LeaveKind,
    LeaveState,
)
from platform_core.common.models import TimeStamped

from .scope import OpenQuerySet, PersonalQuerySet


class Shift(TimeStamped):
    """Hours of work; one that ends before it begins runs past midnight."""

    name = models.CharField(_("name of the shift"), max_length=40, unique=True)
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    workdays_only = models.BooleanField(_("only on working days"), default=False)
    color = models.CharField(_("colour"), max_length=7, default="blue")
    is_active = models.BooleanField(_("active"), default=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("begins", "name")

    def __str__(self) -> str:
        return f"{self.name} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("patrol:shift-edit", args=[self.pk])

    def span(self, day: date) -> tuple[datetime, datetime]:
        """When the shift of a day begins and ends."""
        begin = timezone.make_aware(datetime.combine(day, self.begins))
        past = timedelta(days=1 if self.ends <= self.begins else 0)
        return begin, timezone.make_aware(datetime.combine(day + past, self.ends))


class RosterEntry(TimeStamped):
    """Somebody is planned for a shift of a day, in a duty grid or the own ones."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="roster",
        verbose_name=_("inspector"),
    )
    day = models.DateField(_("day"))
    shift = models.ForeignKey(
        Shift, models.PROTECT, related_name="roster", verbose_name=_("shift")
    )
    duty_grid = models.ForeignKey(
        "command.DutyGrid",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("duty grid"),
    )
    begins_at = models.DateTimeField(_("begins at"), editable=False)
    ends_at = models.DateTimeField(_("ends at"), editable=False)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the roster")
        verbose_name_plural = _("roster")
        ordering = ("day", "begins_at", "person")
        constraints = [
            models.UniqueConstraint("person", "day", "shift", name="roster_once")
        ]
        indexes = [models.Index("day", "person", name="roster_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.day:%m-%d} {self.shift.name}"


class Attendance(TimeStamped):
    """One duty of one inspector: planned and real times, places, what the track says.

    `in_metres` and `out_metres` say how far outside the area somebody clocked in
    and out, 0 inside, nothing where the inspector has no area. The sums are those
    of the positions of the duty, which may still arrive.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="duties",
        verbose_name=_("inspector"),
    )
    roster = models.OneToOneField(
        RosterEntry,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendance",
        verbose_name=_("entry of the roster"),
    )
    rules = models.ForeignKey(
        "patrol.PatrolRules", models.PROTECT, null=True, related_name="+"
    )
    day = models.DateField(_("day"))
    shift_name = models.CharField(_("shift"), max_length=40, blank=True)
    duty_grid = models.ForeignKey(
        "command.DutyGrid",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("duty grid"),
    )
    begins_at = models.DateTimeField(_("begins at"), null=True)
    ends_at = models.DateTimeField(_("ends at"), null=True)
    state = models.CharField(
        _("state"), max_length=9, choices=AttendanceState, default=AttendanceState.ON
    )
    clock_in_at = models.DateTimeField(_("clocked in at"), null=True)
    in_lon = models.FloatField(_("longitude"), null=True)
    in_lat = models.FloatField(_("latitude"), null=True)
    in_metres = models.FloatField(_("metres outside at the beginning"), null=True)
    clock_out_at = models.DateTimeField(_("clocked out at"), null=True)
    out_lon = models.FloatField(_("longitude"), null=True)
    out_lat = models.FloatField(_("latitude"), null=True)
    out_metres = models.FloatField(_("metres outside at the end"), null=True)
    late_minutes = models.PositiveIntegerField(_("minutes late"), default=0)
    early_minutes = models.PositiveIntegerField(_("minutes early"), default=0)
    clock_wrong = models.BooleanField(_("clock of the phone wrong"), default=False)
    worked_minutes = models.PositiveIntegerField(_("minutes worked"), default=0)
    positions = models.PositiveIntegerField(_("positions"), default=0)
    metres = models.PositiveIntegerField(_("metres walked"), default=0)
    outside_seconds = models.PositiveIntegerField(_("seconds outside"), default=0)
    idle_seconds = models.PositiveIntegerField(_("seconds idle"), default=0)
    silent_seconds = models.PositiveIntegerField(_("seconds silent"), default=0)
    last_at = models.DateTimeField(_("last position at"), null=True)
    last_lon = models.FloatField(_("longitude"), null=True)
    last_lat = models.FloatField(_("latitude"), null=True)
    correction = models.CharField(
        _("reason of the correction"), max_length=300, blank=True
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ("-day", "-begins_at", "-pk")
        permissions = [
            ("clock", "Can clock in and leave a track"),
            ("view_team", "Can look after inspectors"),
            ("manage_team", "Can lead inspectors"),
        ]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(state="on"), name="one_open_duty"
            )
        ]
        indexes = [
            models.Index("person", "clock_in_at", name="duty_person"),
            models.Index("day", "person", name="duty_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day:%m-%d} {self.shift_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("patrol:attendance-detail", args=[self.pk])

    @property
    def until(self) -> datetime | None:
        """When the duty ended, as far as it is known."""
        if self.state == AttendanceState.FORGOTTEN:
            return self.clock_out_at or self.last_at or self.clock_in_at
        return self.clock_out_at


class Leave(TimeStamped):
    """A request to stay away from one day to another."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="leaves",
        verbose_name=_("inspector"),
    )
    kind = models.CharField(_("kind of leave"), max_length=8, choices=LeaveKind)
    from_day = models.DateField(_("first day"))
    to_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("state"), max_length=9, choices=LeaveState, default=LeaveState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for leave")
        verbose_name_plural = _("requests for leave")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="leave_in_order", condition=Q(to_day__gte=models.F("from_day"))
            )
        ]
        indexes = [models.Index("person", "from_day", name="leave_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()} {self.from_day:%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("patrol:leave-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == LeaveState.ASKED
