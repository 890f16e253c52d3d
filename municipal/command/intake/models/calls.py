"""Seats, telephone lines and calls.  [CJJ/T 106, acceptance]"""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.intake.enums import CallState, Direction, Outcome, SeatState
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

PHONE = RegexValidator(r"^\+?[0-9*#-]{3,20}$", _("This is not a telephone number."))


class SettingQuerySet(models.QuerySet):
    """Rows that everybody at the reception may see."""

    def visible_to(self, user: User) -> Self:
        """All of them for those who work at the reception."""
        return self.all() if user.has_perm("intake.view_call") else self.none()


class Line(TimeStamped):
    """A number that people call, and the case source it stands for."""

    number = models.CharField(
        _("telephone number"), max_length=20, unique=True, validators=[PHONE]
    )
    name = models.CharField(_("name"), max_length=60)
    source = models.ForeignKey(
        "command.CaseSource", models.PROTECT, verbose_name=_("source")
    )

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("telephone line")
        verbose_name_plural = _("telephone lines")
        ordering = ("number",)
        permissions = [("manage_reception", "Can set up lines, seats and phrases")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("intake:lines")


class Seat(TimeStamped):
    """A place of the reception; who sits there changes with the shift."""

    code = models.CharField(
        _("seat number"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{3,4}$")],
    )
    extension = models.CharField(
        _("extension"), max_length=20, blank=True, validators=[PHONE]
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="seat",
        verbose_name=_("operator"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=SeatState.choices, default=SeatState.AWAY
    )
    since = models.DateTimeField(_("since"), default=clock.now)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                name="seat_away_without_operator",
                condition=Q(user__isnull=False) | Q(state=SeatState.AWAY),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("intake:seats")


class BlockedNumber(TimeStamped):
    """A caller who is turned away for a time."""

    number = models.CharField(
        _("telephone number"), max_length=20, unique=True, validators=[PHONE]
    )
    reason = models.CharField(_("reason"), max_length=200)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocked number")
        verbose_name_plural = _("blocked numbers")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("intake:blocked")


class CallQuerySet(models.QuerySet["Call"]):
    """Calls as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """One's own calls; all of them with the permission."""
        if user.has_perm("intake.view_all_calls"):
            return self.all()
        if not user.has_perm("intake.view_call"):
            return self.none()
        return self.filter(Q(by=user.pk) | Q(seat__user=user.pk))


class Call(models.Model):
    """A telephone call as the switchboard tells it and the operator notes it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    external_id = models.CharField(_("number of the call"), max_length=64, unique=True)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.IN
    )
    line = models.ForeignKey(
        Line, models.SET_NULL, null=True, blank=True, verbose_name=_("line")
    )
    caller = models.CharField(_("caller"), max_length=20, blank=True)
    seat = models.ForeignKey(
        Seat, models.SET_NULL, null=True, blank=True, verbose_name=_("seat")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operator"),
    )
    state = models.CharField(_("state"), max_length=7, choices=CallState.choices)
    rang_at = models.DateTimeField(_("rang at"), default=clock.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    recording = models.URLField(_("recording"), max_length=300, blank=True)
    transferred_to = models.CharField(_("put through to"), max_length=40, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=11, choices=Outcome.choices, blank=True
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    case = models.ForeignKey(
        "command.Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("case"),
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-rang_at", "-pk")
        permissions = [
            ("view_all_calls", "Can see the calls of all seats"),
            ("push_call", "Can report calls as the switchboard"),
        ]
        indexes = [
            models.Index(fields=["-rang_at"], name="call_newest"),
            models.Index(fields=["caller", "-rang_at"], name="call_caller"),
            models.Index("seat", "state", name="call_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.caller or '?'} {timezone.localtime(self.rang_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("intake:call", args=[self.uid])

    @property
    def waited(self) -> timedelta | None:
        """How long the caller waited."""
        until = self.answered_at or self.ended_at
        return until - self.rang_at if until else None

    @property
    def talked(self) -> timedelta | None:
        """How long both spoke."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.answered_at
