"""Where somebody was while on duty, and what that shows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol.enums import MarkKind
from platform_core.common.clock import now

from .duty import Attendance
from .scope import PersonalQuerySet


class TrackPoint(models.Model):
    """One position of a duty; a moment of a person is kept once."""

    duty = models.ForeignKey(Attendance, models.CASCADE, related_name="points")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    accuracy = models.PositiveIntegerField(_("accuracy in metres"), default=0)
    cell = models.BigIntegerField(_("cell"))

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("position of a track")
        verbose_name_plural = _("positions of tracks")
        ordering = ("person", "at")
        constraints = [models.UniqueConstraint("person", "at", name="track_once")]
        indexes = [models.Index("at", name="track_age")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%H:%M:%S}"


class Mark(models.Model):
    """A time in which a track shows something: open until it is over."""

    duty = models.ForeignKey(Attendance, models.CASCADE, related_name="marks")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("inspector"),
    )
    kind = models.CharField(_("kind of mark"), max_length=6, choices=MarkKind)
    begins_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"), null=True)
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    metres = models.PositiveIntegerField(_("metres outside at most"), default=0)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    told_at = models.DateTimeField(_("told at"), null=True)
    found_at = models.DateTimeField(_("found at"), default=now)
    excuse = models.CharField(_("excused because"), max_length=300, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("excused by"),
    )

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a track")
        verbose_name_plural = _("marks of tracks")
        ordering = ("-begins_at", "-pk")
        constraints = [
            models.UniqueConstraint("duty", "kind", "begins_at", name="mark_once"),
            models.CheckConstraint(
                name="mark_in_order",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
            ),
        ]
        indexes = [models.Index("begins_at", "person", name="mark_begin")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("patrol:track", args=[self.person_id, self.duty.day])
