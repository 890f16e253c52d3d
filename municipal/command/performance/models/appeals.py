"""Appeals against what a case counts for in an evaluation."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.models import Case
from municipal.command.performance.enums import OPEN_APPEALS, AppealState, Ground
from platform_core.common import clock
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL
APPEAL = "performance.add_appeal"
REVIEW, DECIDE = "performance.review_appeal", "performance.decide_appeal"


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's own and of the own unit; reviewers see them by case."""
        if user.has_perm(REVIEW) or user.has_perm(DECIDE):
            return self.filter(case__in=Case.objects.visible_to(user))
        if not user.has_perm(APPEAL):
            return self.none()
        own = Q(unit__path__startswith=user.unit_path, by_unit=True)
        return self.filter(own | Q(by=user.pk))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_APPEALS)


class Appeal(TimeStamped):
    """A unit or person objects; accepted, the case no longer counts for them."""

    case = models.ForeignKey(
        "command.Case", models.PROTECT, related_name="appeals", verbose_name=_("case")
    )
    ground = models.CharField(_("against"), max_length=10, choices=Ground.choices)
    reason = models.TextField(_("reason"), max_length=1000)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=AppealState.choices,
        default=AppealState.FIRST,
    )
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("appealed by")
    )
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    by_unit = models.BooleanField(_("for the unit"), default=True)
    due = models.DateTimeField(_("review until"))
    first_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(_("first review at"), null=True)
    first_opinion = models.CharField(_("first opinion"), max_length=500, blank=True)
    second_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(_("second review at"), null=True)
    second_opinion = models.CharField(_("second opinion"), max_length=500, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ("due", "pk")
        permissions = [
            ("review_appeal", "Can review appeals first"),
            ("decide_appeal", "Can decide on appeals"),
        ]
        indexes = [models.Index("state", "due", name="appeal_desk")]
        constraints = [
            models.UniqueConstraint(
                "case",
                "ground",
                "unit",
                name="appeal_of_unit_once",
                condition=Q(by_unit=True) & ~Q(state=AppealState.WITHDRAWN),
            ),
            models.UniqueConstraint(
                "case",
                "ground",
                "by",
                name="appeal_of_person_once",
                condition=Q(by_unit=False) & ~Q(state=AppealState.WITHDRAWN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_ground_display()}"

    def get_absolute_url(self) -> str:
        return reverse("performance:appeal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_APPEALS

    @property
    def light(self) -> str:
        """Whether the review is late."""
        if not self.is_open:
            return "none"
        return "red" if clock.now() > self.due else "green"
