"""What this platform subscribed to elsewhere."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.feeds.enums import LIVE, State
from exchange.feeds.filters import ApplicationFilter
from exchange.feeds.forms import ApplicationForm, ChangeForm
from exchange.feeds.models import Application
from exchange.feeds.services import applications as service
from exchange.feeds.services import pulling, subscriptions
from exchange.feeds.services.changing import RUNNING
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .subscriptions import badge, crumbs_under, divisions, person, terms


class ApplicationList(ListPage):
    """What comes here because it was asked for."""

    model = Application
    scoped = False
    permission_required = "feeds.view_subscription"
    export_permission = "feeds.view_subscription"
    title = gettext_lazy("Own subscriptions")
    empty_text = gettext_lazy("Apply for data of another platform.")
    filterset_class = ApplicationFilter
    search_fields = ("interface", "purpose", "peer__code", "peer__name")
    columns = (
        Column("interface", gettext_lazy("Interface"), sort=True, link=True),
        Column("version", gettext_lazy("Version"), number=True),
        Column("peer.code", gettext_lazy("Platform"), sort=True),
        Column("mode", gettext_lazy("Way")),
        Column("divisions", gettext_lazy("Divisions"), render=divisions),
        Column("purpose", gettext_lazy("Purpose")),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("valid_to", gettext_lazy("Valid until"), sort=True),
        Column("pulled_at", gettext_lazy("Last fetched"), sort=True),
        Column("pulled", gettext_lazy("Records fetched"), sort=True, number=True),
        Column("error", gettext_lazy("Last error"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_page_actions(self):
        return [
            PageAction(
                _("Apply for data"),
                reverse("feeds:application-add"),
                icon="plus",
                primary=True,
                permission="feeds.manage_subscription",
                dialog=True,
            )
        ]


class ApplicationAdd(FormPage):
    """Apply at a platform."""

    form_class = ApplicationForm
    permission_required = "feeds.manage_subscription"
    title = gettext_lazy("Apply for data")
    lead = gettext_lazy("The other platform decides with two approvals.")
    success_message = gettext_lazy("Applied.")
    success_url = "feeds:application-list"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def perform(self, form):
        wish = subscriptions.read(form.wish())
        return service.apply(
            peer=form.cleaned_data["peer"], wish=wish, by=person(self.request)
        )


class ApplicationPage(DetailPage):
    """One own subscription, how it stands and what it brought."""

    model = Application
    scoped = False
    lookup = "uid"
    permission_required = "feeds.view_subscription"

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_breadcrumbs(self):
        home = reverse("feeds:application-list")
        return crumbs_under(ApplicationList.title, home, str(self.object))

    def get_summary(self):
        row = self.object
        return [
            *terms(row),
            (_("Number there"), row.remote_id),
            (_("Newer version"), row.newer or ""),
            (_("Last fetched"), row.pulled_at),
            (_("Records fetched"), row.pulled),
            (_("Last error"), row.error),
        ]

    def get_actions(self):
        if not self.request.user.has_perm("feeds.manage_subscription"):
            return []
        row = self.object
        live = row.state in LIVE
        return [
            self._action("application-refresh", _("Ask how it stands"), live),
            self._action(
                "application-again", _("Read from the start"), row.state == State.ACTIVE
            ),
            self._action(
                "application-change", _("Renew or change"), row.state in RUNNING
            ),
            self._action("application-cancel", _("Cancel"), live),
        ]

    def _action(self, name, label, allowed):
        url = reverse(f"feeds:{name}", args=[self.object.uid])
        why = _("Not in this state")
        return {"name": label, "allowed": allowed, "why": why, "url": url}


class ApplicationAction(ActionPage):
    """Something done to one own subscription."""

    model = Application
    scoped = False
    lookup = "uid"
    permission_required = "feeds.manage_subscription"

    def get_breadcrumbs(self):
        return crumbs(str(self.object), self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")


class Refresh(ApplicationAction):
    """Ask the owner."""

    title = gettext_lazy("Ask how it stands")

    def perform(self, form):
        row = service.refresh(self.object.pk)
        messages.success(self.request, row.get_state_display())
        return row


class Change(ApplicationAction):
    """Ask for a later end, other divisions or fields."""

    form_class = ChangeForm
    title = gettext_lazy("Renew or change")
    lead = gettext_lazy(
        "The present terms count until the other platform has agreed twice. More "
        "divisions are read from the start; more fields come with the next change of "
        "each record."
    )
    success_message = gettext_lazy("Asked.")

    def get_initial(self):
        row = self.object
        return {
            "until": row.valid_to,
            "divisions": ", ".join(row.divisions),
            "fields_wanted": ", ".join(row.fields or []),
            "purpose": row.purpose,
        }

    def perform(self, form):
        return service.change(
            application=self.object, by=person(self.request), payload=form.payload()
        )


class ReadAgain(ApplicationAction):
    """Fetch everything once more."""

    title = gettext_lazy("Read from the start")
    lead = gettext_lazy("What is here already stays as it is.")
    success_message = gettext_lazy("It begins again.")

    def perform(self, form):
        pulling.read_again(application=self.object, by=person(self.request))


class Cancel(ApplicationAction):
    """End it at both ends."""

    title = gettext_lazy("Cancel")
    lead = gettext_lazy("What was fetched stays here.")
    success_message = gettext_lazy("Cancelled.")
    submit_level = "danger"

    def perform(self, form):
        return service.cancel(application=self.object, by=person(self.request))
