"""The centre's own duty: shifts, roster, changes, handover, log, contacts."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import (
    OPEN_SWAPS,
    DayRule,
    ItemState,
    LogKind,
    Post,
    SwapState,
)
from platform_core.common.clock import now
from platform_core.common.models import TimeStamped

from .sight import AdmittedQuerySet, AppendOnly

USER = settings.AUTH_USER_MODEL


class DeskShift(TimeStamped):
    """Hours of duty; one that ends when or before it begins runs past midnight."""

    name = models.CharField(_("name of the shift"), max_length=40, unique=True)
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    days = models.CharField(
        _("days of the shift"),
        max_length=8,
        choices=DayRule.choices,
        default=DayRule.EVERY,
    )
    needed = models.PositiveSmallIntegerField(_("people needed"), default=1)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift of the centre")
        verbose_name_plural = _("shifts of the centre")
        ordering = ("begins", "name")

    def __str__(self) -> str:
        return f"{self.name} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("centre:shift-edit", args=[self.pk])

    def span(self, day: date) -> tuple[datetime, datetime]:
        """When the shift of a day begins and ends."""
        begin = timezone.make_aware(datetime.combine(day, self.begins))
        past = timedelta(days=1 if self.ends <= self.begins else 0)
        return begin, timezone.make_aware(datetime.combine(day + past, self.ends))


class DeskDuty(TimeStamped):
    """Somebody is on duty in a shift of a day."""

    person = models.ForeignKey(
        USER, models.CASCADE, related_name="desk_duties", verbose_name=_("person")
    )
    day = models.DateField(_("day"))
    shift = models.ForeignKey(
        DeskShift, models.PROTECT, related_name="duties", verbose_name=_("shift")
    )
    post = models.CharField(
        _("on duty as"), max_length=10, choices=Post.choices, default=Post.OFFICER
    )
    begins_at = models.DateTimeField(_("begins at"), editable=False)
    ends_at = models.DateTimeField(_("ends at"), editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty at the centre")
        verbose_name_plural = _("duties at the centre")
        ordering = ("day", "begins_at", "pk")
        permissions = [
            ("view_desk", "Can see the duty desk"),
            ("write_desk", "Can write the duty log and hand over"),
            ("manage_roster", "Can plan the duty of the centre"),
            ("manage_contacts", "Can change the contact book"),
        ]
        constraints = [
            models.UniqueConstraint("person", "day", "shift", name="desk_duty_once")
        ]
        indexes = [models.Index("begins_at", "ends_at", name="desk_duty_time")]

    def __str__(self) -> str:
        return f"{self.day:%m-%d} {self.shift.name} {self.person}"

    def get_absolute_url(self) -> str:
        return f"{reverse('centre:roster')}?month={self.day:%Y-%m}"


class Swap(TimeStamped):
    """Somebody asks another person to take a duty, or to change it for one."""

    duty = models.ForeignKey(
        DeskDuty, models.CASCADE, related_name="swaps", verbose_name=_("duty given")
    )
    other = models.ForeignKey(
        USER, models.CASCADE, related_name="+", verbose_name=_("who takes it")
    )
    other_duty = models.ForeignKey(
        DeskDuty,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("duty taken in return"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(
        _("state"), max_length=9, choices=SwapState.choices, default=SwapState.ASKED
    )
    asked_by = models.ForeignKey(
        USER, models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    decided_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of duty")
        verbose_name_plural = _("changes of duty")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                "duty", name="desk_swap_open_once", condition=Q(state__in=OPEN_SWAPS)
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} → {self.other}"

    def get_absolute_url(self) -> str:
        return reverse("centre:swap", args=[self.pk])


class Handover(TimeStamped):
    """What a shift passes on to the next one."""

    shift = models.ForeignKey(
        DeskShift, models.PROTECT, related_name="+", verbose_name=_("shift")
    )
    day = models.DateField(_("day"))
    summary = models.TextField(_("what happened"), max_length=2000)
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    at = models.DateTimeField(_("handed over at"), default=now)
    taken_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken over at"), null=True)
    remark = models.CharField(_("remark of who takes over"), max_length=300, blank=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint("day", "shift", name="desk_handover_once")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.shift.name}"

    def get_absolute_url(self) -> str:
        return reverse("centre:handover", args=[self.pk])


class HandoverItem(models.Model):
    """Something the next shift has to see to; handed on until it is done."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    text = models.CharField(_("to be seen to"), max_length=300)
    state = models.CharField(
        _("state"), max_length=7, choices=ItemState.choices, default=ItemState.OPEN
    )
    carried_from = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="carried_to"
    )
    since = models.DateTimeField(_("open since"), default=now)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True)
    result = models.CharField(_("result"), max_length=300, blank=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("item handed over")
        verbose_name_plural = _("items handed over")
        ordering = ("pk",)
        indexes = [models.Index("state", name="desk_item_state")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()


class DutyLog(AppendOnly):
    """An entry of the duty log."""

    kind = models.CharField(_("kind"), max_length=8, choices=LogKind.choices)
    text = models.TextField(_("what happened"), max_length=2000)
    at = models.DateTimeField(_("happened at"))
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), default=now)
    shift_name = models.CharField(_("shift"), max_length=40, blank=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the duty log")
        verbose_name_plural = _("duty log")
        ordering = ("-at", "-pk")
        indexes = [models.Index("at", name="desk_log_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text[:40]}"
