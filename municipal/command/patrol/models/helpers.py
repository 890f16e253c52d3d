"""Roll calls and work logs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol.enums import AnswerState
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .scope import OpenQuerySet, PersonalQuerySet


class RollCall(models.Model):
    """A spot check: who is on duty says where they are, within some minutes."""

    uid = models.UUIDField(_("number"), default=uuid7, unique=True, editable=False)
    note = models.CharField(_("what is said with it"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started at"), default=now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    minutes = models.PositiveIntegerField(_("minutes to answer"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("patrol:roll-call", args=[self.pk])

    @property
    def until(self) -> datetime:
        """The moment by which an answer is in time."""
        return self.started_at + timedelta(minutes=self.minutes)


class RollAnswer(models.Model):
    """One inspector's answer, with the position."""

    call = models.ForeignKey(RollCall, models.CASCADE, related_name="answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("inspector"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=AnswerState, default=AnswerState.WAITING
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    metres = models.FloatField(_("metres outside"), null=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a roll call")
        verbose_name_plural = _("answers to roll calls")
        ordering = ("person",)
        constraints = [models.UniqueConstraint("call", "person", name="answer_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_state_display()}"


class WorkLog(models.Model):
    """What an inspector writes down about the day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="work_logs",
        verbose_name=_("inspector"),
    )
    day = models.DateField(_("day"))
    text = models.TextField(_("text"), max_length=2000)
    written_at = models.DateTimeField(_("written at"), default=now)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("work log")
        verbose_name_plural = _("work logs")
        ordering = ("-written_at", "-pk")

    def __str__(self) -> str:
        return f"{self.person} {self.day}"
