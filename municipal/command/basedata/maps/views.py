"""Pages of map layers and 3D services."""

from typing import Any

from django.db.models import Count
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places
from municipal.command.basedata.models import CimService, MapLayer
from municipal.command.basedata.models.maps import MapService
from municipal.command.requests import user_of
from platform_core.common.errors import DomainError
from platform_core.ui.columns import Column
from platform_core.ui.permissions import PUBLIC, page
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from . import forms, selectors, services

VIEW = "basedata.view_maplayer"
CHANGE = "basedata.change_maps"


class LayerList(ListPage):
    """Base maps and overlays."""

    model = MapLayer
    permission_required = VIEW
    title = gettext_lazy("Map layers")
    search_fields = ("name", "description")
    ordering = ("use", "order", "pk")
    columns = (
        Column(
            "name",
            gettext_lazy("Name"),
            sort=True,
            link=lambda row: reverse("basedata:map-layer", args=[row.pk]),
        ),
        Column("use", gettext_lazy("use"), sort=True),
        Column("service", gettext_lazy("Service"), sort=True),
        Column("coord_sys", gettext_lazy("Coordinate system")),
        Column("order", gettext_lazy("Order"), sort=True, number=True),
        Column("many", gettext_lazy("Points"), number=True),
        Column("is_active", gettext_lazy("In use"), sort=True),
        Column("is_public", gettext_lazy("Also for citizens")),
    )
    empty_text = gettext_lazy("Base maps and overlays appear here; maps work without.")

    def get_queryset(self):
        return super().get_queryset().annotate(many=Count("points"))

    def get_page_actions(self):
        url = reverse("basedata:map-layer-add")
        return [
            PageAction(_("Add layer"), url, "plus", primary=True, permission=CHANGE)
        ]


class LayerAdd(FormPage):
    """Register a layer."""

    permission_required = CHANGE
    form_class = forms.LayerForm
    title = gettext_lazy("Add layer")
    success_url = "basedata:map-layers"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.save_layer(by=user_of(self.request), values=form.cleaned_data)


class LayerCrumbs:
    """The way to a layer."""

    object: Any

    def get_breadcrumbs(self):
        above = Crumb(LayerList.title, reverse("basedata:map-layers"))
        return [above, Crumb(str(self.object))]


class LayerEdit(LayerCrumbs, EditPage):
    """Change a layer."""

    model = MapLayer
    permission_required = CHANGE
    form_class = forms.LayerForm
    title = gettext_lazy("Map layer")
    success_url = "basedata:map-layers"
    success_message = gettext_lazy("Saved.")

    def get_page_actions(self):
        key = [self.object.pk]
        rows = [("map-layer-delete", _("Delete layer"))]
        if self.object.service == MapService.POINTS:
            rows.append(("map-points", _("Load points")))
        return [
            PageAction(label, reverse(f"basedata:{name}", args=key), dialog=True)
            for name, label in rows
        ]

    def perform(self, form):
        layer = MapLayer.objects.get(pk=self.object.pk)
        services.save_layer(
            by=user_of(self.request), values=form.cleaned_data, layer=layer
        )


class LayerDelete(LayerCrumbs, ActionPage):
    """Take a layer away."""

    model = MapLayer
    permission_required = CHANGE
    title = gettext_lazy("Delete layer")
    submit_level = "danger"
    submit_label = gettext_lazy("Delete layer")
    success_url = "basedata:map-layers"

    def perform(self, form):
        services.delete_layer(layer=self.object, by=user_of(self.request))


class PointsPage(LayerCrumbs, ActionPage):
    """Load points into a layer."""

    model = MapLayer
    permission_required = CHANGE
    form_class = forms.PointsForm
    title = gettext_lazy("Load points")
    success_url = "basedata:map-layers"
    success_message = gettext_lazy("The points are loaded.")

    def perform(self, form):
        upload = form.cleaned_data["file"]
        services.load_points(layer=self.object, by=user_of(self.request), source=upload)


@page(permission=PUBLIC)
def layers(request: HttpRequest) -> JsonResponse:
    """The layers that the reader may see, for the map's script."""
    return JsonResponse({"layers": selectors.described(request.user)})


@page(permission=PUBLIC)
def points(request: HttpRequest, pk: int) -> JsonResponse:
    """The points of a layer that the reader may see."""
    rows = MapLayer.objects.visible_to(request.user).filter(is_active=True)
    return JsonResponse(selectors.points(get_object_or_404(rows, pk=pk)))


class CimList(ListPage):
    """3D services of the CIM platform."""

    model = CimService
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("3D services (CIM)")
    search_fields = ("name", "service_url")
    columns = (
        Column(
            "name",
            gettext_lazy("Name"),
            sort=True,
            link=lambda row: reverse("basedata:cim-service", args=[row.pk]),
        ),
        Column("kind", gettext_lazy("Kind"), sort=True),
        Column("area.name", gettext_lazy("area")),
        Column("service_url", gettext_lazy("Address of the service")),
        Column("is_active", gettext_lazy("In use"), sort=True),
    )
    empty_text = gettext_lazy("3D Tiles and scenes of the CIM platform appear here.")

    def get_queryset(self):
        return super().get_queryset().select_related("area")

    def get_page_actions(self):
        url = reverse("basedata:cim-add")
        label = _("Add 3D service")
        return [PageAction(label, url, "plus", primary=True, permission=CHANGE)]


class CimAdd(FormPage):
    """Register a 3D service."""

    permission_required = CHANGE
    form_class = forms.CimForm
    title = gettext_lazy("Add 3D service")
    success_url = "basedata:cim-services"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.save_service(by=user_of(self.request), values=form.cleaned_data)


class CimEdit(EditPage):
    """Change a 3D service."""

    model = CimService
    scoped = False
    permission_required = CHANGE
    form_class = forms.CimForm
    title = gettext_lazy("3D service")
    success_url = "basedata:cim-services"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        service = CimService.objects.get(pk=self.object.pk)
        services.save_service(
            by=user_of(self.request), values=form.cleaned_data, service=service
        )


@page(permission="command.view_case")
def cim_view(request: HttpRequest) -> HttpResponse:
    """Open the scene at a position; with several, let the reader choose."""
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError) as error:
        raise Http404("position") from error
    try:
        place = places.locate(lon, lat)
    except DomainError as error:
        raise Http404("outside") from error
    area = place.grid_code or place.division_code
    code = request.GET.get("code", "")
    found = [
        (row, selectors.viewer(row, lon, lat, code))
        for row in selectors.services_at(area)
    ]
    if len(found) == 1:
        return HttpResponseRedirect(found[0][1])
    context = {"title": _("3D scene"), "scenes": found}
    return render(request, "basedata/cim_view.html", context)
