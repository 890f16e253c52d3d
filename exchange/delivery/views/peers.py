"""The state of the exchange and its connections."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery import selectors, windows
from exchange.delivery.enums import PeerState, Relation
from exchange.delivery.forms import (
    PeerEditForm,
    PeerForm,
    PeriodForm,
    PolicyForm,
    ProbeForm,
    StateForm,
)
from exchange.delivery.models import Peer
from exchange.delivery.services import (
    enrolment,
    policies,
    probing,
    resending,
    states,
)
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.dashboards import Figure
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    PageAction,
    PlainPage,
    SheetMixin,
)

LEVELS = {
    PeerState.DRAFT: "grey",
    PeerState.TESTING: "blue",
    PeerState.ENABLED: "green",
    PeerState.SUSPENDED: "orange",
    PeerState.DISABLED: "grey",
}


def crumbs(*labels):
    home = Crumb(_("Exchange"), reverse("delivery:status"))
    return [home, *(Crumb(label) for label in labels)]


def badge(peer):
    return status(peer.get_state_display(), LEVELS[PeerState(peer.state)])


LIGHTS = {
    "green": gettext_lazy("Working"),
    "yellow": gettext_lazy("Needs a look"),
    "red": gettext_lazy("Interrupted"),
    "none": gettext_lazy("No contact yet"),
}


def light_word(row):
    return LIGHTS[row.light]


class StatusPage(SheetMixin, PlainPage):
    """All connections with their lights and figures."""

    permission_required = "delivery.view_peer"
    title = gettext_lazy("Exchange")
    template_name = "delivery/status.html"
    columns = (
        Column("peer.code", gettext_lazy("Platform")),
        Column("peer.name", gettext_lazy("Name")),
        Column("peer.relation", gettext_lazy("Relation")),
        Column("peer.state", gettext_lazy("State")),
        Column("light", gettext_lazy("Connection"), export=light_word),
        Column("peer.url", gettext_lazy("Address")),
        Column("peer.unit", gettext_lazy("Responsible unit")),
        Column("peer.contact", gettext_lazy("Contact person")),
        Column("peer.phone", gettext_lazy("Phone")),
        Column("peer.success_at", gettext_lazy("Last success")),
        Column("pending", gettext_lazy("Records waiting")),
        Column("lag", gettext_lazy("Lag (s)")),
        Column("calls", gettext_lazy("Calls in 24 h")),
        Column("success_rate", gettext_lazy("Successful (%)")),
        Column("p95", gettext_lazy("p95 (ms)")),
        Column("problems", gettext_lazy("Refused by others")),
        Column("rejected", gettext_lazy("Refused here")),
    )

    def rows(self):
        return selectors.peer_health()

    def get_page_actions(self):
        return [
            *super().get_page_actions(),
            PageAction(
                _("Connect a platform"),
                reverse("delivery:peer-add"),
                icon="plus",
                primary=True,
                permission="delivery.manage_peer",
                dialog=True,
            ),
        ]

    def get_context_data(self, **kwargs):
        peers = selectors.peer_health()
        return {
            **super().get_context_data(**kwargs),
            "peers": [(one, badge(one.peer)) for one in peers],
            "figures": figures(peers),
        }


def figures(peers):
    pending = sum(one.pending for one in peers)
    problems = sum(one.problems for one in peers)
    rejected = sum(one.rejected for one in peers)
    lag = max((one.lag for one in peers if one.lag is not None), default=0)
    open_ones = "?state=open"
    return [
        Figure(_("Connected platforms"), len(peers)),
        Figure(_("Records waiting"), pending, level="yellow" if lag > 60 else ""),
        Figure(
            _("Refused by others"),
            problems,
            reverse("delivery:problem-list") + open_ones,
            level="red" if problems else "",
        ),
        Figure(
            _("Refused here"),
            rejected,
            reverse("delivery:rejected-list") + open_ones,
            level="red" if rejected else "",
        ),
    ]


class PeerPage(DetailPage):
    """One connection: line, queue, outages, what may be done."""

    model = Peer
    scoped = False
    lookup = "code"
    permission_required = "delivery.view_peer"
    template_name = "delivery/peer.html"

    def get_breadcrumbs(self):
        return crumbs(self.object.code)

    def get_summary(self):
        peer = self.object
        return [
            (_("Code"), peer.code),
            (_("Relation"), peer.get_relation_display()),
            (_("State"), badge(peer)),
            (_("Reason"), peer.state_reason),
            (_("Address"), peer.url),
            (_("Responsible unit"), peer.unit),
            (_("Contact person"), f"{peer.contact} {peer.phone}".strip()),
            (_("Software"), peer.software),
            (_("Last contact"), peer.contact_at),
            (_("Last success"), peer.success_at),
            (_("Last error"), peer.last_error),
            (_("Waiting over there"), peer.remote_pending),
        ]

    def get_actions(self):
        if not self.request.user.has_perm("delivery.manage_peer"):
            return []
        peer = self.object
        speaks, known = peer.speaks, peer.state != PeerState.DRAFT
        return [
            self._action("peer-suspend", _("Pause"), speaks, _("Not enabled")),
            self._action(
                "peer-resume",
                _("Resume"),
                peer.state == PeerState.SUSPENDED,
                _("Not paused") if known else _("Not enrolled yet"),
            ),
            self._action(
                "peer-invite",
                _("Invite"),
                peer.relation == Relation.CHILD,
                _("Only children are invited"),
            ),
            self._action("peer-edit", _("Edit"), True, ""),
            self._action("peer-test", _("Test the connection"), bool(peer.url), ""),
            self._action("peer-state", _("Change the state"), True, ""),
            self._action("peer-policy", _("Rules"), True, ""),
            self._action("peer-resend", _("Send a period again"), known, ""),
        ]

    def _action(self, name, label, allowed, why):
        url = reverse(f"delivery:{name}", args=[self.object.code])
        return {"name": label, "allowed": allowed, "why": why, "url": url}

    def get_context_data(self, **kwargs):
        peer = self.object
        return super().get_context_data(
            health=selectors.health(peer),
            interfaces=selectors.by_interface(peer),
            tests=peer.tests.select_related("by")[:5],
            outages=peer.outages.all()[:10],
            calls=peer.calls.all()[:10],
            arrivals=selectors.recent_arrivals(peer),
            refused=selectors.refused_groups(peer),
            policy=peer.rules,
            policies=peer.policies.select_related("by")[:10],
            hours=windows.render(peer.rules.windows),
            **kwargs,
        )


class PeerAdd(FormPage):
    """Register a child."""

    form_class = PeerForm
    permission_required = "delivery.manage_peer"
    title = gettext_lazy("Connect a platform")
    success_message = gettext_lazy("Connected. Invite it to let it enrol.")

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def perform(self, form):
        return enrolment.add_peer(by=self.request.user, **form.cleaned_data)


class PeerAction(ActionPage):
    """Something done to one connection."""

    model = Peer
    scoped = False
    lookup = "code"
    permission_required = "delivery.manage_peer"

    def get_breadcrumbs(self):
        return crumbs(self.object.code, self.title)


class PeerEdit(PeerAction):
    """Change name, address and whom to ask."""

    form_class = PeerEditForm
    title = gettext_lazy("Edit")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.get_object()}

    def perform(self, form):
        by = self.request.user
        return enrolment.edit_peer(peer=self.object, by=by, **form.cleaned_data)


class PeerTest(PeerAction):
    """Test the way there, the clocks, the signature and an echo."""

    form_class = ProbeForm
    title = gettext_lazy("Test the connection")
    lead = gettext_lazy("No record is sent; the result appears on the page.")

    def perform(self, form):
        by = self.request.user
        made = probing.probe(peer=self.object, by=by, **form.cleaned_data)
        if made.passed:
            messages.success(self.request, _("The test is passed."))
        else:
            messages.error(self.request, _("The test is not passed."))


class PeerSuspend(PeerAction):
    """Stop talking to a platform."""

    title = gettext_lazy("Pause")
    lead = gettext_lazy("Nothing is sent or accepted; what is announced waits.")
    success_message = gettext_lazy("Paused.")

    def perform(self, form):
        return enrolment.suspend(code=self.object.code, by=self.request.user)


class PeerResume(PeerAction):
    """Talk to a platform again."""

    title = gettext_lazy("Resume")
    lead = gettext_lazy("What waits is sent at once.")
    success_message = gettext_lazy("Resumed.")

    def perform(self, form):
        return enrolment.resume(code=self.object.code, by=self.request.user)


class PeerMove(PeerAction):
    """Take a connection to another state."""

    form_class = StateForm
    title = gettext_lazy("Change the state")
    success_message = gettext_lazy("The state is changed.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "states": states.allowed(self.object)}

    def perform(self, form):
        by = self.request.user
        return states.move(code=self.object.code, by=by, **form.cleaned_data)


class PeerRules(PeerAction):
    """Change what is allowed on a connection."""

    form_class = PolicyForm
    title = gettext_lazy("Rules")
    lead = gettext_lazy(
        "They count for both directions at once. What may not be sent waits; what may "
        "not come is refused with its reason."
    )
    success_message = gettext_lazy("The rules are changed.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.object.rules}

    def perform(self, form):
        by = self.request.user
        policies.change(peer=self.object, by=by, **form.cleaned_data)
        return self.object


class PeerInvite(PeerAction):
    """Make an enrolment token; it is shown once."""

    title = gettext_lazy("Invite")
    lead = gettext_lazy("Makes a token for one enrolment, good for 24 hours.")

    def perform(self, form):
        token = enrolment.invite(code=self.object.code, by=self.request.user)
        text = _("Token, shown only once: %(token)s") % {"token": token}
        messages.success(self.request, text)


class PeerResend(PeerAction):
    """Send what was made in a stretch of time again."""

    form_class = PeriodForm
    permission_required = "delivery.resend_problem"
    title = gettext_lazy("Send a period again")
    lead = gettext_lazy("What the platform has already is answered as unchanged.")

    def perform(self, form):
        count = resending.resend_between(
            peer=self.object, by=self.request.user, **form.cleaned_data
        )
        text = _("%(count)s groups are sent again.") % {"count": count}
        messages.success(self.request, text)
