"""Dialogs: make a step, urge."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import policies, rules, selectors, services, sources
from municipal.command.forms import StepForm
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.common.errors import TransitionNotAllowed
from platform_core.files import services as files
from platform_core.processes import selectors as processes
from platform_core.processes.labels import transition_label
from platform_core.processes.services import ActionOption
from platform_core.ui.views import ActionPage

from .detail import RISKY, limit


def stored(form: Any, name: str, user: Any) -> list[Any]:
    """The pictures of a form, kept as uploads of the user."""
    return files.store_all(form.cleaned_data.get(name) or (), field=name, by=user)


def gone(case: Case, code: str) -> ActionOption:
    """A step that could be made a moment ago; what was typed for it is kept."""
    steps = processes.definition_of(case.process).transitions
    step = next((one for one in steps if one.action == code), None)
    if step is None:
        raise Http404(code)
    return ActionOption(
        code=code,
        name=transition_label(step),
        allowed=False,
        why="",
        reason_required=step.reason_required,
        target=step.target,
        role=step.role,
        form=step.form,
    )


class StepPage(ActionPage):
    """A step of the process, with what it asks for."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    success_message = gettext_lazy("Done.")
    template_name = "command/form.html"
    object: Case
    option: ActionOption

    def get_queryset(self) -> Any:
        return selectors.detail(user_of(self.request))

    def prepare(self) -> None:
        """Find the step; one that came too late is refused when it is made."""
        super().prepare()
        code, posted = self.kwargs["action"], self.request.method == "POST"
        found = services.case_options(self.object, user_of(self.request))
        options = {option.code: option for option in found}
        if code not in options and not posted:
            raise Http404(code)
        self.option = options.get(code) or gone(self.object, code)
        if not self.option.allowed and not posted:
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
        if self.option.code == "accept" and sources.is_unverified(case):
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
            reason=self.option.reason_required or self.skips_visit(),
            **self.get_form_kwargs(),
        )

    def skips_visit(self) -> bool:
        """Whether a public report is accepted without a visit, for a stated reason."""
        wanted = rules.current().verification == rules.WITH_REASON
        accepts = self.option.code == "accept"
        return accepts and wanted and sources.is_unverified(self.object)

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


class FollowPage(ActionPage):
    """Keep an eye on a case, or no more."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    object: Case

    def prepare(self) -> None:
        super().prepare()
        user = user_of(self.request)
        self.follows = self.object.follows.filter(user=user).exists()

    def get_title(self) -> str:
        label = _("Follow no more") if self.follows else _("Follow")
        return f"{label} · {self.object.number}"

    def perform(self, form: Any) -> None:
        user = user_of(self.request)
        services.follow(self.object, by=user, yes=not self.follows)


class MissedPage(ActionPage):
    """Say that the inspector ought to have seen it, or that he could not."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    form_class = UrgeForm
    success_message = gettext_lazy("Done.")
    object: Case

    def get_title(self) -> str:
        missed = self.object.is_missed
        label = _("Not missed after all") if missed else _("Mark as missed")
        return f"{label} · {self.object.number}"

    def perform(self, form: UrgeForm) -> Case:
        return services.mark_missed(
            self.object,
            by=user_of(self.request),
            yes=not self.object.is_missed,
            note=form.cleaned_data["note"],
        )
