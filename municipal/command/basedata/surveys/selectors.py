"""Reads of surveys: progress, what is to be looked at."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from municipal.command.basedata.enums import CampaignState, Finding
from municipal.command.basedata.models import (
    Campaign,
    CampaignFinding,
    CampaignGrid,
)
from municipal.command.models import Component
from platform_core.accounts.models import User


def with_progress(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Surveys with the numbers of their grids."""
    return rows.annotate(
        grid_count=Count("grids"),
        done_count=Count("grids", filter=Q(grids__done_at__isnull=False)),
    )


def findings(campaign: Campaign) -> dict[str, int]:
    """How many of each finding there are, by its label."""
    rows = CampaignFinding.objects.filter(grid__campaign=campaign).order_by()
    counted = dict(rows.values_list("finding").annotate(Count("pk")))
    return {str(one.label): counted.get(one.value, 0) for one in Finding}


def by_inspector(campaign: Campaign) -> Iterable[Any]:
    """Grids, finished grids and findings of every inspector."""
    rows = campaign.grids.order_by("inspector__full_name").values(
        "inspector__full_name"
    )
    return rows.annotate(
        total=Count("pk", distinct=True),
        done=Count("pk", filter=Q(done_at__isnull=False), distinct=True),
        found=Count("findings", distinct=True),
    )


def open_grids(user: User) -> QuerySet[CampaignGrid]:
    """The grids that somebody has to survey now."""
    rows = CampaignGrid.objects.filter(
        inspector=user, campaign__state=CampaignState.RUNNING
    )
    return rows.select_related("campaign").order_by("done_at", "campaign", "grid_code")


def to_look_at(grid: CampaignGrid) -> QuerySet[Component]:
    """The components of a grid that the survey is about."""
    rows = Component.objects.in_place().filter(grid_code=grid.grid_code)
    classes = grid.campaign.class_codes
    return rows.filter(class_code__in=classes) if classes else rows


def found_in(grid: CampaignGrid) -> dict[int, CampaignFinding]:
    """The last finding of each component of a grid."""
    rows = grid.findings.filter(component__isnull=False).order_by("pk")
    return {row.component_id: row for row in rows if row.component_id}
