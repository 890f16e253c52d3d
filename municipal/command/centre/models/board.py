"""What the figures of the wall are kept in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipal.command.queries.milestones import Milestone


class Change(models.Model):
    """A step of a case: appended in its transaction, summed soon after.

    The newest ones are the stream of the wall; old ones that are summed go.
    """

    case = models.ForeignKey("command.Case", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    milestone = models.CharField(max_length=10, choices=Milestone, blank=True)
    to_state = models.CharField(max_length=16, blank=True)
    division_code = models.CharField(max_length=6)
    street_code = models.CharField(max_length=9, blank=True)
    grid_code = models.CharField(max_length=15, blank=True)
    class_kind = models.CharField(max_length=10)
    class_code = models.CharField(max_length=6)
    source_code = models.CharField(max_length=2)
    unit_code = models.CharField(max_length=32, blank=True)
    is_alarm = models.BooleanField(default=False)
    is_summed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change of a case")
        verbose_name_plural = _("changes of cases")
        indexes = [
            models.Index("division_code", F("id").desc(), name="change_stream"),
            models.Index("id", condition=Q(is_summed=False), name="change_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.milestone or self.to_state}"


class Count(models.Model):
    """How often something happened: by area, part, period; or stands now.

    `area` is the city or a district; `part` what `key` is a value of, both empty
    for the whole; `period` a day, a month or a year, empty for what stands now.
    """

    area = models.CharField(max_length=6)
    part = models.CharField(max_length=8, blank=True)
    milestone = models.CharField(max_length=10, blank=True)
    key = models.CharField(max_length=32, blank=True)
    period = models.CharField(max_length=10, blank=True)
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("count of the wall")
        verbose_name_plural = _("counts of the wall")
        constraints = [
            models.UniqueConstraint(
                "area", "part", "period", "milestone", "key", name="wall_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.part}{self.key} {self.milestone} {self.period}"


class Standing(models.Model):
    """How a case was counted among those that stand; kept a while after its end."""

    case = models.OneToOneField(
        "command.Case", models.CASCADE, primary_key=True, related_name="+"
    )
    state = models.CharField(max_length=16)
    overdue_day = models.DateField(null=True)
    unit_code = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("standing of a case")
        verbose_name_plural = _("standings of cases")

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Spot(models.Model):
    """A problem that comes back: reports of one class in one unit grid."""

    class_kind = models.CharField(max_length=10)
    class_code = models.CharField(max_length=6)
    grid_code = models.CharField(max_length=15)
    division_code = models.CharField(max_length=6)
    address = models.CharField(max_length=256, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recurring problem")
        verbose_name_plural = _("recurring problems")
        constraints = [
            models.UniqueConstraint(
                "class_kind", "class_code", "grid_code", name="wall_spot_once"
            )
        ]
        indexes = [
            models.Index(F("count").desc(), F("last_at").desc(), name="spot_most"),
            models.Index(
                "division_code",
                F("count").desc(),
                F("last_at").desc(),
                name="spot_district",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_kind}-{self.class_code} {self.grid_code}"
