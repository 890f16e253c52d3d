"""Dialogs: make a step, urge."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import policies, selectors, services
from municipal.command.forms import StepForm
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.common.errors import TransitionNotAllowed
from platform_core.files import services as files
from platform_core.processes.services import ActionOption
from platform_core.ui.views import ActionPage

from .detail import RISKY, limit


def stored(form: Any, name: str, user: Any) -> list[Any]:
    """The pictures of a form, kept as uploads of the user."""
    return [files.store(one, by=user) for one in form.cleaned_data.get(name) or ()]


class StepPage(ActionPage):
    """A step of the process, with what it asks for."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    success_message = gettext_lazy("Done.")
    object: Case
    option: ActionOption

    def get_queryset(self) -> Any:
        return selectors.detail(user_of(self.request))

    def prepare(self) -> None:
        super().prepare()
        code = self.kwargs["action"]
        found = services.case_options(self.object, user_of(self.request))
        options = {option.code: option for option in found}
        if code not in options:
            if self.request.method == "POST":
                services.fire(self.object, code, by=user_of(self.request))
            raise Http404(code)
        self.option = options[code]
        if not self.option.allowed:
            raise TransitionNotAllowed(self.option.why)
        self.submit_label = self.option.name
        self.submit_level = "danger" if code in RISKY else "primary"
        self.lead = self.get_lead()

    def get_lead(self) -> str:
        case = self.object
        if self.option.code in {"dispatch", "redispatch"}:
            return _("The unit has %(limit)s; the clock starts now.") % {
                "limit": limit(case)
            }
        unseen = case.source.needs_verification == "yes" and not case.verify_finding
        if self.option.code == "accept" and unseen:
            return _("Reports of this source are usually verified on site first.")
        if case.extension_asked is not None:
            return _("The unit asked for more time.")
        return ""

    def get_title(self) -> str:
        return f"{self.option.name} · {self.object.number}"

    def get_form(self) -> StepForm:
        return StepForm(
            case=self.object,
            action=self.option.code,
            reason=self.option.reason_required,
            **self.get_form_kwargs(),
        )

    @transaction.atomic
    def perform(self, form: StepForm) -> Case:
        pictures = stored(form, "photos", user_of(self.request))
        return services.fire(
            self.object,
            self.option.code,
            by=user_of(self.request),
            attachments=pictures,
            **form.values(),
        )


class UrgeForm(forms.Form):
    """What to tell those who are urged."""

    note = forms.CharField(
        label=gettext_lazy("What to say"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )


class UrgePage(ActionPage):
    """Remind the unit or the inspector."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    form_class = UrgeForm
    title = gettext_lazy("Urge")
    submit_label = gettext_lazy("Urge")
    success_message = gettext_lazy("Those who have to act were told.")
    object: Case

    def prepare(self) -> None:
        super().prepare()
        if not policies.may_urge(self.object, user_of(self.request)):
            raise TransitionNotAllowed(_("This case cannot be urged."))

    def perform(self, form: UrgeForm) -> Case:
        note = form.cleaned_data["note"]
        return services.urge(self.object, by=user_of(self.request), note=note)
