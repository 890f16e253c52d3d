"""Surveys on the phone: my grids, what stands there, what I found."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.components.views.pages import badge
from municipal.command.basedata.components.views.proposing import beside
from municipal.command.basedata.enums import Finding
from municipal.command.basedata.models import CampaignGrid
from municipal.command.basedata.surveys import selectors, services
from municipal.command.basedata.surveys.forms import FindingForm, MissingForm
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from municipal.command.views.field import FieldShell
from municipal.command.views.report import map_settings
from platform_core.common.errors import DomainError
from platform_core.ui.views import FormPage, PlainPage

SURVEY = "command.verify_case"


class FieldSurveys(FieldShell, PlainPage):
    """The grids that I survey."""

    permission_required = SURVEY
    title = gettext_lazy("My surveys")
    template_name = "basedata/field/surveys.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grids = selectors.open_grids(user_of(self.request))
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "grids": list(grids[:500]),
        }


class GridMixin(FieldShell):
    """What the pages of one grid share."""

    kwargs: dict[str, Any]

    def grid(self) -> CampaignGrid:
        """One of my grids, or 404."""
        rows = selectors.open_grids(user_of(self.request))
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class FieldGrid(GridMixin, FormPage):
    """The components of a grid, looked at or not; finishes the grid."""

    permission_required = SURVEY
    template_name = "basedata/field/grid.html"
    title = gettext_lazy("Survey of a grid")
    object: CampaignGrid

    def prepare(self):
        self.object = self.grid()

    def get_form(self):
        return MissingForm()

    def post(self, request, *args: Any, **kwargs: Any):
        self.prepare()
        services.finish_grid(self.object, by=user_of(request))
        return self.leave(reverse("field_surveys:list"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.found_in(self.object)
        rows = selectors.to_look_at(self.object).order_by("code")
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "grid": self.object,
            "rows": [
                {"row": row, "badge": badge(row), "found": found.get(row.pk)}
                for row in rows[:500]
            ],
        }


class FieldFinding(GridMixin, FormPage):
    """What I found about one component."""

    permission_required = SURVEY
    template_name = "basedata/field/finding.html"
    form_class: Any = FindingForm
    submit_label = gettext_lazy("Save")
    object: CampaignGrid

    def prepare(self):
        self.object = self.grid()
        rows = selectors.to_look_at(self.object)
        self.component = get_object_or_404(rows, code=self.kwargs["code"])

    def get_title(self):
        return str(self.component)

    def get_initial(self):
        return {"finding": Finding.UNCHANGED, "status": self.component.status}

    @transaction.atomic
    def perform(self, form):
        user, given = user_of(self.request), form.cleaned_data
        return services.note_finding(
            self.object,
            finding=given["finding"],
            component=self.component,
            values={"status": given["status"]},
            note=given["note"],
            photos=stored(form, "photos", user),
            by=user,
        )

    def get_success_url(self, result):
        return reverse("field_surveys:grid", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "grid": self.object,
        }


class FieldMissing(FieldFinding):
    """A component that is not recorded."""

    form_class = MissingForm
    template_name = "basedata/field/missing.html"
    title = gettext_lazy("Missing in the record")

    def prepare(self):
        self.object = self.grid()

    def get_title(self):
        return _("Missing in the record")

    def get_initial(self):
        return {"status": "intact"}

    @transaction.atomic
    def perform(self, form):
        user, given = user_of(self.request), dict(form.cleaned_data)
        given.pop("photos")
        note = given.pop("note")
        try:
            return services.note_finding(
                self.object,
                finding=Finding.MISSING,
                values=given,
                note=note,
                photos=stored(form, "photos", user),
                by=user,
            )
        except DomainError as error:
            raise beside(error) from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **map_settings()}
