"""Surveys at the desk: list, plan, progress."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.components.filters import class_choices
from municipal.command.basedata.enums import CampaignState
from municipal.command.basedata.models import Campaign
from municipal.command.basedata.surveys import selectors, services
from municipal.command.basedata.surveys.forms import CampaignForm
from municipal.command.requests import user_of
from platform_core.regions import selectors as regions
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.permissions import SIGNED_IN
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

PLAN = "basedata.plan_survey"
COLORS = {
    CampaignState.DRAFT: "grey",
    CampaignState.RUNNING: "blue",
    CampaignState.CLOSED: "green",
}
CRUMB = Crumb(gettext_lazy("Base data"))


def badge(campaign: Campaign) -> object:
    """The state in its colour."""
    color = COLORS[CampaignState(campaign.state)]
    return components.status(campaign.get_state_display(), color)


def area(campaign: Campaign) -> str:
    """The area by name."""
    return regions.name_of(campaign.division_code)


def classes(campaign: Campaign) -> str:
    """The surveyed classes by name."""
    names = dict(class_choices())
    return ", ".join(names.get(code, code) for code in campaign.class_codes)


def progress(campaign: Any) -> str:
    """Finished grids of all."""
    return f"{campaign.done_count} / {campaign.grid_count}"


class CampaignList(ListPage):
    """Surveys that one planned or takes part in."""

    model = Campaign
    permission_required = "command.view_component"
    title = gettext_lazy("Surveys")
    search_fields = ("name",)
    ordering = ("-pk",)
    empty_text = gettext_lazy("Censuses and special surveys stand here.")
    columns = (
        Column("name", gettext_lazy("Name"), link=True, sort=True),
        Column("kind", gettext_lazy("Kind")),
        Column("division_code", gettext_lazy("Survey area"), render=area, export=area),
        Column("starts_on", gettext_lazy("Starts on"), sort=True),
        Column("ends_on", gettext_lazy("Until"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("done_count", gettext_lazy("Grids done"), render=progress),
    )

    def get_queryset(self):
        return selectors.with_progress(super().get_queryset())

    def get_breadcrumbs(self):
        return [CRUMB, Crumb(self.title)]

    def get_page_actions(self):
        return [
            PageAction(
                _("Plan a survey"),
                reverse("basedata:campaign-add"),
                icon="plus",
                primary=True,
                permission=PLAN,
            )
        ]


class CampaignAdd(FormPage):
    """Plan a survey."""

    permission_required = PLAN
    form_class = CampaignForm
    title = gettext_lazy("Plan a survey")

    def get_breadcrumbs(self):
        url = reverse("basedata:campaign-list")
        return [Crumb(_("Surveys"), url), Crumb(self.title)]

    def get_cancel_url(self):
        return reverse("basedata:campaign-list")

    def perform(self, form):
        return services.plan(by=user_of(self.request), **form.cleaned_data)


class CampaignDetail(DetailPage):
    """How far a survey is, and what it found."""

    model = Campaign
    lookup = "uid"
    permission_required = SIGNED_IN
    template_name = "basedata/campaign.html"
    object: Any

    def get_queryset(self):
        return selectors.with_progress(super().get_queryset())

    def get_breadcrumbs(self):
        url = reverse("basedata:campaign-list")
        return [CRUMB, Crumb(_("Surveys"), url), Crumb(self.object.name)]

    def get_summary(self):
        row = self.object
        return [
            (_("Kind"), row.get_kind_display()),
            (_("State"), badge(row)),
            (_("Survey area"), area(row)),
            (_("Classes"), classes(row) or _("All")),
            (_("Starts on"), row.starts_on),
            (_("Until"), row.ends_on),
            (_("Grids done"), progress(row)),
            (_("Instructions"), row.instructions),
        ]

    def get_actions(self):
        if not self.request.user.has_perm(PLAN):
            return []
        options = (
            ("begin", _("Send the inspectors out"), CampaignState.DRAFT),
            ("finish", _("End the survey"), CampaignState.RUNNING),
        )
        return [
            {
                "name": label,
                "allowed": self.object.state == state,
                "why": _("not in this state"),
                "url": reverse(f"basedata:campaign-{code}", args=[self.object.uid]),
            }
            for code, label, state in options
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        return super().get_context_data(
            found=selectors.findings(self.object).items(),
            people=selectors.by_inspector(self.object),
            proposals=self.object.proposals.visible_to(user)[:50],
            **kwargs,
        )


class BeginPage(ActionPage):
    """Send the inspectors out."""

    model = Campaign
    lookup = "uid"
    permission_required = PLAN
    title = gettext_lazy("Send the inspectors out")
    submit_label = gettext_lazy("Send the inspectors out")

    def perform(self, form):
        return services.begin(self.object, by=user_of(self.request))


class FinishPage(BeginPage):
    """End a survey."""

    title = gettext_lazy("End the survey")
    submit_label = gettext_lazy("End the survey")

    def perform(self, form):
        return services.finish(self.object, by=user_of(self.request))
