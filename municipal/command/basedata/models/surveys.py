"""Surveys: who looks at which grids for which classes, and what was found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.enums import CampaignKind, CampaignState, Finding
from municipal.command.models import Case, Component
from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.regions.codes import range_q

from .changes import Proposal


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Surveys as somebody may see them."""

    def visible_to(self, user: User) -> "CampaignQuerySet":
        """Those of the own divisions for who plans; else those one takes part in."""
        if user.is_superuser or user.has_perm("basedata.plan_survey"):
            return self.filter(range_q(user.division_prefix[:6], "division_code"))
        mine = CampaignGrid.objects.filter(inspector=user.pk).values("campaign")
        return self.filter(~Q(state=CampaignState.DRAFT), pk__in=mine)


class Campaign(TimeStamped):
    """A census or a special survey of some classes in an area."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=7, choices=CampaignKind.choices)
    division_code = models.CharField(_("area"), max_length=12)
    class_codes = models.JSONField(_("classes"), default=list, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    instructions = models.TextField(_("instructions"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=CampaignState.choices,
        default=CampaignState.DRAFT,
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("planned by"),
    )
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ("-pk",)
        permissions = [("plan_survey", "Can plan surveys of base data")]
        constraints = [
            models.CheckConstraint(
                name="campaign_period_in_order",
                condition=Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("basedata:campaign-detail", args=[self.uid])


class CampaignGrid(models.Model):
    """A unit grid of a survey, who surveys it, and whether that is done."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="grids")
    grid_code = models.CharField(_("unit grid"), max_length=15)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("inspector"),
    )
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("grid of a survey")
        verbose_name_plural = _("grids of surveys")
        ordering = ("grid_code",)
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "grid_code"], name="campaign_grid_unique"
            )
        ]

    def __str__(self) -> str:
        return self.grid_code


class CampaignFinding(models.Model):
    """What was found about a component, or about one that was not recorded."""

    uid = models.UUIDField(default=uuid7, unique=True)
    grid = models.ForeignKey(CampaignGrid, models.CASCADE, related_name="findings")
    component = models.ForeignKey(
        Component, models.CASCADE, null=True, related_name="findings"
    )
    finding = models.CharField(_("finding"), max_length=9, choices=Finding.choices)
    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("found"), default=now)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("finding of a survey")
        verbose_name_plural = _("findings of surveys")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.get_finding_display()
