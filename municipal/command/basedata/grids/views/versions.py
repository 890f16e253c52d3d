"""Pages of unit grids: list, map, drafts, publication."""

from typing import Any

import django_filters
from django.db.models import Count
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import selectors as command
from municipal.command.basedata.grids import forms, selectors, services
from municipal.command.basedata.models import GridVersion
from municipal.command.basedata.models.grids import AreaKind, VersionState
from municipal.command.models import UnitGrid
from municipal.command.requests import user_of
from platform_core.geo import shapes as geojson
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.permissions import page
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

VIEW = "basedata.view_gridversion"
EDIT = "basedata.edit_grids"
PUBLISH = "basedata.publish_grids"
LAYERS = (
    ("unit", gettext_lazy("Unit grids")),
    ("duty", gettext_lazy("Duty grids")),
    *AreaKind.choices,
    ("community", gettext_lazy("Communities")),
    ("street", gettext_lazy("Streets")),
    ("district", gettext_lazy("Districts")),
)
COLOURS = {
    VersionState.DRAFT: "yellow",
    VersionState.PUBLISHED: "green",
    VersionState.ROLLED_BACK: "grey",
}


def badge(row: Any) -> Any:
    """State of a version."""
    return status(row.get_state_display(), COLOURS[row.state])


def middle() -> tuple[float, float]:
    """Where maps open: the middle of the city's grids."""
    own = regions.own_division()
    return command.middle_of_grids() or (own.lon or 0.0, own.lat or 0.0)


class GridFilter(django_filters.FilterSet):
    """By area, duty grid and whether in use."""

    code = django_filters.CharFilter(
        lookup_expr="startswith", label=gettext_lazy("Code begins with")
    )
    retired = django_filters.BooleanFilter(
        field_name="valid_to",
        lookup_expr="isnull",
        exclude=True,
        label=gettext_lazy("Out of use"),
    )

    class Meta:
        model = UnitGrid
        fields = ["code", "retired"]


