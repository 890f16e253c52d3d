"""Pages of what is prepared: plans, resources, settings."""

from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command.centre.desk_enums import ResourceKind, ResourceState
from municipal.command.centre.emergencies import plans
from municipal.command.centre.emergencies.forms import (
    PlanForm,
    ResourceForm,
    RulesForm,
)
from municipal.command.centre.models import (
    EmergencyPlan,
    EmergencyRules,
    Resource,
)
from municipal.command.requests import user_of
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .course import ROOT, SEE

MANAGE = plans.MANAGE
ROMAN = (("1", "I"), ("2", "II"), ("3", "III"), ("4", "IV"))
COLORS = {ResourceState.FREE: "green", ResourceState.BUSY: "orange"}


class PlanList(ListPage):
    """Plans for emergencies."""

    model = EmergencyPlan
    permission_required = SEE
    title = _("Emergency plans")
    ordering = ("kind", "name")
    search_fields = ("name",)
    empty_text = _("A plan says for each level what is done, by whom, how soon.")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("kind", _("Kind of emergency"), sort=True),
        Column("updated_at", _("Changed")),
        Column("is_active", _("In use")),
    )

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:emergency-plan-add")
        return [PageAction(_("Add a plan"), url, "plus", True, MANAGE)]


class PlanPage(DetailPage):
    """What a plan says, and what it said before."""

    model = EmergencyPlan
    permission_required = SEE
    template_name = "centre/emergencies/plan.html"
    object: EmergencyPlan

    def get_breadcrumbs(self):
        url = reverse("centre:emergency-plans")
        return [ROOT, Crumb(_("Emergency plans"), url), Crumb(self.object.name)]

    def get_page_actions(self):
        url = reverse("centre:emergency-plan-edit", args=[self.object.pk])
        return [PageAction(_("Change"), url, permission=MANAGE)]

    def get_context_data(self, **kwargs):
        rows = self.object.versions.select_related("by")
        found = [
            {
                "row": row,
                "levels": [(name, row.steps_of(code)) for code, name in ROMAN],
                "call": [ResourceKind(kind).label for kind in row.call],
            }
            for row in rows
        ]
        return super().get_context_data(versions=found, **kwargs)


class PlanPages:
    """What adding and changing a plan have in common."""

    permission_required = MANAGE
    form_class: Any = PlanForm
    request: Any

    def get_cancel_url(self):
        return reverse("centre:emergency-plans")

    def perform(self, form):
        given = form.cleaned_data
        return plans.save_plan(
            plan=form.save(commit=False),
            levels=given["levels"],
            call=given["call"],
            note=given["note"],
            by=user_of(self.request),
        )


class PlanAdd(PlanPages, FormPage):
    """A new plan."""

    title = _("Add a plan")


class PlanEdit(PlanPages, EditPage):
    """Change a plan; the former version is kept."""

    model = EmergencyPlan
    title = _("Change the plan")


class ResourceFilter(django_filters.FilterSet):
    """By kind and state."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of resource"), choices=ResourceKind.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ResourceState.choices, empty_label=_("All")
    )

    class Meta:
        model = Resource
        fields = ("kind", "state")


class ResourceList(ListPage):
    """What can be called."""

    model = Resource
    permission_required = SEE
    title = _("Emergency resources")
    filterset_class = ResourceFilter
    search_fields = ("name", "unit_name", "contact", "phone", "stock")
    ordering = ("kind", "name", "pk")
    empty_text = _("Teams, vehicles, stores, shelters, experts, hospitals.")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("kind", _("Kind of resource"), sort=True),
        Column("unit_name", pgettext_lazy("contact", "Unit"), sort=True),
        Column("contact", _("Contact person")),
        Column("phone", _("Phone")),
        Column("stock", _("People, machines, supplies")),
        Column(
            "state",
            _("State"),
            sort=True,
            render=lambda row: components.status(
                row.get_state_display(), COLORS.get(ResourceState(row.state), "grey")
            ),
        ),
    )

    def get_columns(self):
        if user_of(self.request).has_perm(MANAGE):
            return list(self.columns)
        return [Column("name", _("Name"), sort=True), *self.columns[1:]]

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:resource-add")
        return [PageAction(_("Add a resource"), url, "plus", True, MANAGE)]


class ResourceAdd(FormPage):
    """A new resource."""

    permission_required = MANAGE
    form_class = ResourceForm
    title = _("Add a resource")
    success_url = "centre:resource-list"

    def perform(self, form):
        plans.save_resource(resource=form.save(commit=False), by=user_of(self.request))


class ResourceEdit(EditPage):
    """Change a resource."""

    model = Resource
    permission_required = MANAGE
    form_class = ResourceForm
    title = _("Emergency resource")
    success_url = "centre:resource-list"

    def perform(self, form):
        plans.save_resource(resource=form.save(commit=False), by=user_of(self.request))


class RulesPage(FormPage):
    """What the city sets; every change is a new version."""

    permission_required = MANAGE
    form_class = RulesForm
    template_name = "centre/emergencies/rules.html"
    title = _("Settings for emergencies")
    success_url = "centre:emergency-rules"
    success_message = _("The new version is in force.")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_initial(self):
        known = plans.rules()
        return {"radius": known.radius, "meeting": known.meeting}

    def perform(self, form):
        plans.change_rules(rules=form.save(commit=False), by=user_of(self.request))

    def get_context_data(self, **kwargs):
        rows = EmergencyRules.objects.select_related("by")[:20]
        return super().get_context_data(versions=rows, **kwargs)
