"""Pages of grids over unit grids: inspectors, upkeep, borders."""

import json
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.grids import forms, selectors, services
from municipal.command.basedata.models import AreaGrid
from municipal.command.models import DutyGrid, UnitGrid
from municipal.command.requests import user_of
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    FormPage,
    ListPage,
    PageAction,
)

from .versions import EDIT, VIEW, middle


class DutyGridList(ListPage):
    """Duty grids and their inspectors."""

    model = DutyGrid
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Duty grids")
    search_fields = ("name", "code__startswith", "supervisors__full_name")
    ordering = ("code",)
    columns = (
        Column(
            "name",
            gettext_lazy("Name"),
            sort=True,
            link=lambda row: reverse("basedata:duty-grid", args=[row.pk]),
        ),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("community.name", gettext_lazy("Community")),
        Column("grids", gettext_lazy("Unit grids"), number=True),
        Column(
            "people",
            gettext_lazy("Inspectors"),
            render=lambda row: "，".join(map(str, row.supervisors.all())),
            export=lambda row: "，".join(map(str, row.supervisors.all())),
        ),
    )

    def get_queryset(self):
        rows = super().get_queryset().select_related("community")
        grids = Count("unit_grids", distinct=True)
        return rows.annotate(grids=grids).prefetch_related("supervisors").distinct()

    def get_page_actions(self):
        url = reverse("basedata:duty-grid-add")
        label = _("New duty grid")
        return [PageAction(label, url, "plus", primary=True, permission=EDIT)]


class DutyGridAdd(FormPage):
    """Put unit grids together for an inspector."""

    permission_required = EDIT
    form_class = forms.DutyGridForm
    title = gettext_lazy("New duty grid")
    success_url = "basedata:duty-grids"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.save_duty_grid(by=user_of(self.request), **form.cleaned_data)


class DutyGridEdit(ActionPage):
    """Change a duty grid and bind inspectors to it."""

    model = DutyGrid
    scoped = False
    permission_required = EDIT
    form_class = forms.DutyGridForm
    title = gettext_lazy("Duty grid")
    success_url = "basedata:duty-grids"
    success_message = gettext_lazy("Saved.")

    def get_initial(self):
        row = self.object
        codes = row.unit_grids.filter(valid_to=None).values_list("code", flat=True)
        people = list(row.supervisors.values_list("pk", flat=True))
        return {"name": row.name, "codes": "\n".join(codes), "supervisors": people}

    def perform(self, form):
        services.save_duty_grid(
            by=user_of(self.request), duty_grid=self.object, **form.cleaned_data
        )


class AreaGridList(ListPage):
    """Management, evaluation and extended grids."""

    model = AreaGrid
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Management, evaluation and extended grids")
    search_fields = ("name", "code__startswith", "unit__name")
    ordering = ("code",)
    columns = (
        Column(
            "name",
            gettext_lazy("Name"),
            sort=True,
            link=lambda row: reverse("basedata:area-grid", args=[row.pk]),
        ),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("kind", gettext_lazy("Kind of grid"), sort=True),
        Column("unit.name", gettext_lazy("Responsible unit")),
        Column("grids", gettext_lazy("Unit grids"), number=True),
    )
    empty_text = gettext_lazy("Grids for upkeep and evaluation appear here.")

    def get_queryset(self):
        rows = super().get_queryset().select_related("unit")
        return rows.annotate(grids=Count("unit_grids"))

    def get_page_actions(self):
        url = reverse("basedata:area-grid-add")
        return [PageAction(_("Add grid"), url, "plus", primary=True, permission=EDIT)]


class AreaGridAdd(FormPage):
    """Put unit grids together."""

    permission_required = EDIT
    form_class = forms.AreaGridForm
    title = gettext_lazy("Add grid")
    success_url = "basedata:area-grids"
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.save_area_grid(by=user_of(self.request), **form.cleaned_data)


class AreaGridEdit(ActionPage):
    """Change a grid of several unit grids."""

    model = AreaGrid
    scoped = False
    permission_required = EDIT
    form_class = forms.AreaGridForm
    title = gettext_lazy("Change grid")
    success_url = "basedata:area-grids"
    success_message = gettext_lazy("Saved.")

    def get_initial(self):
        row = self.object
        codes = "\n".join(row.unit_grids.values_list("code", flat=True))
        return {"kind": row.kind, "name": row.name, "unit": row.unit_id, "codes": codes}

    def perform(self, form):
        services.save_area_grid(
            by=user_of(self.request), area=self.object, **form.cleaned_data
        )


class BoundaryList(ListPage):
    """Streets and communities with and without a border."""

    model = Division
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Borders of streets and communities")
    search_fields = ("name", "code__startswith")
    ordering = ("code",)
    columns = (
        Column(
            "name",
            gettext_lazy("Name"),
            sort=True,
            link=lambda row: reverse("basedata:boundary", args=[row.pk]),
        ),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("level", gettext_lazy("Level"), sort=True),
        Column("parent.name", gettext_lazy("Belongs to")),
        Column("drawn", gettext_lazy("Border drawn")),
    )

    def get_queryset(self):
        own = regions.own_division().prefix
        rows = super().get_queryset().filter(code__startswith=own)
        rows = rows.filter(level__in=[Level.STREET, Level.COMMUNITY])
        parents = Prefetch("parent", Division.objects.defer("boundary"))
        drawn = Q(boundary__isnull=False)
        return rows.prefetch_related(parents).annotate(drawn=drawn).defer("boundary")


class BoundaryEdit(ActionPage):
    """Draw the border of a street or community."""

    model = Division
    scoped = False
    permission_required = EDIT
    form_class = forms.BoundaryForm
    template_name = "basedata/grid_boundary.html"
    title = gettext_lazy("Draw border")
    success_url = "basedata:boundaries"
    success_message = gettext_lazy("Saved.")

    def get_queryset(self):
        own = regions.own_division().prefix
        return super().get_queryset().filter(code__startswith=own)

    def get_initial(self):
        return {"geometry": forms.written(self.object.boundary)}

    def perform(self, form):
        services.set_boundary(
            division=self.object, by=user_of(self.request), **form.cleaned_data
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = UnitGrid.objects.filter(valid_to=None, code__startswith=self.object.code)
        areas = selectors.features(rows.select_related("duty_grid"))
        return super().get_context_data(
            areas=json.loads(json.dumps(areas)), middle=middle(), **kwargs
        )
