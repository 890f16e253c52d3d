"""Pages of the base of addresses: look, change, review, import."""

from typing import Any

import django_filters
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import selectors
from municipal.command.geocoding import services
from municipal.command.geocoding.enums import AddressState, PlaceKind, Verdict, Work
from municipal.command.geocoding.forms import (
    AddressForm,
    ReasonForm,
    ReviewForm,
    UploadForm,
    initial_of,
)
from municipal.command.geocoding.models import Address, AddressChange
from municipal.command.requests import user_of
from platform_core.geo import shapes
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

VIEW = "geocoding.view_address"
CHANGE = "geocoding.change_address"
REVIEW = "geocoding.review_address"
COLOURS = {
    AddressState.DRAFT: "yellow",
    AddressState.PUBLISHED: "green",
    AddressState.RETIRED: "grey",
    Verdict.PENDING: "yellow",
    Verdict.APPROVED: "green",
    Verdict.REFUSED: "red",
}


def badge(row):
    """State of an address."""
    return status(row.get_state_display(), COLOURS[row.state])


def verdict(row):
    """Verdict on a change."""
    return status(row.get_verdict_display(), COLOURS[row.verdict])


class AddressFilter(django_filters.FilterSet):
    """By kind, state and area."""

    kind = django_filters.ChoiceFilter(
        choices=PlaceKind.choices, label=gettext_lazy("Kind of place")
    )
    state = django_filters.ChoiceFilter(
        choices=AddressState.choices, label=gettext_lazy("State")
    )
    area_code = django_filters.CharFilter(
        lookup_expr="startswith", label=gettext_lazy("Area code begins with")
    )

    class Meta:
        model = Address
        fields = ["kind", "state", "area_code"]


class AddressList(ListPage):
    """All addresses."""

    model = Address
    permission_required = VIEW
    title = gettext_lazy("Addresses")
    filterset_class = AddressFilter
    search_fields = ("standard", "code__startswith", "name")
    search_hint = gettext_lazy("Address, code or name")
    ordering = ("code",)
    columns = (
        Column("standard", gettext_lazy("Standard address"), sort=True, link=True),
        Column("kind", gettext_lazy("Kind of place"), sort=True),
        Column("code", gettext_lazy("Address code"), sort=True),
        Column("grid_code", gettext_lazy("Unit grid"), sort=True),
        Column("category", gettext_lazy("Category"), default=False),
        Column("lon", gettext_lazy("Longitude"), default=False),
        Column("lat", gettext_lazy("Latitude"), default=False),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("updated_at", gettext_lazy("Changed at"), sort=True, default=False),
    )
    empty_text = gettext_lazy("Standard addresses appear here.")

    def get_page_actions(self):
        return [
            PageAction(
                _("Import"), reverse("geocoding:import"), "upload", permission=CHANGE
            ),
            PageAction(
                _("Add address"),
                reverse("geocoding:address-add"),
                "plus",
                primary=True,
                permission=CHANGE,
            ),
        ]


class Crumbs:
    """The way to the page of an address."""

    object: Any
    title: Any

    def get_breadcrumbs(self):
        return [
            Crumb(AddressList.title, reverse("geocoding:addresses")),
            Crumb(str(self.object) if self.object else self.title),
        ]


class AddressPage(Crumbs, DetailPage):
    """One address with its map and history."""

    model = Address
    permission_required = VIEW
    template_name = "geocoding/address.html"

    def get_summary(self):
        row = self.object
        return [
            (_("State"), badge(row)),
            (_("Address code"), row.code),
            (_("Kind of place"), row.get_kind_display()),
            (_("Aliases"), "，".join(row.aliases)),
            (_("Category"), row.category),
            (_("Unit grid"), row.grid_code),
            (_("Position"), f"{row.lon:.7f}, {row.lat:.7f}"),
            (_("Collected on"), row.collected_on),
            (_("Retired on"), row.retired_on),
            (_("Remark"), row.note),
        ]

    def get_page_actions(self):
        if self.object.state != AddressState.PUBLISHED:
            return []
        key = [self.object.pk]
        return [
            PageAction(
                _("Retire"),
                reverse("geocoding:address-retire", args=key),
                permission=CHANGE,
                dialog=True,
            ),
            PageAction(
                _("Change address"),
                reverse("geocoding:address-edit", args=key),
                "edit",
                primary=True,
                permission=CHANGE,
            ),
        ]

    def get_timeline(self):
        rows = self.object.changes.select_related("by", "reviewed_by")
        return [_told(row) for row in rows]

    def get_context_data(self, **kwargs):
        row = self.object
        point = shapes.point(row.lon, row.lat)
        features = [shapes.feature(point, {"title": row.standard})]
        return super().get_context_data(
            points=shapes.collection(features),
            pending=row.changes.filter(verdict=Verdict.PENDING).first(),
            may_review=self.request.user.has_perm(REVIEW),
            **kwargs,
        )


def _told(change):
    said = change.opinion or change.get_verdict_display()
    person = f"（{change.reviewed_by}）" if change.reviewed_by else ""
    return {
        "title": change.get_work_display(),
        "at": change.at,
        "by_name": str(change.by or ""),
        "note": f"{change.note} → {said}{person}",
    }


