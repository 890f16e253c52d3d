"""Pages of layers: kinds, features, proposals, map, export."""

from typing import Any

import django_filters
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from municipal.command.basedata.changes import selectors as changes
from municipal.command.basedata.changes import services as flow
from municipal.command.basedata.components.forms import ReasonForm
from municipal.command.basedata.components.views.proposing import RollBackForm
from municipal.command.basedata.enums import Change
from municipal.command.basedata.layers import services
from municipal.command.basedata.layers.forms import (
    ATTRIBUTE,
    FeatureForm,
    KindForm,
    field_label,
)
from municipal.command.basedata.models import LayerFeature, LayerKind, Proposal
from municipal.command.filters import districts
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from municipal.command.views.report import map_settings
from platform_core.audit import services as audit
from platform_core.classification.enums import Geometry
from platform_core.files import services as files
from platform_core.geo import shapes
from platform_core.regions import selectors as regions
from platform_core.ui.columns import Column
from platform_core.ui.exports import disposition
from platform_core.ui.permissions import page
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

VIEW = "basedata.view_layerfeature"
PROPOSE = "basedata.propose_change"
MOST_SHAPES = 5000
CRUMB = Crumb(gettext_lazy("Base data"))
PROPOSED = gettext_lazy("The proposal waits for somebody else's review.")


def told(feature: LayerFeature) -> str:
    """The further attributes in words."""
    labels = {row["code"]: field_label(row) for row in feature.kind.fields}
    return ", ".join(
        f"{labels.get(code, code)}: {value}"
        for code, value in feature.attributes.items()
    )


def district(feature: LayerFeature) -> str:
    """The name of the district."""
    return regions.name_of(feature.district_code)


SHAPES = {
    "Point": Geometry.POINT.label,
    "LineString": Geometry.LINE.label,
    "Polygon": Geometry.POLYGON.label,
}


def drawn_as(kind: LayerKind) -> str:
    """The kinds of geometry of a layer."""
    shapes_of = dict.fromkeys(name.removeprefix("Multi") for name in kind.geometries)
    return ", ".join(str(SHAPES[name]) for name in shapes_of)


class FeatureFilter(django_filters.FilterSet):
    """By layer, district and whether it is in use."""

    kind = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Layer"),
        queryset=LayerKind.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("All"),
    )
    district = django_filters.ChoiceFilter(
        label=gettext_lazy("District"),
        choices=districts,
        field_name="district_code",
        empty_label=gettext_lazy("All"),
    )
    gone = django_filters.BooleanFilter(
        label=gettext_lazy("Taken out"),
        field_name="valid_to",
        lookup_expr="isnull",
        exclude=True,
    )

    class Meta:
        model = LayerFeature
        fields = ("kind", "district", "gone")