class GridList(ListPage):
    """Unit grids in use and out of use."""

    model = UnitGrid
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Unit grids")
    filterset_class = GridFilter
    search_fields = ("code__startswith", "duty_grid__name", "community__name")
    search_hint = gettext_lazy("Code, community or duty grid")
    ordering = ("code",)
    columns = (
        Column("code", gettext_lazy("Code"), sort=True),
        Column("community.name", gettext_lazy("Community"), sort="community"),
        Column("duty_grid.name", gettext_lazy("Duty grid")),
        Column("area", gettext_lazy("Square metres"), sort=True, number=True),
        Column("valid_from", gettext_lazy("Valid from"), sort=True),
        Column("valid_to", gettext_lazy("Valid to"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("community", "duty_grid")

    def get_page_actions(self):
        return [
            PageAction(_("Map"), reverse("basedata:grid-map"), "map"),
            PageAction(
                _("Export GeoJSON"), reverse("basedata:grid-export"), "download"
            ),
            PageAction(
                _("Versions"),
                reverse("basedata:grid-versions"),
                "history",
                primary=True,
            ),
        ]


class GridMap(PlainPage):
    """All kinds of grids on the map, also of an earlier version."""

    permission_required = VIEW
    template_name = "basedata/grid_map.html"
    title = gettext_lazy("Map of grids")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("layer", "unit")
        number = self.request.GET.get("version", "")
        url = f"{reverse('basedata:grid-shapes')}?layer={chosen}&version={number}"
        versions = GridVersion.objects.exclude(number=None).order_by("-number")
        return super().get_context_data(
            layers=LAYERS,
            chosen=chosen,
            shapes_url=url,
            versions=versions,
            number=number,
            **kwargs,
        )


def _version(request: Any) -> int | None:
    number = request.GET.get("version", "")
    return int(number) if number.isdigit() else None


@page(permission=VIEW)
def grid_shapes(request: Any) -> JsonResponse:
    """A layer of grids as GeoJSON, now or at a version."""
    kind, number = request.GET.get("layer", "unit"), _version(request)
    if kind not in dict(LAYERS):
        raise Http404(kind)
    if number is not None:
        rows = selectors.at_version(number).select_related("duty_grid")
        return JsonResponse(selectors.features(rows))
    return JsonResponse(selectors.layer(kind))


@page(permission=VIEW)
def grid_export(request: Any) -> JsonResponse:
    """The unit grids as a GeoJSON file."""
    response = grid_shapes(request)
    response["Content-Type"] = "application/geo+json"
    response["Content-Disposition"] = 'attachment; filename="grids.geojson"'
    return response


class VersionList(ListPage):
    """Drafts and published versions."""

    model = GridVersion
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Versions of the grids")
    search_fields = ("title", "note")
    columns = (
        Column("title", gettext_lazy("Title"), link=True),
        Column("number", gettext_lazy("Version"), sort=True, number=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("made_by", gettext_lazy("Made by")),
        Column("published_by", gettext_lazy("Published by")),
        Column("effective_on", gettext_lazy("Effective on"), sort=True),
        Column("changes", gettext_lazy("Changed grids"), number=True),
    )
    empty_text = gettext_lazy("Drafts and published versions of the grids appear here.")

    def get_queryset(self):
        rows = super().get_queryset().select_related("made_by", "published_by")
        return rows.annotate(changes=Count("edits"))

    def get_page_actions(self):
        url = reverse("basedata:grid-draft")
        label = _("New draft")
        return [PageAction(label, url, "plus", primary=True, permission=EDIT)]


class VersionCrumbs:
    """The way to a version."""

    object: Any
    title: Any

    def get_breadcrumbs(self):
        return [
            Crumb(VersionList.title, reverse("basedata:grid-versions")),
            Crumb(str(self.object) if self.object else self.title),
        ]


class DraftAdd(VersionCrumbs, FormPage):
    """Begin a draft."""

    permission_required = EDIT
    form_class = forms.DraftForm
    title = gettext_lazy("New draft")

    def perform(self, form):
        return services.open_draft(by=user_of(self.request), **form.cleaned_data)

    def get_cancel_url(self):
        return reverse("basedata:grid-versions")


class VersionPage(VersionCrumbs, DetailPage):
    """A version: its changes on the map and in a list, and what stands in its way."""

    model = GridVersion
    scoped = False
    permission_required = VIEW
    template_name = "basedata/grid_version.html"

    def get_page_actions(self):
        key = [self.object.pk]
        rows = {
            VersionState.DRAFT: [
                ("grid-draw", _("Draw"), EDIT, False),
                ("grid-import", _("Import"), EDIT, True),
                ("grid-discard", _("Discard draft"), EDIT, True),
                ("grid-publish", _("Publish grids"), PUBLISH, True),
            ],
            VersionState.PUBLISHED: [("grid-roll-back", _("Roll back"), PUBLISH, True)],
        }
        return [
            PageAction(
                label,
                reverse(f"basedata:{name}", args=key),
                permission=right,
                dialog=box,
            )
            for name, label, right, box in rows.get(self.object.state, [])
        ]

    def get_summary(self):
        row = self.object
        return [
            (_("State"), badge(row)),
            (_("Version"), row.number),
            (_("Made by"), row.made_by),
            (_("Published by"), row.published_by),
            (_("Effective on"), row.effective_on),
            (_("Tolerance in square metres"), row.tolerance),
            (_("Remark"), row.note),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.object
        edits = list(version.edits.select_related("duty_grid"))
        colours = {"add": "green", "retire": "red"}
        areas = geojson.collection(
            geojson.feature(
                edit.geometry, {"title": str(edit), "level": colours[edit.work]}
            )
            for edit in edits
            if edit.geometry
        )
        found = selectors.problems(version) if version.is_draft else []
        return super().get_context_data(
            edits=edits, areas=areas if edits else None, problems=found, **kwargs
        )


class DraftAction(VersionCrumbs, ActionPage):
    """Something done to a version."""

    model = GridVersion
    scoped = False


class DrawPage(DraftAction):
    """Draw in a draft."""

    permission_required = EDIT
    form_class = forms.DrawForm
    template_name = "basedata/grid_draw.html"
    title = gettext_lazy("Draw grids")
    success_message = gettext_lazy("Drawn. Publish the draft to make it valid.")

    def perform(self, form):
        draw(self.object, user_of(self.request), form.cleaned_data)

    def get_success_url(self, result):
        return reverse("basedata:grid-draw", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pieces = selectors.pieces(self.object)
        areas = geojson.collection(
            geojson.feature(
                geojson.write(piece.form),
                {"title": piece.code, "level": "green" if piece.is_new else "blue"},
            )
            for piece in pieces.values()
        )
        return super().get_context_data(
            areas=areas,
            middle=middle(),
            problems=selectors.problems(self.object),
            **kwargs,
        )


def draw(version: GridVersion, by: Any, data: dict[str, Any]) -> None:
    """Do what the form asks for."""
    work, codes, drawn = data["work"], data["codes"], data["geometry"]
    common: dict[str, Any] = {"version": version, "by": by}
    if work == "add":
        services.add_grid(**common, community=data["community"], geometry=drawn)
    elif work == "merge":
        services.merge_grids(**common, codes=codes)
    elif work == "split":
        services.split_grid(**common, code=codes[0], line=drawn)
    elif work == "redraw":
        services.redraw_grid(**common, code=codes[0], geometry=drawn)
    else:
        for code in codes:
            services.retire_grid(**common, code=code)


class ImportPage(DraftAction):
    """Import polygons into a draft."""

    permission_required = EDIT
    form_class = forms.ImportForm
    title = gettext_lazy("Import unit grids")
    lead = gettext_lazy(
        "GeoJSON in CGCS2000; the property community (or BGID) holds the code of the "
        "community, duty_grid that of the duty grid."
    )

    def perform(self, form):
        made = jobs.start(
            "basedata.import_grids",
            by=self.request.user,
            params={"version": self.object.pk},
            upload=form.cleaned_data["file"],
        )
        return redirect(made.get_absolute_url())


class DiscardPage(DraftAction):
    """Throw a draft away."""

    permission_required = EDIT
    title = gettext_lazy("Discard draft")
    submit_level = "danger"
    submit_label = gettext_lazy("Discard draft")

    def perform(self, form):
        services.discard_draft(version=self.object, by=user_of(self.request))
        return redirect("basedata:grid-versions")


class PublishPage(DraftAction):
    """Make a draft valid."""

    permission_required = PUBLISH
    title = gettext_lazy("Publish grids")
    submit_label = gettext_lazy("Publish grids")
    lead = gettext_lazy(
        "Open cases and components in changed grids get the new codes by a job."
    )

    def perform(self, form):
        job = services.publish_version(version=self.object, by=user_of(self.request))
        return self.leave(job.get_absolute_url())


class RollBackPage(DraftAction):
    """Undo the last version."""

    permission_required = PUBLISH
    title = gettext_lazy("Roll back")
    submit_label = gettext_lazy("Roll back")
    submit_level = "danger"
    lead = gettext_lazy("The grids before it are valid again; its codes stay unused.")

    def perform(self, form):
        job = services.roll_back(version=self.object, by=user_of(self.request))
        return self.leave(job.get_absolute_url())
