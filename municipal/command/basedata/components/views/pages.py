"""Pages of components: list, map, detail, labels, tiles."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from municipal.command.basedata.changes import selectors as changes
from municipal.command.basedata.changes.services import PHOTO
from municipal.command.basedata.components import labels, tiling
from municipal.command.basedata.components.filters import ComponentFilter, class_choices
from municipal.command.enums import ComponentStatus
from municipal.command.models import Case, Component
from municipal.command.requests import user_of
from municipal.command.views.report import map_settings
from platform_core.audit import services as audit
from platform_core.common import live
from platform_core.files import services as files
from platform_core.geo import shapes
from platform_core.geo.tiles import MEDIA_TYPE, Tile
from platform_core.regions import selectors as regions
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.permissions import page
from platform_core.ui.views import Crumb, DetailPage, ListPage, PageAction, PlainPage

VIEW = "command.view_component"
MOST_LABELS = 200
MOST_CASES = 50
LABEL_FORMS = {"svg": "image/svg+xml", "png": "image/png"}
COLORS = {
    ComponentStatus.INTACT: "green",
    ComponentStatus.DAMAGED: "orange",
    ComponentStatus.LOST: "red",
    ComponentStatus.OCCUPIED: "yellow",
}
EDITS = (
    ("edit", gettext_lazy("Propose an edit")),
    ("move", gettext_lazy("Propose another position")),
    ("state", gettext_lazy("Propose another condition")),
    ("remove", gettext_lazy("Propose removal")),
)
CRUMB = Crumb(gettext_lazy("Base data"))


def badge(component: Component) -> object:
    """The condition in its colour."""
    color = COLORS.get(ComponentStatus(component.status), "grey")
    return components.status(component.get_status_display(), color)


COLUMNS = (
    Column("code", gettext_lazy("Code"), sort=True, link=True, css="text-nowrap"),
    Column("class_name", gettext_lazy("Component class"), sort="class_code"),
    Column("status", gettext_lazy("Component condition"), render=badge),
    Column("grid_code", gettext_lazy("Unit grid"), sort=True),
    Column("address", gettext_lazy("Address")),
    Column("managing_unit", gettext_lazy("Managing unit")),
    Column("owning_unit", gettext_lazy("Owning unit"), default=False),
    Column("maintaining_unit", gettext_lazy("Maintaining unit")),
    Column("surveyed_on", gettext_lazy("Surveyed on"), css="text-nowrap"),
    Column("changed_on", gettext_lazy("Changed on"), default=False),
    Column("valid_to", gettext_lazy("Removed on"), default=False),
    Column("data_source", gettext_lazy("Data source"), default=False),
    Column("lon", gettext_lazy("Longitude"), default=False),
    Column("lat", gettext_lazy("Latitude"), default=False),
    Column("note", gettext_lazy("Note"), default=False),
)


class ComponentList(ListPage):
    """Components of the user's divisions."""

    model = Component
    permission_required = VIEW
    title = gettext_lazy("Managed components")
    columns = COLUMNS
    filterset_class = ComponentFilter
    search_fields = ("code__startswith",)
    search_hint = gettext_lazy("First digits of the code")
    ordering = ("code",)
    empty_text = gettext_lazy("No component fits. A census or a proposal brings them.")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("managing_unit", "owning_unit", "maintaining_unit")
        )

    def get_breadcrumbs(self):
        return [CRUMB, Crumb(self.title)]

    def get_page_actions(self):
        query = self.request.GET.urlencode()
        return [
            PageAction(_("Map"), reverse("basedata:component-map"), icon="map"),
            PageAction(
                _("Labels to print"),
                f"{reverse('basedata:component-labels')}?{query}",
                icon="grid",
            ),
            PageAction(
                _("Propose a new one"),
                reverse("basedata:component-add"),
                icon="plus",
                primary=True,
                permission="basedata.propose_change",
            ),
        ]

    def on_export(self, form):
        query = self.request.META["QUERY_STRING"]
        audit.record(
            "component.exported",
            by=user_of(self.request),
            data={"form": form, "query": query},
        )


