"""Forms of field work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.models import DutyGrid
from platform_core.accounts.models import User
from platform_core.common import clock

from . import people
from .enums import LeaveKind
from .models import PatrolRules, Shift
from .services import roster

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def text(label: Any, *, required: bool = True, most: int = 300) -> forms.CharField:
    """A few lines of text."""
    area = forms.Textarea(attrs={"rows_shown": "3"})
    return forms.CharField(label=label, required=required, max_length=most, widget=area)


class PeopleForm(forms.Form):
    """A form that chooses inspectors among those that the user leads."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = people.led_by(user).order_by("full_name", "pk")
        for name in ("person", "people"):
            if name in self.fields:
                self.fields[name].queryset = found  # type: ignore[attr-defined]
        if "duty_grid" in self.fields:
            grids = DutyGrid.objects.order_by("code")
            self.fields["duty_grid"].queryset = grids  # type: ignore[attr-defined]


def chosen(label: Any, hint: Any = "") -> forms.ModelMultipleChoiceField:
    """Several inspectors."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=User.objects.none(),
        required=False,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


class PlanForm(PeopleForm):
    """Somebody, a day, a shift."""

    person = forms.ModelChoiceField(label=_("Inspector"), queryset=User.objects.none())
    day = forms.DateField(label=_("Day"), widget=DAY, initial=clock.today)
    shift = forms.ModelChoiceField(
        label=_("Shift"), queryset=Shift.objects.filter(is_active=True)
    )
    duty_grid = forms.ModelChoiceField(
        label=_("Duty grid"),
        queryset=DutyGrid.objects.none(),
        required=False,
        help_text=_("Left empty, the inspector's own duty grids."),
    )


class FillForm(PeopleForm):
    """People, a shift, a period."""

    people = chosen(_("Inspectors"), _("Left empty, all inspectors."))
    shift = forms.ModelChoiceField(
        label=_("Shift"), queryset=Shift.objects.filter(is_active=True)
    )
    first = forms.DateField(label=_("First day"), widget=DAY, initial=clock.today)
    last = forms.DateField(label=_("Last day"), widget=DAY)


class CopyForm(forms.Form):
    """A week that another one is planned like."""

    source = forms.DateField(
        label=_("A day of the week to copy"), widget=DAY, initial=roster.this_week
    )
    target = forms.DateField(label=_("A day of the week to plan"), widget=DAY)


class ShiftForm(forms.ModelForm):
    """Hours of work."""

    class Meta:
        model = Shift
        fields = ("name", "begins", "ends", "workdays_only", "is_active")
        widgets = {"begins": CLOCK, "ends": CLOCK}
        help_texts = {"ends": _("Earlier than the beginning: on the next day.")}


class GridsForm(forms.Form):
    """The duty grids of an inspector."""

    grids = forms.ModelMultipleChoiceField(
        label=_("Duty grids"),
        queryset=DutyGrid.objects.order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CorrectionForm(forms.Form):
    """When somebody really came and went."""

    clock_in_at = forms.DateTimeField(
        label=_("Clocked in at"), widget=MOMENT, required=False
    )
    clock_out_at = forms.DateTimeField(
        label=_("Clocked out at"), widget=MOMENT, required=False
    )
    reason = text(_("Reason"))


class LeaveForm(forms.Form):
    """A request for leave."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind.choices)
    from_day = forms.DateField(label=_("First day"), widget=DAY, initial=clock.today)
    to_day = forms.DateField(label=_("Last day"), widget=DAY, initial=clock.today)
    reason = text(_("Reason"))


class AnswerForm(forms.Form):
    """What is said with a decision."""

    answer = text(_("Answer"), required=False)


class RefusalForm(forms.Form):
    """Why not."""

    answer = text(_("Reason"))


class ExcuseForm(forms.Form):
    """Why a mark is no fault."""

    reason = text(_("Reason"))


class RollCallForm(PeopleForm):
    """Whom to call, and how long they have."""

    people = chosen(_("Inspectors"), _("Left empty, all who are on duty."))
    minutes = forms.IntegerField(
        label=_("Minutes to answer"), min_value=1, max_value=240
    )
    note = forms.CharField(
        label=_("What is said with it"), max_length=200, required=False
    )


class MessageForm(PeopleForm):
    """Whom to tell what."""

    people = chosen(_("Inspectors"), _("Left empty, all inspectors."))
    title = forms.CharField(label=_("Title"), max_length=200)
    body = text(_("Text"), required=False, most=2000)


class LogForm(forms.Form):
    """What happened."""

    text = text(_("Text"), most=2000)


class RulesForm(forms.ModelForm):
    """All rules at once."""

    class Meta:
        model = PatrolRules
        exclude = ("version", "at", "by")  # noqa: DJ006  every rule is in the form
