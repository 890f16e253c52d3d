"""What people fill in about addresses."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import PlaceKind
from .models import Address
from .services import values_of


class AddressForm(forms.Form):
    """The parts of a standard address and its position."""

    kind = forms.ChoiceField(label=_("Kind of place"), choices=PlaceKind.choices)
    road = forms.CharField(label=_("Road name"), max_length=60, required=False)
    compound = forms.CharField(label=_("Compound"), max_length=60, required=False)
    number = forms.CharField(label=_("House number"), max_length=30, required=False)
    name = forms.CharField(label=_("Place name"), max_length=80, required=False)
    category = forms.CharField(label=_("Category"), max_length=40, required=False)
    aliases = forms.CharField(
        label=_("Aliases"),
        required=False,
        help_text=_("One in each line."),
        widget=forms.Textarea(attrs={"rows_shown": "2"}),
    )
    lon = forms.FloatField(
        label=_("Longitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    lat = forms.FloatField(
        label=_("Latitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    line = forms.CharField(
        label=_("Line of a road"),
        required=False,
        help_text=_("GeoJSON, in the direction in which the numbers rise."),
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def clean_aliases(self) -> list[str]:
        lines = str(self.cleaned_data["aliases"]).splitlines()
        return [line.strip()[:60] for line in lines if line.strip()]

    def clean_line(self) -> dict[str, Any] | None:
        text = self.cleaned_data["line"]
        if not text:
            return None
        try:
            found = json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(_("This is not GeoJSON.")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This is not GeoJSON."))
        return found


def initial_of(address: Address) -> dict[str, Any]:
    """An address as the form shows it."""
    values = values_of(address)
    line = values["line"]
    return values | {
        "aliases": "\n".join(address.aliases),
        "line": json.dumps(line) if line else "",
    }


class ReasonForm(forms.Form):
    """Why an address is taken out of use."""

    note = forms.CharField(label=_("Reason"), max_length=200)


class ReviewForm(forms.Form):
    """Yes or no, with an opinion."""

    approve = forms.ChoiceField(
        label=_("Verdict"),
        choices=[("1", _("Approve")), ("0", _("Do not approve"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=200, required=False)


class UploadForm(forms.Form):
    """A table: xlsx, or csv in UTF-8 or GB 18030."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )


class LookupForm(UploadForm):
    """A list of addresses in a column named 地址 or address."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    field_order = ("title", "file")


class FixForm(forms.Form):
    """Where the address of a row lies."""

    found = forms.CharField(label=_("Address"), max_length=200)
    lon = forms.FloatField(
        label=_("Longitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    lat = forms.FloatField(
        label=_("Latitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