class ComponentMap(PlainPage):
    """All components on a map, by vector tiles."""

    permission_required = VIEW
    title = gettext_lazy("Map of components")
    template_name = "basedata/component_map.html"

    def get_breadcrumbs(self):
        url = reverse("basedata:component-list")
        return [CRUMB, Crumb(_("Managed components"), url), Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("class", "")
        classes = class_choices()
        chosen = asked if asked in dict(classes) else ""
        return super().get_context_data(
            classes=classes,
            chosen=chosen,
            tiles_url=tiles_url(chosen),
            tiles_link=page_pattern(),
            **map_settings(),
            **kwargs,
        )


def tiles_url(class_code: str = "") -> str:
    """Where a map finds the tiles of a class, or of all classes."""
    url = reverse("basedata:component-tile", args=[0, 0, 0])
    pattern = url.replace("/0/0/0.", "/{z}/{x}/{y}.")
    return f"{pattern}?class={class_code}" if class_code else pattern


def page_pattern() -> str:
    """The address of a component's page, with {code} for its code."""
    return reverse("basedata:component-detail", args=["0" * 16]).replace(
        "0" * 16, "{code}"
    )


@require_GET
@page(permission=VIEW)
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the components that the user may see."""
    try:
        asked = Tile(z, x, y)
    except ValueError as error:
        raise Http404 from error
    class_code = request.GET.get("class", "")[:6]
    prefix = user_of(request).division_prefix
    if regions.own_division().prefix.startswith(prefix):
        prefix = ""
    etag = live.etag_of(tiling.version(), z, x, y, class_code, prefix)
    if live.same(request, etag):
        return live.not_modified(etag)
    content = tiling.tile(asked, class_code, prefix=prefix)
    return live.tagged(request, HttpResponse(content, content_type=MEDIA_TYPE), etag)


class ComponentDetail(DetailPage):
    """A component with pictures, cases, history and what may be proposed."""

    model = Component
    lookup = "code"
    permission_required = VIEW
    template_name = "basedata/component.html"
    object: Component

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("managing_unit", "owning_unit", "maintaining_unit")
        )

    def get_breadcrumbs(self):
        url = reverse("basedata:component-list")
        return [CRUMB, Crumb(_("Managed components"), url), Crumb(self.object.code)]

    def get_actions(self):
        if not self.request.user.has_perm("basedata.propose_change"):
            return []
        gone = self.object.valid_to is not None
        return [
            {
                "name": label,
                "allowed": not gone,
                "why": _("it was removed"),
                "url": reverse(f"basedata:component-{kind}", args=[self.object.code]),
            }
            for kind, label in EDITS
        ]

    def get_summary(self):
        row = self.object
        return [
            (_("Code"), row.code),
            (_("Component class"), f"{row.class_code} {row.class_name}"),
            (_("Component condition"), badge(row)),
            (_("Managing unit"), row.managing_unit),
            (_("Owning unit"), row.owning_unit),
            (_("Maintaining unit"), row.maintaining_unit),
            (_("Unit grid"), row.grid_code),
            (_("Lies in"), " / ".join(area_names(row.grid_code))),
            (_("Address"), row.address),
            (_("Position"), f"{row.lon:.7f}, {row.lat:.7f}"),
            (_("Surveyed on"), row.surveyed_on),
            (_("Changed on"), row.changed_on),
            (_("Removed on"), row.valid_to),
            (_("Data source"), row.data_source),
            (_("Note"), row.note),
            *row.attributes.items(),
        ]

    def get_timeline(self):
        return changes.history(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.object, user_of(self.request)
        shape = row.geometry or shapes.point(row.lon, row.lat)
        feature = shapes.feature(shape, {"title": str(row)})
        drawn = shapes.collection([feature])
        cases = Case.objects.visible_to(user).filter(component_code=row.code)
        return super().get_context_data(
            points=drawn if shape["type"] == "Point" else None,
            areas=drawn if shape["type"] != "Point" else None,
            photos=files.of(row, PHOTO),
            cases=cases.order_by("-reported_at")[:MOST_CASES],
            proposals=changes.proposals(user).filter(component=row)[:MOST_CASES],
            past=changes.past(row),
            may_review=user.has_perm("basedata.review_change"),
            label=labels.inline(labels.address(row, self.request)),
            **kwargs,
        )


def area_names(grid_code: str) -> list[str]:
    """District, street and community of a unit grid, in the reader's language."""
    parts = (grid_code[:6], grid_code[:9], grid_code[:12])
    found = (regions.find_division(code) for code in parts)
    return [one.label for one in found if one]


@require_GET
@page(permission=VIEW)
def label(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The QR label of a component as a picture."""
    rows = Component.objects.visible_to(user_of(request))
    component = get_object_or_404(rows, code=code)
    content = labels.image(labels.address(component, request), form)
    return HttpResponse(content, content_type=LABEL_FORMS[form])


class LabelSheet(ComponentList):
    """Labels of the components of the list, to print and cut."""

    title = gettext_lazy("Labels to print")
    template_name = "basedata/labels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.rows()[: MOST_LABELS + 1])
        shown = [
            (row, labels.inline(labels.address(row, self.request)))
            for row in rows[:MOST_LABELS]
        ]
        return {
            **self.page_context(),
            "page_actions": [],
            "labels": shown,
            "most": MOST_LABELS,
            "more": len(rows) > MOST_LABELS,
            **kwargs,
        }
