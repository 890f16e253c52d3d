"""Figures by day: how big tables are, and how resources are used."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.catalogue.enums import Touch
from exchange.interfaces.models import Table

from .resources import Resource


class Measure(models.Model):
    """The size of a table at the end of a day."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="+")
    day = models.DateField(_("Day"))
    rows = models.PositiveBigIntegerField(_("Rows"))
    history = models.PositiveBigIntegerField(_("Older revisions"))
    landed = models.PositiveBigIntegerField(_("Landed that day"))

    class Meta:
        verbose_name = _("size of a table")
        verbose_name_plural = _("sizes of tables")
        constraints = [
            models.UniqueConstraint(fields=["table", "day"], name="one_measure_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.table.code} {self.day}"


class TouchCount(models.Model):
    """How often a resource was used in a way on a day."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="touches")
    day = models.DateField(_("Day"))
    touch = models.CharField(_("Way of use"), max_length=8, choices=Touch)
    count = models.PositiveIntegerField(_("Count"), default=0)

    class Meta:
        verbose_name = _("use count")
        verbose_name_plural = _("use counts")
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "day", "touch"], name="one_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.day} {self.touch}"
