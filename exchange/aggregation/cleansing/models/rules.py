"""Rules as data: a set for a table, its versions, its rules."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.cleansing.enums import (
    DIMENSIONS,
    ActionKind,
    Dimension,
    Life,
    RuleKind,
    SeverityKind,
)
from exchange.interfaces.models import Table
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped


class RuleSet(TimeStamped):
    """The rules of one table and when they are applied.

    `daily_at` is an hour of the day, local time; empty for never.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.OneToOneField(
        Table, models.PROTECT, related_name="rule_set", verbose_name=_("Table")
    )
    after_landing = models.BooleanField(_("After rows landed"), default=True)
    daily_at = models.PositiveSmallIntegerField(
        _("Every day at the hour"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
    )
    current = models.ForeignKey(
        "RuleSetVersion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Published version"),
    )

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ("table__code",)
        permissions = [("publish_ruleset", "Can publish rule sets")]

    def __str__(self) -> str:
        return str(self.table)

    def get_absolute_url(self) -> str:
        return reverse("cleansing:ruleset", args=[self.uid])

    @property
    def draft(self) -> "RuleSetVersion | None":
        """The version that may be edited, if there is one."""
        return self.versions.filter(state=Life.DRAFT).first()


class RuleSetVersion(TimeStamped):
    """The rules of a set at a time; only a draft changes."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"), default=1)
    state = models.CharField(
        _("State"), max_length=10, choices=Life, default=Life.DRAFT
    )
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Made by"),
    )
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a rule set")
        verbose_name_plural = _("versions of rule sets")
        ordering = ("rule_set", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "number"], name="one_rule_set_version"
            ),
            models.UniqueConstraint(
                fields=["rule_set"],
                condition=models.Q(state=Life.DRAFT),
                name="one_rule_set_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set.table.code} v{self.number}"

    def get_absolute_url(self) -> str:
        url = reverse("cleansing:ruleset", args=[self.rule_set.uid])
        return f"{url}?version={self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == Life.DRAFT


class Rule(models.Model):
    """One rule of a version.

    `code` stays the same through the versions, so that a problem keeps its rule.
    `weight` counts it against the others of its dimension in the score.
    """

    version = models.ForeignKey(RuleSetVersion, models.CASCADE, related_name="rules")
    place = models.PositiveSmallIntegerField(_("Order"), default=0)
    code = models.SlugField(_("Code"), max_length=80)
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=RuleKind)
    fields = models.JSONField(_("Fields"), default=list)
    parameters = models.JSONField(_("Parameters"), default=dict, blank=True)
    severity = models.CharField(
        _("Severity"), max_length=5, choices=SeverityKind, default=SeverityKind.ERROR
    )
    weight = models.FloatField(
        _("Weight"),
        default=1,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
    )
    action = models.CharField(
        _("Action"), max_length=8, choices=ActionKind, default=ActionKind.RETURN
    )

    class Meta:
        verbose_name = _("cleansing rule")
        verbose_name_plural = _("cleansing rules")
        ordering = ("version", "place", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_rule_code")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dimension(self) -> Dimension:
        """What it counts for in the score."""
        return DIMENSIONS[self.kind]