class AddressAdd(Crumbs, FormPage):
    """Propose a new address."""

    permission_required = CHANGE
    form_class = AddressForm
    template_name = "geocoding/address_form.html"
    title = gettext_lazy("Add address")
    success_message = gettext_lazy("Entered; another person has to review it.")

    def perform(self, form):
        return services.propose_address(
            by=user_of(self.request), values=form.cleaned_data
        )

    def get_cancel_url(self):
        return reverse("geocoding:addresses")


class AddressEdit(Crumbs, ActionPage):
    """Propose a change."""

    model = Address
    permission_required = CHANGE
    form_class = AddressForm
    template_name = "geocoding/address_form.html"
    title = gettext_lazy("Change address")
    success_message = gettext_lazy("Entered; another person has to review it.")

    def get_initial(self):
        return initial_of(self.object)

    def perform(self, form):
        services.propose_edit(
            address=self.object, by=user_of(self.request), values=form.cleaned_data
        )


class AddressRetire(Crumbs, ActionPage):
    """Propose to take an address out of use."""

    model = Address
    permission_required = CHANGE
    form_class = ReasonForm
    title = gettext_lazy("Retire address")
    success_message = gettext_lazy("Entered; another person has to review it.")

    def perform(self, form):
        services.propose_retirement(
            address=self.object, by=user_of(self.request), **form.cleaned_data
        )


class ChangeFilter(django_filters.FilterSet):
    """By verdict and kind of change."""

    verdict = django_filters.ChoiceFilter(
        choices=Verdict.choices, label=gettext_lazy("Verdict")
    )
    work = django_filters.ChoiceFilter(
        choices=Work.choices, label=gettext_lazy("Kind of change")
    )

    class Meta:
        model = AddressChange
        fields = ["verdict", "work"]


def approve_change(change, user):
    """Approve one of many."""
    services.review(change=change, by=user, approve=True)


class ChangeList(ListPage):
    """Changes of addresses: what waits, and what was decided."""

    model = AddressChange
    permission_required = VIEW
    title = gettext_lazy("Changes of addresses")
    filterset_class = ChangeFilter
    search_fields = ("address__standard", "address__code__startswith")
    columns = (
        Column("address.standard", gettext_lazy("Standard address"), link=True),
        Column("work", gettext_lazy("Kind of change"), sort=True),
        Column("by", gettext_lazy("Made by")),
        Column("at", gettext_lazy("Made at"), sort=True),
        Column("verdict", gettext_lazy("Verdict"), sort=True, render=verdict),
        Column("reviewed_by", gettext_lazy("Reviewed by")),
        Column("opinion", gettext_lazy("Opinion")),
    )
    bulk_actions = (
        BulkAction(
            "approve", gettext_lazy("Approve"), run=approve_change, permission=REVIEW
        ),
    )
    empty_text = gettext_lazy("Changes of addresses and their review appear here.")

    def get_queryset(self):
        return super().get_queryset().select_related("address", "by", "reviewed_by")


def told(name: str, value: Any) -> Any:
    """A value of an address as people read it; numbers with all their digits."""
    if name == "kind":
        return dict(Address._meta.get_field("kind").flatchoices).get(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if isinstance(value, float) else value


class ReviewPage(ActionPage):
    """Decide on a change."""

    model = AddressChange
    permission_required = REVIEW
    form_class = ReviewForm
    title = gettext_lazy("Review change")
    template_name = "geocoding/review.html"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.review(
            change=self.object,
            by=user_of(self.request),
            approve=form.cleaned_data["approve"] == "1",
            opinion=form.cleaned_data["opinion"],
        )

    def get_context_data(self, **kwargs):
        before, after = self.object.before, self.object.values
        names = [
            name for name in services.FIELDS if before.get(name) != after.get(name)
        ]
        fields = {field.name: field for field in Address._meta.fields}
        label = {name: fields[name].verbose_name for name in names}
        rows = [
            (label[name], told(name, before.get(name)), told(name, after.get(name)))
            for name in names
        ]
        return super().get_context_data(differences=rows, **kwargs)


class ImportPage(FormPage):
    """Import addresses from a table."""

    permission_required = CHANGE
    form_class = UploadForm
    title = gettext_lazy("Import addresses")
    lead = gettext_lazy(
        "Columns: 地点类型, 街巷名, 小区名, 门楼址, 地名, 类别, 别名 (separated by |), "
        "经度, 纬度, 备注. Each row waits for the review of another person."
    )

    def perform(self, form):
        made = jobs.start(
            "geocoding.import", by=self.request.user, upload=form.cleaned_data["file"]
        )
        return redirect(made.get_absolute_url())

    def get_cancel_url(self):
        return reverse("geocoding:addresses")


class ImportApprove(ActionPage):
    """Approve everything that came with the same import."""

    model = AddressChange
    permission_required = REVIEW
    title = gettext_lazy("Approve the whole import")
    submit_label = gettext_lazy("Approve")

    def perform(self, form):
        batch = str(self.object.batch or "")
        if not batch:
            return None
        made = jobs.start(
            "geocoding.approve", by=self.request.user, params={"batch": batch}
        )
        return HttpResponseRedirect(made.get_absolute_url())


class SearchPage(PlainPage):
    """Try the search: candidates on a map, or a position in words."""

    permission_required = VIEW
    template_name = "geocoding/search.html"
    title = gettext_lazy("Find a place")

    def get_context_data(self, **kwargs):
        own = regions.own_division()
        middle = selectors.middle_of_grids() or (own.lon or 0.0, own.lat or 0.0)
        return super().get_context_data(middle=middle, **kwargs)
