"""Runs of the rules over a table, and the quality they measured."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.cleansing.enums import Trigger
from exchange.interfaces.models import Table
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.jobs.models import Job

from .problems import Sender
from .rules import Rule, RuleSetVersion


class Run(models.Model):
    """One pass of a rule set over the newest rows of its table."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.ForeignKey(
        RuleSetVersion,
        models.PROTECT,
        related_name="runs",
        verbose_name=_("Version of the rules"),
    )
    table = models.ForeignKey(
        Table, models.PROTECT, related_name="+", verbose_name=_("Table")
    )
    job = models.OneToOneField(
        Job, models.PROTECT, null=True, related_name="+", verbose_name=_("Job")
    )
    trigger = models.CharField(_("Started"), max_length=8, choices=Trigger)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )
    started_at = models.DateTimeField(_("Started at"), default=now)
    # The newest row that was looked at.
    last_row = models.BigIntegerField(default=0, editable=False)
    rows = models.PositiveBigIntegerField(_("Rows"), default=0)
    good = models.PositiveBigIntegerField(_("Clean"), default=0)
    fixed = models.PositiveBigIntegerField(_("Repaired"), default=0)
    rejected = models.PositiveBigIntegerField(_("Rejected"), default=0)
    returned = models.PositiveBigIntegerField(_("Returned"), default=0)
    problems = models.PositiveBigIntegerField(_("Problems"), default=0)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("cleansing run")
        verbose_name_plural = _("cleansing runs")
        ordering = ("-pk",)
        permissions = [("start_run", "Can start cleansing runs")]

    def __str__(self) -> str:
        return f"{self.table.code} {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("cleansing:run", args=[self.uid])


class RuleResult(models.Model):
    """What one rule found in one run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    found = models.PositiveBigIntegerField(_("Rows found"), default=0)
    open = models.PositiveBigIntegerField(_("Open"), default=0)

    class Meta:
        verbose_name = _("result of a rule")
        verbose_name_plural = _("results of rules")
        ordering = ("run", "rule__place", "pk")
        constraints = [
            models.UniqueConstraint(fields=["run", "rule"], name="one_rule_result")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.found}"


class Score(models.Model):
    """The quality of a table's rows from one sender on a day, 0 to 100.

    A dimension is 100 × (1 − Σ weight × bad rows / Σ weight × rows) over its
    rules, bad as they came, before any repair. Timeliness is 100 while the last
    batch is no older than the table's period and its grace, then it falls with
    the age. The whole is 30 % completeness, 30 % validity, 20 % timeliness, 10 %
    uniqueness and 10 % consistency; what is not measured is left out and the
    others count for more. Without a sender it is the table as a whole.
    """

    table = models.ForeignKey(
        Table, models.PROTECT, related_name="+", verbose_name=_("Table")
    )
    sender = models.ForeignKey(
        Sender,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Sender"),
    )
    day = models.DateField(_("Day measured"))
    run = models.ForeignKey(Run, models.CASCADE, related_name="scores")
    rows = models.PositiveBigIntegerField(_("Rows"), default=0)
    problems = models.PositiveBigIntegerField(_("Problems"), default=0)
    completeness = models.FloatField(_("Completeness"), null=True)
    validity = models.FloatField(_("Validity"), null=True)
    uniqueness = models.FloatField(_("Uniqueness"), null=True)
    consistency = models.FloatField(_("Consistency"), null=True)
    timeliness = models.FloatField(_("Timeliness"), null=True)
    total = models.FloatField(_("Quality score"), default=100)

    class Meta:
        verbose_name = _("quality score")
        verbose_name_plural = _("quality scores")
        ordering = ("-day", "total", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "sender", "day"], name="one_score_a_day"
            ),
            models.UniqueConstraint(
                fields=["table", "day"],
                condition=models.Q(sender__isnull=True),
                name="one_whole_score_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table.code} {self.day} {self.total:.1f}"

    def get_absolute_url(self) -> str:
        return reverse("cleansing:score", args=[self.pk])
