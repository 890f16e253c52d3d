"""Runs of an evaluation and their results."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.performance import scoring
from municipal.command.performance.enums import (
    OPEN_RUNS,
    ObjectKind,
    PeriodKind,
    RunState,
)
from municipal.command.performance.periods import Period
from municipal.command.performance.scoring import Trend
from platform_core.common import clock
from platform_core.common.models import TimeStamped
from platform_core.regions.codes import range_q

USER = settings.AUTH_USER_MODEL
VIEW, VIEW_ALL = "performance.view_result", "performance.view_all_results"


class RunQuerySet(models.QuerySet["Run"]):
    """Runs as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """All runs, or those that are open to the people they are about."""
        if user.has_perm(VIEW_ALL):
            return self.all()
        if user.has_perm(VIEW):
            return self.exclude(state=RunState.DRAFT)
        return self.none()

    def of(self, kind: str, period: Period) -> Self:
        """The runs over the same objects and days."""
        return self.filter(
            kind=kind,
            period_kind=period.kind,
            first=period.first,
            last=period.last,
        )


class Run(TimeStamped):
    """One evaluation of all objects of a kind over a period."""

    kind = models.CharField(_("objects"), max_length=12, choices=ObjectKind.choices)
    period_kind = models.CharField(
        _("period"), max_length=8, choices=PeriodKind.choices
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    scheme = models.ForeignKey(
        "performance.Scheme",
        models.PROTECT,
        related_name="runs",
        verbose_name=_("scheme"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=RunState.choices, default=RunState.DRAFT
    )
    is_scheduled = models.BooleanField(_("by the timetable"), default=False)
    objects_count = models.PositiveIntegerField(_("objects evaluated"), default=0)
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    computed_at = models.DateTimeField(_("computed at"), null=True, blank=True)
    locked_at = models.DateTimeField(_("figures locked at"), null=True, blank=True)
    publicity_until = models.DateTimeField(_("appeals until"), null=True, blank=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("corrects"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ("-first", "kind", "-pk")
        permissions = [
            ("evaluate", "Can run, approve and publish evaluations"),
            ("manage_schemes", "Can change schemes and the timetable of evaluation"),
        ]
        indexes = [models.Index("kind", "state", F("last").desc(), name="run_latest")]
        constraints = [
            models.CheckConstraint(
                name="run_days_in_order", condition=Q(last__gte=F("first"))
            ),
            models.UniqueConstraint(
                "kind",
                "period_kind",
                "first",
                "last",
                name="run_open_once",
                condition=Q(state__in=OPEN_RUNS),
            ),
            models.UniqueConstraint(
                "kind",
                "period_kind",
                "first",
                "last",
                name="run_published_once",
                condition=Q(state=RunState.PUBLISHED),
            ),
            models.CheckConstraint(
                name="run_locked_when_shown",
                condition=Q(state=RunState.DRAFT) | Q(locked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="run_correction_has_reason",
                condition=Q(replaces=None) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period.label}"

    def get_absolute_url(self) -> str:
        return reverse("performance:run", args=[self.pk])

    @property
    def period(self) -> Period:
        """The days it covers."""
        return Period(self.period_kind, self.first, self.last)

    @property
    def may_recompute(self) -> bool:
        """Whether the figures still follow the cases."""
        return self.state == RunState.DRAFT and self.locked_at is None

    @property
    def publicity_over(self) -> bool:
        """Whether the days for appeals have passed."""
        return self.publicity_until is not None and clock.now() > self.publicity_until


class ResultQuerySet(models.QuerySet["Result"]):
    """Results as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """All inside the own divisions, or those about oneself and the own unit."""
        if user.has_perm(VIEW_ALL):
            return self.filter(range_q(user.division_prefix, "division_code"))
        if not user.has_perm(VIEW):
            return self.none()
        own = Q(unit__path__startswith=user.unit_path) | Q(person=user.pk)
        return self.filter(own).exclude(run__state=RunState.DRAFT)


class Result(models.Model):
    """What one object came to in a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    key = models.CharField(_("object"), max_length=20)
    label = models.CharField(_("name"), max_length=120)
    parent = models.CharField(_("belongs to"), max_length=120, blank=True)
    group = models.CharField(_("department group"), max_length=40, blank=True)
    division_code = models.CharField(max_length=12)
    unit = models.ForeignKey("accounts.OrgUnit", models.PROTECT, null=True)
    person = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    sums = models.JSONField(_("counts"), default=dict)
    scores = models.JSONField(_("indicators"), default=dict)
    composite = models.DecimalField(
        _("composite index"), max_digits=5, decimal_places=2, null=True
    )
    grade = models.CharField(_("grade"), max_length=4, blank=True)
    colour = models.CharField(max_length=8, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True)
    previous = models.DecimalField(
        _("index before"), max_digits=5, decimal_places=2, null=True
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation result")
        verbose_name_plural = _("evaluation results")
        ordering = ("run", F("rank").asc(nulls_last=True), "key")
        permissions = [("view_all_results", "Can view all results and drafts")]
        indexes = [
            models.Index("run", "rank", "key", name="result_ranking"),
            models.Index("key", "run", name="result_of_object"),
        ]
        constraints = [
            models.UniqueConstraint("run", "key", name="result_once"),
            models.CheckConstraint(
                name="result_index_0_to_100",
                condition=Q(composite=None) | Q(composite__gte=0, composite__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("performance:result", args=[self.run_id, self.key])

    @property
    def trend(self) -> Trend:
        """The step from the period before."""
        return scoring.trend(self.composite, self.previous)

    def score(self, code: str) -> Decimal | None:
        """The score of one indicator."""
        found = self.scores.get(code)
        return Decimal(found[3]) if found and found[3] is not None else None
