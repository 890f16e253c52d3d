"""Pages to propose a change of a component, and to roll one back."""

from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.changes import services
from municipal.command.basedata.components.forms import (
    AddForm,
    EditForm,
    MoveForm,
    ReasonForm,
    StateForm,
)
from municipal.command.basedata.components.records import snapshot
from municipal.command.basedata.enums import Change
from municipal.command.basedata.models import Proposal
from municipal.command.models import Component
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from municipal.command.views.report import map_settings
from platform_core.classification import selectors as classification
from platform_core.common.errors import DomainError
from platform_core.ui.views import ActionPage, Crumb, FormPage

PROPOSE = "basedata.propose_change"
PROPOSED = _("The proposal waits for somebody else's review.")


def beside(error: DomainError) -> DomainError:
    """What is wrong with a position is said beside the longitude."""
    if "position" in error.fields:
        error.fields["lon"] = error.fields.pop("position")
    return error


class AddPage(FormPage):
    """Propose a component that is not recorded yet."""

    permission_required = PROPOSE
    form_class = AddForm
    template_name = "basedata/position_form.html"
    title = _("Propose a new component")
    submit_label = _("Propose")
    success_message = PROPOSED

    def get_breadcrumbs(self):
        url = reverse("basedata:component-list")
        return [Crumb(_("Managed components"), url), Crumb(self.title)]

    def get_cancel_url(self):
        return reverse("basedata:component-list")

    def get_initial(self):
        return {"status": "intact", **super().get_initial()}

    @transaction.atomic
    def perform(self, form) -> Proposal:
        user = user_of(self.request)
        edition = classification.default_edition()
        try:
            return services.propose(
                subject="component",
                change=Change.ADD,
                by=user,
                values={**form.values(), "edition": edition},
                origin=form.cleaned_data["origin"],
                reason=form.cleaned_data["reason"],
                photos=stored(form, "photos", user),
            )
        except DomainError as error:
            raise beside(error) from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **map_settings()}


class ChangePage(ActionPage):
    """Propose a change of a component."""

    model = Component
    lookup = "code"
    permission_required = PROPOSE
    submit_label = _("Propose")
    success_message = PROPOSED
    change: str = Change.EDIT
    object: Component

    def get_initial(self):
        return {**snapshot(self.object), **super().get_initial()}

    def get_title(self):
        return f"{Change(self.change).label} · {self.object}"

    @transaction.atomic
    def perform(self, form) -> Proposal:
        user = user_of(self.request)
        values = form.values()
        if self.change == Change.MOVE:
            values["geometry"] = None
        try:
            return services.propose(
                subject="component",
                change=self.change,
                target=self.object,
                by=user,
                values=values,
                origin=form.cleaned_data["origin"],
                reason=form.cleaned_data["reason"],
                photos=stored(form, "photos", user),
            )
        except DomainError as error:
            raise beside(error) from error


class EditPage(ChangePage):
    form_class = EditForm


class StatePage(ChangePage):
    form_class = StateForm
    change = Change.STATE


class RemovePage(ChangePage):
    form_class = ReasonForm
    change = Change.REMOVE
    submit_level = "danger"


class MovePage(ChangePage):
    form_class = MoveForm
    change = Change.MOVE
    template_name = "basedata/position_form.html"
    dialog_name = "basedata/position_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        middle = (self.object.lon, self.object.lat)
        context = {**super().get_context_data(**kwargs), **map_settings()}
        return {**context, "middle": middle}


class RollBackForm(forms.Form):
    """Why an earlier revision is right."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RollBackPage(ActionPage):
    """Bring a component back to an earlier revision."""

    model = Component
    lookup = "code"
    permission_required = "basedata.review_change"
    form_class = RollBackForm
    title = _("Roll back")
    submit_label = _("Roll back")
    submit_level = "danger"
    success_message = _("The earlier values are valid again, as a new revision.")

    def perform(self, form):
        return services.roll_back(
            self.object,
            self.kwargs["number"],
            by=user_of(self.request),
            reason=form.cleaned_data["reason"],
        )
