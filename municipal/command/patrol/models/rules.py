"""What a city decides about duty in the field: every change is a new version."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now

from .scope import OpenQuerySet


def number(
    label: Any, default: int, least: int, most: int
) -> "models.PositiveIntegerField[int, int]":
    """A whole number with its limits."""
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveIntegerField(label, default=default, validators=limits)


class PatrolRules(models.Model):
    """One version of the rules; the newest one is in force."""

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    interval = number(_("seconds between two positions"), 30, 5, 600)
    send_every = number(_("positions sent at once"), 4, 1, 60)
    idle_minutes = number(
        _("minutes in one place before it counts as idle"), 30, 5, 240
    )
    idle_radius = number(_("metres that count as one place"), 50, 10, 500)
    out_metres = number(_("metres tolerated outside the area"), 50, 0, 2000)
    out_minutes = number(_("minutes outside before it is marked"), 3, 0, 120)
    silent_minutes = number(
        _("minutes without a position before it is marked"), 10, 2, 120
    )
    worst_accuracy = number(
        _("metres of accuracy beyond which it is not judged"), 150, 10, 5000
    )
    late_minutes = number(_("minutes of tolerance for being late"), 5, 0, 120)
    early_minutes = number(_("minutes of tolerance for leaving early"), 5, 0, 120)
    open_minutes = number(
        _("minutes before a shift from which one may clock in"), 60, 0, 720
    )
    forget_minutes = number(
        _("minutes after a shift until a duty is closed"), 120, 10, 1440
    )
    answer_minutes = number(_("minutes to answer a roll call"), 10, 1, 240)
    keep_days = number(_("days for which tracks are kept"), 180, 7, 3650)
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    at = models.DateTimeField(_("valid from"), default=now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of duty in the field")
        verbose_name_plural = _("rules of duty in the field")
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"v{self.version}"
