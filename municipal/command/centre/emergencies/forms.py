"""Forms of emergencies."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command import selectors as command
from municipal.command.centre.desk_enums import (
    CallState,
    EmergencyLevel,
    ResourceKind,
)
from municipal.command.centre.models import (
    Emergency,
    EmergencyPlan,
    EmergencyRules,
    Resource,
)
from municipal.command.forms import GEOCODE
from municipal.command.models import Case
from platform_core.accounts.models import User

from . import plans


class RaiseForm(forms.ModelForm):
    """An emergency begins."""

    follow = forms.ModelChoiceField(
        label=_("Emergency plan"),
        queryset=EmergencyPlan.objects.filter(is_active=True),
        required=False,
    )

    class Meta:
        model = Emergency
        fields = (
            "title",
            "kind",
            "level",
            "description",
            "address",
            "lon",
            "lat",
            "radius",
        )
        widgets = {"address": forms.TextInput(attrs=GEOCODE)}

    field_order = ("title", "kind", "level", "follow")


class LevelForm(forms.Form):
    """Another level, and why."""

    level = forms.ChoiceField(label=_("Level"), choices=EmergencyLevel.choices)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class NumberForm(forms.Form):
    """A case by its number."""

    number = forms.CharField(label=_("Case number"), max_length=22)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self) -> Case:
        number = self.cleaned_data["number"].strip()
        found = Case.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_g("There is no such case."))
        return found


class DispatchForm(forms.Form):
    """Which unit a case goes to at once."""

    unit: Any = forms.ModelChoiceField(label=_("Handling unit"), queryset=None)
    note = forms.CharField(label=_("Opinion"), required=False, max_length=300)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = command.handling_units()
        field.initial = command.recommended_unit(case)


class CallForm(forms.Form):
    """Who is called, and what is said."""

    keys = forms.MultipleChoiceField(
        label=_("Who is called"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("What is said"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows_shown": "2"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["keys"]
        field.choices = choices


class AnswerForm(forms.Form):
    """What was answered."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[row for row in CallState.choices if row[0] != CallState.WAITING],
    )
    words = forms.CharField(label=_("Remark"), required=False, max_length=200)


class NoteForm(forms.Form):
    """A remark, if any."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=200)


class EntryForm(forms.Form):
    """An entry of the log."""

    text = forms.CharField(
        label=_("What happened"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows_shown": "2"}),
    )


class CloseForm(forms.Form):
    """The end, summed up."""

    summary = forms.CharField(
        label=_("Closing summary"), max_length=4000, widget=forms.Textarea
    )


class RulesForm(forms.ModelForm):
    """What the city sets."""

    class Meta:
        model = EmergencyRules
        fields = ("radius", "meeting", "note")


class ResourceForm(forms.ModelForm):
    """A resource."""

    class Meta:
        model = Resource
        fields = (
            "name",
            "kind",
            "unit_name",
            "contact",
            "phone",
            "person",
            "lon",
            "lat",
            "stock",
            "state",
            "is_active",
        )
        labels = {"unit_name": pgettext_lazy("contact", "Unit")}


STEPS_HELP = _("One step a line: what | who | within how many minutes.")


class PlanForm(forms.ModelForm):
    """A plan with its steps by level."""

    level_1 = forms.CharField(widget=forms.Textarea, required=False)
    level_2 = forms.CharField(widget=forms.Textarea, required=False)
    level_3 = forms.CharField(widget=forms.Textarea, required=False)
    level_4 = forms.CharField(
        widget=forms.Textarea, required=False, help_text=STEPS_HELP
    )
    call = forms.MultipleChoiceField(
        label=_("Resources to call"),
        choices=ResourceKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("What was changed"), required=False, max_length=200)

    class Meta:
        model = EmergencyPlan
        fields = ("name", "kind", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in EmergencyLevel.choices:
            self.fields[f"level_{code}"].label = label
        last = plans.in_force(self.instance) if self.instance.pk else None
        if last is not None:
            self.initial["call"] = last.call
            for code in EmergencyLevel.values:
                lines = plans.lines_of(last.steps_of(code))
                self.initial[f"level_{code}"] = lines

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["levels"] = {}
        for code in EmergencyLevel.values:
            try:
                steps = plans.steps_of(given.get(f"level_{code}", ""))
            except ValueError:
                text = _g("Minutes are a whole number: what | who | minutes.")
                self.add_error(f"level_{code}", text)
            else:
                given["levels"][code] = steps
        return given
