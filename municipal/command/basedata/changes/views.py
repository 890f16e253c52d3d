"""Pages of proposals: what waits, what differs, decide."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.enums import Change, Origin, ProposalState
from municipal.command.basedata.models import Proposal
from municipal.command.requests import user_of
from platform_core.files import services as files
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.permissions import SIGNED_IN
from platform_core.ui.views import ActionPage, BulkAction, Crumb, DetailPage, ListPage

from . import selectors, services

REVIEW = "basedata.review_change"
COLORS = {
    ProposalState.PENDING: "blue",
    ProposalState.PUBLISHED: "green",
    ProposalState.REJECTED: "red",
    ProposalState.WITHDRAWN: "grey",
}
CRUMB = Crumb(gettext_lazy("Base data"))


def badge(proposal: Proposal) -> object:
    """The state in its colour."""
    color = COLORS[ProposalState(proposal.state)]
    return components.status(proposal.get_state_display(), color)


class ProposalFilter(django_filters.FilterSet):
    """By state, kind of change and origin."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=ProposalState.choices,
        empty_label=gettext_lazy("All"),
    )
    change = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of change"),
        choices=Change.choices,
        empty_label=gettext_lazy("All"),
    )
    origin = django_filters.ChoiceFilter(
        label=gettext_lazy("Found by"),
        choices=Origin.choices,
        empty_label=gettext_lazy("All"),
    )
    subject = django_filters.ChoiceFilter(
        label=gettext_lazy("Subject"),
        choices=(
            ("component", gettext_lazy("Component")),
            ("layerfeature", gettext_lazy("Thematic layer")),
        ),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Proposal
        fields = ("state", "change", "origin", "subject")


class ProposalList(ListPage):
    """Proposed changes: one's own, and those one may decide about."""

    model = Proposal
    permission_required = "basedata.propose_change"
    title = gettext_lazy("Proposed changes")
    filterset_class = ProposalFilter
    search_fields = ("title", "reason")
    ordering = ("-pk",)
    empty_text = gettext_lazy("Changes of components and layers wait here for review.")
    columns = (
        Column("title", gettext_lazy("Subject"), link=True),
        Column("change", gettext_lazy("Kind of change")),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("origin", gettext_lazy("Found by")),
        Column("reason", gettext_lazy("Reason")),
        Column("proposed_by.full_name", gettext_lazy("Proposed by")),
        Column("created_at", gettext_lazy("Proposed"), sort=True),
        Column("reviewed_by.full_name", gettext_lazy("Reviewed by")),
        Column("campaign", gettext_lazy("Survey"), default=False),
    )
    bulk_actions = (
        BulkAction(
            "publish",
            gettext_lazy("Publish"),
            run=lambda row, user: services.publish(row, by=user),
            permission=REVIEW,
        ),
        BulkAction(
            "reject",
            gettext_lazy("Reject"),
            run=lambda row, user: services.reject(
                row, by=user, note=_("Rejected together with others.")
            ),
            permission=REVIEW,
        ),
    )

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("proposed_by", "reviewed_by", "campaign")
        )

    def get_breadcrumbs(self):
        return [CRUMB, Crumb(self.title)]


class ProposalDetail(DetailPage):
    """Before and after of a proposed change, and what can be decided."""

    model = Proposal
    lookup = "uid"
    permission_required = SIGNED_IN
    template_name = "basedata/proposal.html"
    object: Proposal

    def get_queryset(self):
        return selectors.proposals(user_of(self.request))

    def get_breadcrumbs(self):
        url = reverse("basedata:proposal-list")
        return [CRUMB, Crumb(_("Proposed changes"), url), Crumb(str(self.object))]

    def get_summary(self):
        row = self.object
        return [
            (_("Kind of change"), row.get_change_display()),
            (_("State"), badge(row)),
            (_("Found by"), row.get_origin_display()),
            (_("Reason"), row.reason),
            (_("Proposed by"), row.proposed_by.full_name),
            (_("Proposed"), row.created_at),
            (_("Reviewed by"), row.reviewed_by and row.reviewed_by.full_name),
            (_("Opinion"), row.review_note),
            (_("Survey"), row.campaign),
        ]

    def get_actions(self):
        row, user = self.object, user_of(self.request)
        if row.state != ProposalState.PENDING:
            return []
        own = row.proposed_by_id == user.pk
        found = []
        if user.has_perm(REVIEW):
            why = _("somebody else has to review it")
            names = (("publish", _("Publish")), ("reject", _("Reject")))
            found = [self._option(*name, allowed=not own, why=why) for name in names]
            if row.target is not None:
                behind = row.target.revision != row.base_revision
                found.append(
                    self._option(
                        "renew",
                        _("Renew"),
                        allowed=behind,
                        why=_("nothing was published meanwhile"),
                    )
                )
        if own:
            found.append(self._option("withdraw", _("Take back")))
        return found

    def _option(
        self, code: str, label: str, *, allowed: bool = True, why: str = ""
    ) -> dict[str, Any]:
        url = reverse(f"basedata:proposal-{code}", args=[self.object.uid])
        return {"name": label, "allowed": allowed, "why": why, "url": url}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        target = row.target
        behind = (
            row.state == ProposalState.PENDING
            and target is not None
            and target.revision != row.base_revision
        )
        return super().get_context_data(
            differences=selectors.differences(row),
            target=target,
            behind=behind,
            photos=files.of(row, services.PHOTO),
            **kwargs,
        )


class NoteForm(forms.Form):
    """An opinion."""

    note = forms.CharField(
        label=gettext_lazy("Opinion"), max_length=300, required=False
    )


class RefusalForm(forms.Form):
    """The reason of a refusal."""

    note = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class DecisionPage(ActionPage):
    """What the pages about one proposal share."""

    model = Proposal
    lookup = "uid"
    permission_required = REVIEW
    object: Proposal


class PublishPage(DecisionPage):
    """Make a proposed change valid."""

    form_class = NoteForm
    title = gettext_lazy("Publish")
    submit_label = gettext_lazy("Publish")
    success_message = gettext_lazy("Published.")

    def perform(self, form):
        note = form.cleaned_data["note"]
        return services.publish(self.object, by=user_of(self.request), note=note)


class RejectPage(DecisionPage):
    """Refuse a proposed change."""

    form_class = RefusalForm
    title = gettext_lazy("Reject")
    submit_label = gettext_lazy("Reject")
    submit_level = "danger"

    def perform(self, form):
        note = form.cleaned_data["note"]
        return services.reject(self.object, by=user_of(self.request), note=note)


class RenewPage(DecisionPage):
    """Put the changes on top of what was published meanwhile."""

    title = gettext_lazy("Renew")
    submit_label = gettext_lazy("Renew")

    def perform(self, form):
        return services.renew(self.object, by=user_of(self.request))


class WithdrawPage(DecisionPage):
    """Take back one's own proposal."""

    permission_required = "basedata.propose_change"
    title = gettext_lazy("Take back")
    submit_label = gettext_lazy("Take back")

    def perform(self, form):
        return services.withdraw(self.object, by=user_of(self.request))