class FeatureList(ListPage):
    """Features of the layers."""

    model = LayerFeature
    permission_required = VIEW
    title = gettext_lazy("Thematic layers")
    template_name = "basedata/features.html"
    filterset_class = FeatureFilter
    search_fields = ("name", "code__startswith", "manager")
    ordering = ("kind__order", "code")
    empty_text = gettext_lazy("Roads, parks, markets … for field surveys stand here.")
    columns = (
        Column("code", gettext_lazy("Code"), sort=True, link=True, css="text-nowrap"),
        Column("name", gettext_lazy("Name"), sort=True),
        Column("kind", gettext_lazy("Layer"), sort="kind__order"),
        Column(
            "district_code", gettext_lazy("District"), render=district, export=district
        ),
        Column("size", gettext_lazy("Length or area (m, m²)"), sort=True, number=True),
        Column("manager", gettext_lazy("Managed by")),
        Column("grade", gettext_lazy("Grade or category")),
        Column("open_hours", gettext_lazy("Opening hours"), default=False),
        Column(
            "attributes",
            gettext_lazy("Further attributes"),
            default=False,
            render=told,
            export=told,
        ),
        Column("updated_at", gettext_lazy("Last changed"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("kind")

    def get_breadcrumbs(self):
        return [CRUMB, Crumb(self.title)]

    def get_page_actions(self):
        query = self.request.GET.urlencode()
        return [
            PageAction(
                "GeoJSON",
                f"{reverse('basedata:feature-geojson')}?download=1&{query}",
                icon="download",
            ),
            PageAction(
                _("Layers and their attributes"),
                reverse("basedata:kind-list"),
                icon="settings",
                permission="basedata.import_data",
            ),
            PageAction(
                _("Propose a new one"),
                reverse("basedata:feature-choose"),
                icon="plus",
                primary=True,
                permission=PROPOSE,
            ),
        ]

    def on_export(self, form):
        query = self.request.META["QUERY_STRING"]
        audit.record(
            "layer.exported",
            by=user_of(self.request),
            data={"form": form, "query": query},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.urlencode()
        url = f"{reverse('basedata:feature-geojson')}?{query}"
        return super().get_context_data(
            shapes_url=url, division=map_settings()["division"], **kwargs
        )


@require_GET
@page(permission=VIEW)
def geojson(request: HttpRequest) -> HttpResponse:
    """The features of the list as GeoJSON, for the map and to download."""
    rows = LayerFeature.objects.visible_to(user_of(request)).select_related("kind")
    rows = FeatureFilter(request.GET, queryset=rows, request=request).qs
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(name__icontains=text)
    found = [feature_of(row) for row in rows.order_by("pk")[:MOST_SHAPES]]
    answer = JsonResponse(
        shapes.collection(found), json_dumps_params={"ensure_ascii": False}
    )
    if request.GET.get("download"):
        answer["Content-Disposition"] = disposition("layers.geojson")
        audit.record("layer.exported", by=user_of(request), data={"form": "geojson"})
    return answer


def feature_of(row: LayerFeature) -> dict[str, Any]:
    """A feature as others read it.  [cb_sample_layer]"""
    about = {
        "object_code": row.code,
        "kind": row.kind.code,
        "name": row.name,
        "district_code": row.district_code,
        "street_code": row.street_code,
        "size": float(row.size) if row.size is not None else None,
        "manager": row.manager,
        "grade": row.grade,
        "open_hours": row.open_hours,
        "updated_on": row.updated_at.date().isoformat(),
        **row.attributes,
        "title": row.name,
        "text": str(row.kind),
        "url": row.get_absolute_url(),
        "level": "blue",
    }
    return shapes.feature(row.geometry, about, str(row.uid))


class FeatureDetail(DetailPage):
    """A feature with map, pictures, history and what may be proposed."""

    model = LayerFeature
    lookup = "uid"
    permission_required = VIEW
    template_name = "basedata/feature.html"
    object: LayerFeature

    def get_queryset(self):
        return super().get_queryset().select_related("kind")

    def get_title(self):
        return self.object.name

    def get_breadcrumbs(self):
        url = reverse("basedata:feature-list")
        return [CRUMB, Crumb(_("Thematic layers"), url), Crumb(self.object.name)]

    def get_summary(self):
        row = self.object
        labels = {each["code"]: field_label(each) for each in row.kind.fields}
        return [
            (_("Layer"), row.kind),
            (_("Code"), row.code),
            (_("District"), district(row)),
            (_("Length or area (m, m²)"), row.size),
            (_("Managed by"), row.manager),
            (_("Grade or category"), row.grade),
            (_("Opening hours"), row.open_hours),
            *(
                (labels.get(code, code), value)
                for code, value in row.attributes.items()
            ),
            (_("Taken out on"), row.valid_to),
        ]

    def get_timeline(self):
        return changes.history(self.object)

    def get_actions(self):
        if not self.request.user.has_perm(PROPOSE):
            return []
        options = (
            ("edit", _("Propose an edit")),
            ("remove", _("Propose to take it out")),
        )
        return [
            {
                "name": label,
                "allowed": self.object.valid_to is None,
                "why": _("it was taken out"),
                "url": reverse(f"basedata:feature-{code}", args=[self.object.uid]),
            }
            for code, label in options
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.object, user_of(self.request)
        drawn = shapes.collection([feature_of(row)])
        is_point = row.geometry["type"] == "Point"
        return super().get_context_data(
            points=drawn if is_point else None,
            areas=None if is_point else drawn,
            photos=files.of(row, flow.PHOTO),
            proposals=changes.proposals(user).filter(feature=row)[:50],
            past=changes.past(row),
            may_review=user.has_perm("basedata.review_change"),
            **kwargs,
        )


class FeatureAdd(FormPage):
    """Propose a new feature of a layer."""

    permission_required = PROPOSE
    template_name = "basedata/feature_form.html"
    submit_label = gettext_lazy("Propose")
    success_message = PROPOSED
    kind: LayerKind

    def prepare(self):
        self.kind = get_object_or_404(
            LayerKind, code=self.kwargs["kind"], is_active=True
        )

    def get_title(self):
        return f"{_('Propose a new one')} · {self.kind}"

    def get_breadcrumbs(self):
        url = reverse("basedata:feature-list")
        return [Crumb(_("Thematic layers"), url), Crumb(self.get_title())]

    def get_cancel_url(self):
        return reverse("basedata:feature-list")

    def get_form(self):
        return FeatureForm(kind=self.kind, **self.get_form_kwargs())

    @transaction.atomic
    def perform(self, form) -> Proposal:
        user = user_of(self.request)
        return flow.propose(
            subject="layerfeature",
            change=Change.ADD,
            by=user,
            values=form.values(),
            origin=form.cleaned_data["origin"],
            reason=form.cleaned_data["reason"],
            photos=stored(form, "photos", user),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **map_settings(),
            "kind": self.kind,
        }


class FeatureChoose(ListPage):
    """Which layer a new feature belongs to."""

    model = LayerKind
    scoped = False
    permission_required = PROPOSE
    title = gettext_lazy("Choose a layer")
    ordering = ("order",)
    columns = (
        Column(
            "name",
            gettext_lazy("Layer"),
            render=str,
            link=lambda row: reverse("basedata:feature-add", args=[row.code]),
        ),
        Column("geometries", gettext_lazy("Geometry"), render=drawn_as),
    )

    def get_queryset(self):
        return super().get_queryset().filter(is_active=True)


class FeatureEdit(ActionPage):
    """Propose a change of a feature."""

    model = LayerFeature
    lookup = "uid"
    permission_required = PROPOSE
    template_name = "basedata/feature_form.html"
    submit_label = gettext_lazy("Propose")
    success_message = PROPOSED
    change: str = Change.EDIT
    object: LayerFeature

    def get_queryset(self):
        return super().get_queryset().select_related("kind")

    def get_title(self):
        return f"{Change(self.change).label} · {self.object.name}"

    def get_initial(self):
        row = self.object
        names = ("name", "geometry", "manager", "grade", "open_hours")
        return {
            **{name: getattr(row, name) for name in names},
            **{ATTRIBUTE + code: value for code, value in row.attributes.items()},
        }

    def get_form(self):
        return FeatureForm(kind=self.object.kind, **self.get_form_kwargs())

    @transaction.atomic
    def perform(self, form) -> Proposal:
        user = user_of(self.request)
        return flow.propose(
            subject="layerfeature",
            change=self.change,
            target=self.object,
            by=user,
            values=form.values(),
            origin=form.cleaned_data["origin"],
            reason=form.cleaned_data["reason"],
            photos=stored(form, "photos", user),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        middle = (self.object.lon, self.object.lat)
        context = {**super().get_context_data(**kwargs), **map_settings()}
        return {**context, "middle": middle, "kind": self.object.kind}


class FeatureRemove(FeatureEdit):
    """Propose to take a feature out."""

    template_name = "ui/form.html"
    change = Change.REMOVE
    submit_level = "danger"

    def get_initial(self):
        return {}

    def get_form(self):
        return ReasonForm(**self.get_form_kwargs())


class FeatureRollBack(ActionPage):
    """Bring a feature back to an earlier revision."""

    model = LayerFeature
    lookup = "uid"
    permission_required = "basedata.review_change"
    form_class = RollBackForm
    title = gettext_lazy("Roll back")
    submit_label = gettext_lazy("Roll back")
    submit_level = "danger"

    def perform(self, form):
        return flow.roll_back(
            self.object,
            self.kwargs["number"],
            by=user_of(self.request),
            reason=form.cleaned_data["reason"],
        )


class KindList(ListPage):
    """The layers and what is kept of their features."""

    model = LayerKind
    scoped = False
    permission_required = "basedata.import_data"
    title = gettext_lazy("Layers and their attributes")
    ordering = ("order",)
    columns = (
        Column(
            "name",
            gettext_lazy("Layer"),
            render=str,
            link=lambda row: reverse("basedata:kind-edit", args=[row.pk]),
        ),
        Column("code", gettext_lazy("Code")),
        Column("geometries", gettext_lazy("Geometry"), render=drawn_as),
        Column(
            "fields",
            gettext_lazy("Further attributes"),
            render=lambda row: ", ".join(field_label(one) for one in row.fields),
        ),
        Column("is_active", gettext_lazy("In use")),
    )

    def get_breadcrumbs(self):
        url = reverse("basedata:feature-list")
        return [Crumb(_("Thematic layers"), url), Crumb(self.title)]


class KindEdit(EditPage):
    """Change a layer."""

    model = LayerKind
    scoped = False
    permission_required = "basedata.import_data"
    form_class = KindForm
    title = gettext_lazy("Layers and their attributes")

    def perform(self, form):
        return services.save_kind(form.save(commit=False), by=user_of(self.request))
