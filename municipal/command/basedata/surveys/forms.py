"""Forms of surveys: plan one, note a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.components.filters import class_choices
from municipal.command.basedata.enums import CampaignKind, Finding
from municipal.command.enums import ComponentStatus
from municipal.command.forms import PhotosField
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level

DAY = forms.DateInput(attrs={"type": "date"})
OF_KNOWN = [one for one in Finding.choices if one[0] != Finding.MISSING]


def areas() -> list[tuple[str, str]]:
    """The city, its districts and their streets."""
    own = regions.own_division()
    found = [(own.code, own.label)]
    for level, indent in ((Level.COUNTY, ""), (Level.STREET, "— ")):
        rows = regions.inside(own.code, level).order_by("code")
        found += [(row.code, f"{indent}{row.label} {row.code}") for row in rows]
    return found


class CampaignForm(forms.Form):
    """A survey to be planned."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=CampaignKind.choices)
    division_code = forms.ChoiceField(label=_("Survey area"), choices=areas)
    class_codes = forms.MultipleChoiceField(
        label=_("Classes"),
        choices=class_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=DAY)
    ends_on = forms.DateField(label=_("Until"), widget=DAY)
    inspectors = forms.ModelMultipleChoiceField(
        label=_("Inspectors"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    instructions = forms.CharField(
        label=_("Instructions"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["inspectors"]
        people.queryset = accounts.users_with_role("supervisor").order_by("full_name")


class FindingForm(forms.Form):
    """What is found about a recorded component."""

    finding = forms.ChoiceField(
        label=_("Finding"), choices=OF_KNOWN, widget=forms.RadioSelect
    )
    status = forms.ChoiceField(
        label=_("Component condition"),
        choices=ComponentStatus.choices,
        required=False,
        help_text=_("If it differs from the record."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.Textarea
    )
    photos = PhotosField(label=_("Pictures"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("finding") == Finding.CASE and not given.get("note"):
            self.add_error("note", _("Describe the problem."))
        return given


class MissingForm(forms.Form):
    """A component that is there but not recorded."""

    class_code = forms.ChoiceField(label=_("Component class"), choices=class_choices)
    status = forms.ChoiceField(
        label=_("Component condition"), choices=ComponentStatus.choices
    )
    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    photos = PhotosField(label=_("Pictures"), required=False)
