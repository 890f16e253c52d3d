"""Pages of lists that are looked up."""

import django_filters
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.geocoding import search, services
from municipal.command.geocoding.enums import Match
from municipal.command.geocoding.forms import FixForm, LookupForm
from municipal.command.geocoding.models import Lookup, LookupRow
from municipal.command.geocoding.runners import ADDRESS_HEADS
from municipal.command.geocoding.tables import read_rows
from municipal.command.requests import user_of
from platform_core.common.errors import DomainError
from platform_core.jobs import services as jobs
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, Crumb, FormPage, ListPage, PageAction

from .addresses import VIEW

COLOURS = {
    "matched": "green",
    "fixed": "green",
    "ambiguous": "yellow",
    "missing": "red",
}


class LookupList(ListPage):
    """One's own lists."""

    model = Lookup
    permission_required = VIEW
    title = gettext_lazy("Address lists")
    search_fields = ("title",)
    columns = (
        Column("title", gettext_lazy("Title"), sort=True, link=True),
        Column("created_at", gettext_lazy("Made at"), sort=True),
    )
    empty_text = gettext_lazy("Upload a list of addresses to have them located.")

    def get_page_actions(self):
        url = reverse("geocoding:lookup-add")
        return [PageAction(_("Upload a list"), url, "upload", primary=True)]


class LookupAdd(FormPage):
    """Upload a list and have it looked up."""

    permission_required = VIEW
    form_class = LookupForm
    title = gettext_lazy("Upload a list")
    lead = gettext_lazy("xlsx or csv with a column 地址 (or address).")

    @transaction.atomic
    def perform(self, form):
        upload, user = form.cleaned_data["file"], user_of(self.request)
        rows = [_address(row) for _number, row in read_rows(upload)]
        title = form.cleaned_data["title"] or upload.name
        lookup = services.start_lookup(by=user, title=title, rows=rows)
        job = jobs.start(
            "geocoding.lookup", by=user, title=title, params={"lookup": lookup.pk}
        )
        lookup.job = job
        lookup.save(update_fields=["job"])
        return redirect(lookup.get_absolute_url())

    def get_cancel_url(self):
        return reverse("geocoding:lookups")


def _address(row):
    for head in ADDRESS_HEADS:
        if head in row:
            return row[head] or "?"
    text = _("The file has no column “地址”.")
    raise DomainError(text, fields={"file": text})


class RowFilter(django_filters.FilterSet):
    """By outcome."""

    match = django_filters.ChoiceFilter(
        choices=Match.choices, label=gettext_lazy("Match result")
    )

    class Meta:
        model = LookupRow
        fields = ["match"]


def outcome(row):
    """The outcome of a row."""
    return status(row.get_match_display(), COLOURS.get(row.match, "grey"))


class LookupPage(ListPage):
    """The match report of a list."""

    model = LookupRow
    permission_required = VIEW
    filterset_class = RowFilter
    search_fields = ("text", "found")
    ordering = ("row",)
    columns = (
        Column("row", gettext_lazy("Row"), sort=True, number=True),
        Column("text", gettext_lazy("Given address"), link=True),
        Column("match", gettext_lazy("Match result"), sort=True, render=outcome),
        Column("score", gettext_lazy("Score"), sort=True, number=True),
        Column("found", gettext_lazy("Found address")),
        Column("lon", gettext_lazy("Longitude"), number=True),
        Column("lat", gettext_lazy("Latitude"), number=True),
        Column("grid_code", gettext_lazy("Unit grid")),
    )

    def get_queryset(self):
        return super().get_queryset().filter(lookup=self.kwargs["pk"])

    def get_title(self):
        mine = Lookup.objects.visible_to(self.request.user)
        return get_object_or_404(mine, pk=self.kwargs["pk"]).title

    def get_breadcrumbs(self):
        return [
            Crumb(LookupList.title, reverse("geocoding:lookups")),
            Crumb(self.get_title()),
        ]


class LookupFix(ActionPage):
    """Fix the position of a row by hand."""

    model = LookupRow
    permission_required = VIEW
    form_class = FixForm
    template_name = "geocoding/fix.html"
    title = gettext_lazy("Fix the position")
    success_message = gettext_lazy("Saved.")

    def get_initial(self):
        row = self.object
        return {"found": row.found or row.text, "lon": row.lon, "lat": row.lat}

    def perform(self, form):
        services.fix_row(row=self.object, by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        return self.object.lookup.get_absolute_url()

    def get_cancel_url(self):
        return self.object.lookup.get_absolute_url()

    def get_context_data(self, **kwargs):
        found = search.geocode(self.object.text, limit=6)
        return super().get_context_data(candidates=found, **kwargs)
