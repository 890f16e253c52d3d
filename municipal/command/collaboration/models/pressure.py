"""Pressure and co-ordination: notices, instructions, meetings; never changed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import (
    OPEN_NOTICES,
    MeetingKind,
    NoticeLevel,
    NoticeState,
)
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL


class OfCasesQuerySet(models.QuerySet[Any]):
    """Rows about cases: whoever sees the case sees them."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the cases the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Notice(TimeStamped):
    """A formal supervision notice to the unit of a case; a case may have several."""

    case = models.ForeignKey(
        "command.Case", models.PROTECT, related_name="notices", verbose_name=_("case")
    )
    number = models.CharField(_("notice number"), max_length=20, unique=True)
    level = models.CharField(
        _("level"), max_length=1, choices=NoticeLevel.choices, default="1"
    )
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    requirement = models.TextField(_("requirement"), max_length=2000)
    due = models.DateTimeField(_("answer until"))
    state = models.CharField(
        _("state"), max_length=8, choices=NoticeState.choices, default=NoticeState.OPEN
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    issued_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    objects = OfCasesQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision notice")
        verbose_name_plural = _("supervision notices")
        ordering = ("-pk",)
        permissions = [
            ("supervise_case", "Can issue supervision notices"),
            ("instruct_case", "Can write instructions on cases"),
            ("coordinate_case", "Can record consultations and meetings"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("collaboration:notice-detail", args=[self.pk])

    @property
    def light(self) -> str:
        if self.state not in OPEN_NOTICES:
            return "none"
        return "red" if clock.now() > self.due else "green"


class NoticeEntry(models.Model):
    """What was said about a notice: an answer, a judgement, or its end.

    Nobody stands behind the end that the platform brings about itself.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="entries")
    action = models.CharField(max_length=8)
    text = models.TextField(_("text"), max_length=2000, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry of a notice")
        verbose_name_plural = _("entries of notices")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.action}"


class Instruction(models.Model):
    """A leader's instruction on a case, with the answer."""

    case = models.ForeignKey(
        "command.Case",
        models.PROTECT,
        related_name="instructions",
        verbose_name=_("case"),
    )
    text = models.TextField(_("instruction"), max_length=2000)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("leader")
    )
    at = models.DateTimeField(_("at"))
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = OfCasesQuerySet.as_manager()

    class Meta:
        verbose_name = _("leader's instruction")
        verbose_name_plural = _("leader's instructions")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()


class Meeting(TimeStamped):
    """A joint consultation or co-ordination meeting about a difficult case."""

    case = models.ForeignKey(
        "command.Case", models.PROTECT, related_name="meetings", verbose_name=_("case")
    )
    kind = models.CharField(
        _("kind of meeting"), max_length=12, choices=MeetingKind.choices
    )
    title = models.CharField(_("title"), max_length=120)
    held_at = models.DateTimeField(_("held at"))
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    host = models.CharField(_("chair"), max_length=60, blank=True)
    units = models.ManyToManyField(
        "accounts.OrgUnit",
        blank=True,
        related_name="+",
        verbose_name=_("units taking part"),
    )
    people = models.CharField(_("people taking part"), max_length=500, blank=True)
    conclusions = models.TextField(_("conclusions"), max_length=4000)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    objects = OfCasesQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-held_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("collaboration:meeting-detail", args=[self.pk])


class FollowUp(models.Model):
    """What a unit has to do after a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="follow_ups")
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    task = models.CharField(_("what to do"), max_length=500)
    due = models.DateField(_("until"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=500, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.task
