"""Applications for use."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.catalogue import selectors
from exchange.aggregation.catalogue.enums import UseState
from exchange.aggregation.catalogue.filters import UseFilter
from exchange.aggregation.catalogue.forms import OpinionForm, ReasonForm, UseForm
from exchange.aggregation.catalogue.models import Edition, Use
from exchange.aggregation.catalogue.services import uses as service
from platform_core.common.clock import today
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, DetailPage, ListPage

from .common import below, crumbs, person, use_badge

TITLE = gettext_lazy("Applications for use")
RELATED = ("resource", "applicant", "unit", "peer", "decided_by", "subscription")


class UseList(ListPage):
    """Who asked for what."""

    model = Use
    permission_required = "catalogue.view_edition"
    title = TITLE
    empty_text = gettext_lazy("Applications for the use of resources appear here.")
    filterset_class = UseFilter
    search_fields = ("resource__title", "resource__code", "purpose")
    columns = (
        Column("resource", gettext_lazy("Resource"), link=True),
        Column("unit", gettext_lazy("Unit")),
        Column("applicant", gettext_lazy("Applicant")),
        Column("purpose", gettext_lazy("Purpose")),
        Column("starts_on", pgettext_lazy("period", "From"), sort=True),
        Column("ends_on", gettext_lazy("Until"), sort=True),
        Column("peer", gettext_lazy("Platform that receives it")),
        Column("state", gettext_lazy("State"), sort=True, render=use_badge),
        Column("created_at", gettext_lazy("Applied"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related(*RELATED)


class Apply(ActionPage):
    """Ask for one resource."""

    model = Edition
    lookup = "resource__uid"
    form_class = UseForm
    permission_required = "catalogue.apply_use"
    title = gettext_lazy("Apply for use")
    success_message = gettext_lazy("The application waits for a decision.")

    def get_queryset(self):
        return selectors.published(person(self.request))

    def get_object(self):
        self.kwargs = {"resource__uid": self.kwargs["uid"]}
        return super().get_object()

    def get_breadcrumbs(self):
        return below(_("Data catalogue"), "catalogue:entry-list", self.title)

    def get_initial(self):
        day = today()
        end = day.replace(month=12, day=31)
        return {"starts_on": day, "ends_on": end, **super().get_initial()}

    def perform(self, form):
        resource = self.object.resource
        return service.apply(
            resource=resource, by=person(self.request), **form.cleaned_data
        )


class UsePage(DetailPage):
    """One application and what became of it."""

    model = Use
    lookup = "uid"
    permission_required = "catalogue.view_edition"

    def get_queryset(self):
        return super().get_queryset().select_related(*RELATED)

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:use-list", str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Resource"), row.resource),
            (_("State"), use_badge(row)),
            (_("Applicant"), row.applicant),
            (_("Unit"), row.unit),
            (_("Purpose"), row.purpose),
            (pgettext_lazy("period", "From"), row.starts_on),
            (_("Until"), row.ends_on),
            (_("Platform that receives it"), row.peer),
            (_("Subscription"), row.subscription),
            (_("Decided by"), row.decided_by),
            (_("Decided"), row.decided_at),
            (_("Reason"), row.reason),
        ]

    def get_actions(self):
        if not self.request.user.has_perm("catalogue.decide_use"):
            return []
        waiting = self.object.state == UseState.WAITING
        return [
            self._action("use-approve", _("Approve"), waiting),
            self._action("use-refuse", _("Refuse the application"), waiting),
            self._action(
                "use-end", _("End the use"), self.object.state == UseState.APPROVED
            ),
        ]

    def _action(self, name, label, allowed):
        url = reverse(f"catalogue:{name}", args=[self.object.uid])
        why = _("Not in this state")
        return {"name": label, "allowed": allowed, "why": why, "url": url}


class Decision(ActionPage):
    """A decision on one application."""

    model = Use
    lookup = "uid"
    permission_required = "catalogue.decide_use"
    decide: ClassVar[Callable[..., Any]]

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:use-list", self.title)

    def perform(self, form):
        decide = type(self).decide
        return decide(use=self.object, by=person(self.request), **form.cleaned_data)


class Approve(Decision):
    """Yes; a subscription begins where a platform receives it."""

    form_class = OpinionForm
    title = gettext_lazy("Approve")
    success_message = gettext_lazy("Approved.")
    decide = service.approve


class Refuse(Decision):
    """No."""

    form_class = ReasonForm
    title = gettext_lazy("Refuse the application")
    success_message = gettext_lazy("Refused.")
    submit_level = "danger"
    decide = service.refuse


class End(Decision):
    """No longer."""

    form_class = ReasonForm
    title = gettext_lazy("End the use")
    submit_level = "danger"
    decide = service.end
