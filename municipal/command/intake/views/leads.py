"""Leads: the inbox of other channels, registering, refusing."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.intake import services
from municipal.command.intake.enums import LeadState
from municipal.command.intake.filters import LeadFilter
from municipal.command.intake.forms import RefuseForm
from municipal.command.intake.models import Lead
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from municipal.command.views.report import ReportPage
from platform_core.files import services as files
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage, PageAction

COLORS = {
    LeadState.NEW: "blue",
    LeadState.REGISTERED: "green",
    LeadState.REFUSED: "grey",
}
LEADS = (_("Leads"), "intake:leads")
REVIEW = "intake.review_lead"


def badge(lead: Lead) -> object:
    """The state of a lead in its colour."""
    return components.status(lead.get_state_display(), COLORS[LeadState(lead.state)])


def original(lead: Lead) -> object:
    """Where the text was published, as a link that opens beside the work."""
    link = '<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>'
    return format_html(link, lead.link) if lead.link else ""


class LeadList(ListPage):
    """What other channels sent."""

    model = Lead
    permission_required = "intake.view_lead"
    title = _("Leads")
    filterset_class = LeadFilter
    search_fields = ("text", "address", "external_id__startswith")
    live = 5
    empty_text = _("Letters, posts, alarms and referrals appear here for review.")
    columns = (
        Column("received_at", _("Received"), sort=True),
        Column("source", _("Source")),
        Column("text", _("Text"), link=True),
        Column("address", _("Address")),
        Column("state", _("State"), render=badge),
        Column("decided_by", _("Reviewed by")),
        Column("external_id", _("Number at the sender"), default=False),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("source", "decided_by")


class LeadPage(DetailPage):
    """One lead with its pictures."""

    model = Lead
    lookup = "uid"
    permission_required = "intake.view_lead"
    template_name = "intake/lead.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(LEADS[0], reverse(LEADS[1])), Crumb(str(self.object))]

    def get_page_actions(self) -> list[PageAction]:
        """Registering needs the map and the search for a class: a page of its own."""
        if self.object.state != LeadState.NEW:
            return []
        url = reverse("intake:lead-register", args=[self.object.uid])
        label = _("Register a report")
        return [PageAction(label, url, primary=True, permission=REVIEW)]

    def get_actions(self) -> list[dict[str, Any]]:
        may = user_of(self.request).has_perm(REVIEW)
        return [
            {
                "name": _("Refuse"),
                "allowed": self.object.state == LeadState.NEW and may,
                "why": _("reviewed already") if may else _("your post may not"),
                "url": reverse("intake:lead-refuse", args=[self.object.uid]),
                "level": "outline-primary",
            }
        ]

    def get_summary(self) -> list[tuple[Any, Any]]:
        lead = self.object
        return [
            (_("State"), badge(lead)),
            (_("Source"), lead.source),
            (_("Number at the sender"), lead.external_id),
            (_("Happened"), lead.happened_at),
            (_("Received"), lead.received_at),
            (_("Address"), lead.address),
            (_("Original page"), original(lead)),
            (_("Reporter"), lead.reporter),
            (_("Contact"), lead.contact),
            (_("Reviewed by"), lead.decided_by),
            (_("Reason"), lead.reason),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pictures=files.of(self.object), **kwargs)


class RegisterPage(ReportPage):
    """Make a case of a lead; what it says is filled in."""

    permission_required = REVIEW
    title = _("Register a lead")

    def prepare(self) -> None:
        seen = Lead.objects.visible_to(user_of(self.request))
        self.lead_row = get_object_or_404(seen, uid=self.kwargs["uid"])

    def get_initial(self) -> dict[str, Any]:
        lead = self.lead_row
        known = {
            "source": lead.source_id,
            "description": lead.text,
            "address": lead.address,
            "lon": lead.lon,
            "lat": lead.lat,
            "reporter": lead.reporter,
            "contact": lead.contact,
            "problem": f"{lead.class_kind}:{lead.class_code}",
        }
        return {**known, **super().get_initial()}

    def get_cancel_url(self) -> str:
        return self.lead_row.get_absolute_url()

    @transaction.atomic
    def perform(self, form):
        user = user_of(self.request)
        pictures = stored(form, "photos", user)
        return services.register_lead(
            lead=self.lead_row, by=user, attachments=pictures, **form.values()
        )


class RefusePage(ActionPage):
    """Say why a lead becomes no case."""

    model = Lead
    lookup = "uid"
    permission_required = REVIEW
    form_class = RefuseForm
    title = _("Refuse the lead")

    def perform(self, form):
        reason = form.cleaned_data["reason"]
        return services.refuse_lead(
            lead=self.object, by=user_of(self.request), reason=reason
        )
