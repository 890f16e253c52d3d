"""The entries as their editors see them."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exchange.aggregation.catalogue.enums import State
from exchange.aggregation.catalogue.filters import ResourceFilter
from exchange.aggregation.catalogue.forms import ProposalForm, ReasonForm, ResourceForm
from exchange.aggregation.catalogue.models import Resource
from exchange.aggregation.catalogue.services import entries as service
from exchange.aggregation.catalogue.services import proposals
from platform_core.regions.selectors import own_division
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .common import below, crumbs, facts, level_badge, person, share_badge, state_badge

TITLE = gettext_lazy("Entries of the catalogue")
RELATED = ("theme", "unit", "division", "table__current", "changed_by", "reviewed_by")


class ResourceList(ListPage):
    """All entries, whatever their state."""

    model = Resource
    permission_required = "catalogue.view_resource"
    title = TITLE
    empty_text = gettext_lazy("Add an entry, or have drafts made for all tables.")
    filterset_class = ResourceFilter
    search_fields = ("title", "code", "abstract", "table__code")
    ordering = ("code",)
    columns = (
        Column("title", gettext_lazy("Title"), sort=True, link=True),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=state_badge),
        Column("subset", gettext_lazy("Subset"), sort=True),
        Column("unit", gettext_lazy("Owner")),
        Column("share", gettext_lazy("Sharing"), sort=True, render=share_badge),
        Column("level", gettext_lazy("Security level"), sort=True, render=level_badge),
        Column("changed_by", gettext_lazy("Changed by")),
        Column("updated_at", gettext_lazy("Changed"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related(*RELATED)

    def get_page_actions(self):
        return [
            PageAction(
                _("Add an entry"),
                reverse("catalogue:resource-add"),
                icon="plus",
                primary=True,
                permission="catalogue.change_resource",
            ),
            PageAction(
                _("Drafts for all tables"),
                reverse("catalogue:propose"),
                icon="tree",
                permission="catalogue.change_resource",
                dialog=True,
            ),
        ]


class ResourceAdd(FormPage):
    """A new entry."""

    form_class = ResourceForm
    permission_required = "catalogue.change_resource"
    title = gettext_lazy("Add an entry")
    success_message = gettext_lazy("Saved as a draft.")
    success_url = "catalogue:resource-list"

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:resource-list", self.title)

    def get_initial(self):
        first = {"division": own_division().code, "formats": ["json"]}
        first["contact"] = person(self.request).full_name
        return {**first, **super().get_initial()}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def get_success_url(self, result):
        return result.get_absolute_url()

    def perform(self, form):
        return service.draft(facts=form.facts(), by=person(self.request))


class Propose(FormPage):
    """Drafts for the tables that have no entry yet."""

    form_class = ProposalForm
    permission_required = "catalogue.change_resource"
    title = gettext_lazy("Drafts for all tables")
    lead = gettext_lazy("Each published table without an entry gets a draft.")
    success_url = "catalogue:resource-list"

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:resource-list", self.title)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def perform(self, form):
        by = person(self.request)
        made = proposals.propose(unit=form.cleaned_data["unit"], by=by)
        text = ngettext("%(count)s draft made.", "%(count)s drafts made.", made)
        messages.success(self.request, text % {"count": made})


# Name of the address, label, states in which it may be done, permission.
ACTIONS = (
    ("change", gettext_lazy("Change"), tuple(State), "catalogue.change_resource"),
    (
        "submit",
        gettext_lazy("Submit for review"),
        (State.DRAFT, State.WITHDRAWN),
        "catalogue.change_resource",
    ),
    (
        "review",
        gettext_lazy("Agree to the entry"),
        (State.REVIEWING,),
        "catalogue.review_resource",
    ),
    (
        "return",
        gettext_lazy("Send back"),
        (State.REVIEWING, State.REVIEWED),
        "catalogue.review_resource",
    ),
    (
        "publish",
        gettext_lazy("Publish"),
        (State.REVIEWED,),
        "catalogue.publish_resource",
    ),
)


class ResourcePage(DetailPage):
    """One entry, what may be done with it, and its versions."""

    model = Resource
    lookup = "uid"
    permission_required = "catalogue.view_resource"
    template_name = "catalogue/resource.html"

    def get_queryset(self):
        return super().get_queryset().select_related(*RELATED)

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:resource-list", self.object.title)

    def get_summary(self):
        row = self.object
        return [
            (_("State"), state_badge(row)),
            (_("Reason"), row.reason),
            (_("Changed by"), row.changed_by),
            (_("Reviewed by"), row.reviewed_by),
            *facts(row),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        done = [
            self._action(name, label, row.state in states)
            for name, label, states, permission in ACTIONS
            if user.has_perm(permission)
        ]
        if user.has_perm("catalogue.publish_resource"):
            live = row.editions.filter(current=True).exists()
            done.append(self._action("withdraw", _("Withdraw"), live))
        return done

    def _action(self, name, label, allowed):
        url = reverse(f"catalogue:{name}", args=[self.object.uid])
        why = _("Not in this state")
        return {"name": label, "allowed": allowed, "why": why, "url": url}

    def get_context_data(self, **kwargs):
        versions = self.object.editions.select_related("published_by", "resource")
        return super().get_context_data(versions=versions, **kwargs)


class ResourceMixin(ActionPage):
    """Something done to one entry."""

    model = Resource
    lookup = "uid"
    permission_required = "catalogue.change_resource"

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:resource-list", self.title)


class Change(ResourceMixin, EditPage):
    """New facts; the published version stays until the next one."""

    form_class = ResourceForm
    title = gettext_lazy("Change")
    lead = gettext_lazy("Readers see the change when it is published.")
    success_message = gettext_lazy("Saved as a draft.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def perform(self, form):
        return service.change(
            resource=self.object, facts=form.facts(), by=person(self.request)
        )


class ResourceAction(ResourceMixin):
    """A step of an entry's life."""

    act: ClassVar[Callable[..., Any]]

    def perform(self, form):
        act = type(self).act
        return act(resource=self.object, by=person(self.request), **form.cleaned_data)


class Submit(ResourceAction):
    """Ask for a review."""

    title = gettext_lazy("Submit for review")
    act = service.submit


class Review(ResourceAction):
    """Agree."""

    permission_required = "catalogue.review_resource"
    title = gettext_lazy("Agree to the entry")
    act = service.review


class SendBack(ResourceAction):
    """Not yet."""

    form_class = ReasonForm
    permission_required = "catalogue.review_resource"
    title = gettext_lazy("Send back")
    submit_level = "danger"
    act = service.send_back


class Publish(ResourceAction):
    """Into the catalogue."""

    permission_required = "catalogue.publish_resource"
    title = gettext_lazy("Publish")
    lead = gettext_lazy("It appears in the catalogue and in its DCAT.")
    act = service.publish


class Withdraw(ResourceAction):
    """Out of the catalogue."""

    form_class = ReasonForm
    permission_required = "catalogue.publish_resource"
    title = gettext_lazy("Withdraw")
    lead = gettext_lazy("It leaves the catalogue; its history stays.")
    submit_level = "danger"
    act = service.withdraw
