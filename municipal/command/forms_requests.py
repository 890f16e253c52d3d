"""Forms of requests about cases."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import policies, selectors
from municipal.command.enums import RequestKind
from municipal.command.models import Case, CaseRequest
from platform_core.common import clock

from .forms import PhotosField

APPROVE, REFUSE = "approve", "refuse"
DECISIONS = ((APPROVE, gettext_lazy("Agree")), (REFUSE, gettext_lazy("Disagree")))


def day(label: str, initial: Any, most: int) -> forms.DateField:
    """A day until which the clock stands still."""
    return forms.DateField(
        label=label,
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most %(days)s days.") % {"days": most},
    )


class AskForm(forms.Form):
    """What is asked for, and why."""

    def __init__(self, *args: Any, case: Case, kind: RequestKind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        most = policies.furthest(kind)
        if most:
            soon = clock.today() + timedelta(days=min(most, 30) // 2)
            self.fields["until"] = day(_("Until"), soon, most)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows_shown": "3"}),
        )
        self.fields["photos"] = PhotosField(label=_("Pictures"), required=False)


class DecideForm(forms.Form):
    """Agree or disagree, with an opinion and what the step needs."""

    def __init__(self, *args: Any, request: CaseRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"] = forms.ChoiceField(
            label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect
        )
        if request.kind == RequestKind.RETURN:
            self._unit(request)
        most = policies.furthest(RequestKind(request.kind))
        if most:
            self.fields["until"] = day(_("Until"), request.until, most)
        self.fields["opinion"] = forms.CharField(
            label=_("Opinion"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows_shown": "3"}),
        )

    def _unit(self, request: CaseRequest) -> None:
        best = request.suggested_unit or selectors.recommended_unit(request.case)
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("New handling unit"),
            queryset=selectors.handling_units(),
            initial=best,
            required=False,
            help_text=_("Needed when you agree."),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        refused = given.get("decision") == REFUSE
        if refused and not str(given.get("opinion") or "").strip():
            self.add_error("opinion", _("Say why it is refused."))
        return given
