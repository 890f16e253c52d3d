"""Indicator values, what is waiting to be added up, and digests of cases."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.scoping import division_q
from platform_core.common.clock import now
from platform_core.common.models import Record
from platform_core.regions.selectors import find_division

from .enums import TERMINAL_STATES, CaseSource, CaseState, Grain, IndicatorKind

UNITS = {
    "case": pgettext_lazy("unit", "cases"),
    "request": pgettext_lazy("unit", "requests"),
}


class Indicator(models.Model):
    """A figure that every platform of the federation counts in the same way."""

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    kind = models.CharField(
        _("kind"), max_length=10, choices=IndicatorKind, default=IndicatorKind.COUNT
    )
    grain = models.CharField(
        _("counted by"), max_length=10, choices=Grain, default=Grain.DAY
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    @property
    def unit_label(self) -> str:
        """The unit in the reader's language."""
        return str(UNITS.get(self.unit, self.unit))

    def adds_up(self, period_grain: str) -> bool:
        """May a value of this period length be summed over days and divisions?"""
        return self.kind == IndicatorKind.COUNT and self.grain == period_grain


class IndicatorDelta(models.Model):
    """A change that waits to be added up; appended, so that nobody waits for it.

    `is_own` changes also become this node's published values. `upto` names a
    division that reported the same figure as a whole: the change stays below it.
    """

    measure = models.CharField(max_length=40)
    key = models.CharField(max_length=24, default="", blank=True)
    division = models.CharField(max_length=12)
    period = models.CharField(max_length=13, default="", blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    upto = models.CharField(max_length=12, default="", blank=True)
    is_own = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("waiting change of a figure")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.measure} {self.division} {self.period} {self.amount:+}"


class RollUp(models.Model):
    """A sum kept up to date: measure, key, division at any level, period."""

    measure = models.CharField(max_length=40)
    key = models.CharField(max_length=24, default="", blank=True)
    division = models.CharField(max_length=12)
    period = models.CharField(max_length=13, default="", blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("sum of figures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "division", "period", "key"],
                name="monitoring_rollup_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.division} {self.period}={self.value}"


def place_name(code: str) -> str:
    """Name of a division, its code where it is unknown."""
    found = find_division(code)
    return found.label if found else code


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a division."""

    def visible_to(self, user: Any) -> "ScopedQuerySet":
        """Those within the user's divisions."""
        return self.filter(division_q(user, field="division"))


class IndicatorValue(Record):
    """One figure of one division and period, as its origin reported it."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, verbose_name=_("indicator")
    )
    division = models.CharField(_("division"), max_length=12)
    period = models.CharField(_("period"), max_length=13)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=20)
    measured_at = models.DateTimeField(_("measured at"))
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator value")
        verbose_name_plural = _("indicator values")
        permissions = [("view_centre", _("Can open the command centre"))]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "indicator", "division", "period"],
                name="monitoring_value_once",
            )
        ]
        indexes = [
            models.Index(fields=["indicator", "division", "period"]),
            models.Index(fields=["-measured_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.division} {self.period}"

    @cached_property
    def place(self) -> str:
        """Name of the division; lists set it for all their rows at once."""
        return place_name(self.division)


class CaseDigest(Record):
    """The summary of a case that travels to the tiers above."""

    number = models.CharField(_("number"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    edition = models.CharField(_("class edition"), max_length=8)
    class_kind = models.CharField(_("class kind"), max_length=12)
    class_code = models.CharField(_("class code"), max_length=20)
    class_name = models.CharField(_("class"), max_length=120)
    division = models.CharField(_("division"), max_length=12)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=CaseSource)
    state = models.CharField(_("state"), max_length=40, choices=CaseState)
    stage = models.PositiveSmallIntegerField(_("stage"))
    is_open = models.BooleanField(_("open"), default=True)
    reported_at = models.DateTimeField(_("reported at"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    overdue = models.BooleanField(_("overdue"), default=False)
    on_time = models.BooleanField(_("on time"), null=True, blank=True)
    rework_count = models.PositiveIntegerField(_("rework"), default=0)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("case digest")
        verbose_name_plural = _("case digests")
        indexes = [
            models.Index(fields=["-updated_at", "-id"]),
            models.Index(fields=["division", "-updated_at"]),
            models.Index(fields=["-reported_at", "-id"]),
            models.Index(fields=["-closed_at", "-id"]),
            models.Index(fields=["is_open", "overdue", "-reported_at"]),
            models.Index(fields=["class_kind", "class_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:case", args=[self.uid])

    @cached_property
    def place(self) -> str:
        """Name of the division; lists set it for all their rows at once."""
        return place_name(self.division)

    def settle(self) -> None:
        """Derive whether the case is still open; the caller saves."""
        self.is_open = (
            self.closed_at is None
            and self.state not in TERMINAL_STATES
            and not self.is_withdrawn
        )
