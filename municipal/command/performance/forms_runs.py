"""Forms of evaluations."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common import clock

from .enums import ObjectKind, PeriodKind, VersionState
from .models import Scheme
from .periods import Period, period_of

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RunForm(forms.Form):
    """What to evaluate, and over which days."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Evaluated objects"), choices=ObjectKind.choices
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=PeriodKind.choices,
        initial=PeriodKind.MONTH,
    )
    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=DAY,
        help_text=gettext_lazy(
            "Any day of the week, month, quarter or year; the first of free dates."
        ),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DAY,
        required=False,
        help_text=gettext_lazy("Only for free dates."),
    )
    scheme = forms.ModelChoiceField(
        label=gettext_lazy("Scheme"),
        queryset=Scheme.objects.none(),
        required=False,
        empty_label=gettext_lazy("the one in force"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.filter(status=VersionState.PUBLISHED)
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]
        self.fields["first"].initial = (
            period_of("month", clock.today()).previous().first
        )

    def clean(self) -> dict[str, Any]:
        """Make a period of the days."""
        given: dict[str, Any] = super().clean() or {}
        kind, first, last = (given.get(name) for name in ("period", "first", "last"))
        if kind and first:
            if kind != PeriodKind.FREE:
                given["span"] = period_of(kind, first)
            elif last is None or last < first:
                self.add_error("last", _("The last day must not be before the first."))
            else:
                given["span"] = Period(kind, first, last)
        return given


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )
