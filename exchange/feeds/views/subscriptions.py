"""What others subscribed to here."""

from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.feeds.enums import LIVE, WAITING, State
from exchange.feeds.filters import SubscriptionFilter
from exchange.feeds.forms import ManagerForm, OwnerForm, ReasonForm
from exchange.feeds.models import Subscription
from exchange.feeds.services import subscriptions as service
from exchange.feeds.services.changing import RUNNING
from platform_core.accounts.models import User
from platform_core.common.clock import read_moment
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage
from platform_core.ui.words import stamp

LEVELS = {
    State.APPLIED: "yellow",
    State.OWNER_APPROVED: "yellow",
    State.ACTIVE: "green",
    State.SUSPENDED: "orange",
    State.EXPIRED: "grey",
    State.CANCELLED: "grey",
    State.REFUSED: "red",
}


def person(request) -> User:
    """Who is behind a request whose permission was checked."""
    return cast(User, request.user)


def badge(row):
    return status(row.get_state_display(), LEVELS[State(row.state)])


def listed(values):
    return _("All") if not values else ", ".join(values)


def divisions(row):
    return listed(row.divisions)


def contract(row):
    return f"{row.interface} v{row.version}"


class SubscriptionList(ListPage):
    """Who gets what from this platform."""

    model = Subscription
    scoped = False
    permission_required = "feeds.view_subscription"
    export_permission = "feeds.view_subscription"
    title = gettext_lazy("Subscriptions of others")
    empty_text = gettext_lazy("What other platforms apply for appears here.")
    filterset_class = SubscriptionFilter
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
        Column("served_at", gettext_lazy("Last served"), sort=True),
        Column("served", gettext_lazy("Records served"), sort=True, number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")


def terms(row):
    """The summary that both ends show."""
    fields = _("All") if row.fields is None else ", ".join(row.fields)
    return [
        (_("Platform"), row.peer),
        (_("State"), badge(row)),
        (_("Interface"), contract(row)),
        (_("Way"), row.get_mode_display()),
        (_("Divisions"), listed(row.divisions)),
        (_("Fields"), fields),
        (_("Purpose"), row.purpose),
        (_("Valid until"), row.valid_to),
        (_("Reason"), row.reason),
        (_("Other terms asked for"), asked(row.wanted)),
    ]


def asked(wanted):
    """The terms of a change in words."""
    if wanted is None:
        return ""
    until = read_moment(wanted.get("until"))
    parts = [
        (_("Divisions"), listed(wanted.get("divisions"))),
        (_("Fields"), listed(wanted.get("fields"))),
        (_("Purpose"), wanted.get("purpose", "")),
        (_("Valid until"), stamp(until) if until else _("No end")),
    ]
    return "; ".join(f"{label}: {text}" for label, text in parts)


# Name of the address, label, states in which it may be done, permission.
ACTIONS = (
    (
        "approve-owner",
        gettext_lazy("Approve as owner of the data"),
        (State.APPLIED,),
        "feeds.approve_as_owner",
    ),
    (
        "approve",
        gettext_lazy("Approve as exchange manager"),
        (State.OWNER_APPROVED,),
        "feeds.approve_as_manager",
    ),
    (
        "refuse",
        pgettext_lazy("subscription", "Refuse"),
        WAITING,
        "feeds.manage_subscription",
    ),
    (
        "agree-owner",
        gettext_lazy("Agree to the other terms as owner"),
        RUNNING,
        "feeds.approve_as_owner",
    ),
    (
        "agree",
        gettext_lazy("Agree to the other terms as manager"),
        RUNNING,
        "feeds.approve_as_manager",
    ),
    (
        "decline",
        gettext_lazy("Decline the other terms"),
        RUNNING,
        "feeds.manage_subscription",
    ),
    ("limit", gettext_lazy("Limit"), RUNNING, "feeds.manage_subscription"),
    ("suspend", gettext_lazy("Suspend"), (State.ACTIVE,), "feeds.manage_subscription"),
    ("resume", gettext_lazy("Resume"), (State.SUSPENDED,), "feeds.manage_subscription"),
    (
        "cancel",
        pgettext_lazy("subscription", "Cancel"),
        LIVE,
        "feeds.manage_subscription",
    ),
)


ON_CHANGES = ("agree-owner", "agree", "decline")


class SubscriptionPage(DetailPage):
    """One subscription with its approvals and what may be done."""

    model = Subscription
    scoped = False
    lookup = "uid"
    permission_required = "feeds.view_subscription"

    def get_queryset(self):
        return super().get_queryset().select_related("peer", "owner", "manager")

    def get_breadcrumbs(self):
        home = reverse("feeds:subscription-list")
        return crumbs_under(SubscriptionList.title, home, str(self.object))

    def get_summary(self):
        row = self.object
        return [
            *terms(row),
            (_("Masked fields"), ", ".join(row.masks)),
            (_("Approved by the data owner"), approval(row.owner, row.owner_at)),
            (
                _("Approved by the exchange manager"),
                approval(row.manager, row.manager_at),
            ),
            (_("Last served"), row.served_at),
            (_("Records served"), row.served),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        return [
            {
                "name": label,
                "allowed": row.state in states,
                "why": _("Not in this state"),
                "url": reverse(f"feeds:{name}", args=[row.uid]),
            }
            for name, label, states, permission in ACTIONS
            if user.has_perm(permission)
            and (row.wanted is not None or name not in ON_CHANGES)
        ]


def approval(person, moment):
    return f"{person} · {stamp(moment)}" if person and moment else ""


def crumbs_under(label, url, last):
    home, _list, here = crumbs(label, last)
    return [home, Crumb(label, url), here]


class SubscriptionAction(ActionPage):
    """Something done to one subscription."""

    model = Subscription
    scoped = False
    lookup = "uid"
    permission_required = "feeds.manage_subscription"

    def get_breadcrumbs(self):
        return crumbs(str(self.object), self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")


class OwnerApproval(SubscriptionAction):
    """The first approval."""

    form_class = OwnerForm
    permission_required = "feeds.approve_as_owner"
    title = gettext_lazy("Approve as owner of the data")
    lead = gettext_lazy("A second person decides after you.")
    success_message = gettext_lazy("Approved.")

    def perform(self, form):
        return service.approve_as_owner(
            subscription=self.object, by=person(self.request), **form.cleaned_data
        )


class ManagerApproval(SubscriptionAction):
    """The second approval."""

    form_class = ManagerForm
    permission_required = "feeds.approve_as_manager"
    title = gettext_lazy("Approve as exchange manager")
    lead = gettext_lazy("Records begin to flow.")
    success_message = gettext_lazy("Approved.")

    def get_initial(self):
        return {"valid_to": self.object.valid_to}

    def perform(self, form):
        return service.approve_as_manager(
            subscription=self.object, by=person(self.request), **form.cleaned_data
        )


class Refusal(SubscriptionAction):
    """Say no."""

    form_class = ReasonForm
    title = pgettext_lazy("subscription", "Refuse")
    success_message = gettext_lazy("Refused.")
    submit_level = "danger"

    def perform(self, form):
        return service.refuse(
            subscription=self.object, by=person(self.request), **form.cleaned_data
        )


class Suspension(SubscriptionAction):
    """Stop serving for a while."""

    form_class = ReasonForm
    title = gettext_lazy("Suspend")
    lead = gettext_lazy("Nothing is lost; it goes on where it stopped.")
    success_message = gettext_lazy("Suspended.")

    def perform(self, form):
        return service.suspend(
            subscription=self.object, by=person(self.request), **form.cleaned_data
        )


class Resumption(SubscriptionAction):
    """Serve again."""

    title = gettext_lazy("Resume")
    success_message = gettext_lazy("Resumed.")

    def perform(self, form):
        return service.resume(subscription=self.object, by=person(self.request))


class Cancellation(SubscriptionAction):
    """End it."""

    form_class = ReasonForm
    title = pgettext_lazy("subscription", "Cancel")
    lead = gettext_lazy("The platform has to apply again afterwards.")
    success_message = gettext_lazy("Cancelled.")
    submit_level = "danger"

    def perform(self, form):
        return service.cancel(
            subscription=self.object, by=person(self.request), **form.cleaned_data
        )
