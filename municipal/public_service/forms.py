"""What citizens fill in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from platform_core.classification import selectors as classification
from platform_core.classification.enums import CASE_KINDS, Edition

from .enums import Satisfaction

MOST_PHOTOS = 4
# Type-ahead, and the address of a picked position
GEOCODE = {"data-geocode": "/public/places/", "data-geocode-position": "id_lon,id_lat"}


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to four photos."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("Please choose at most %(most)d photos."),
                params={"most": MOST_PHOTOS},
            )
        single = super().clean
        return [single(item, initial) for item in given]


def class_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Classes under their major classes, each as `kind:code`."""
    edition = classification.default_edition()
    return [
        (group.label, [(f"{kind}:{row.code}", row.label) for row in group.classes])
        for kind in CASE_KINDS[Edition(edition)]
        for group in classification.tree(edition, kind)
    ]


class ReportForm(forms.Form):
    """Report a problem; position, class and a few words are enough."""

    problem = forms.ChoiceField(label=_("What is the problem?"), choices=class_choices)
    description = forms.CharField(
        label=_("Describe it in a few words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    address = forms.CharField(
        label=_("Address or landmark"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=GEOCODE),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("One from near and one from afar are best; at most four."),
    )
    reporter = forms.CharField(
        label=_("Your name (if you like)"), max_length=60, required=False
    )
    phone = forms.RegexField(
        label=_("Your phone (if you like)"),
        regex=r"^[0-9+\- ]{5,20}$",
        required=False,
        error_messages={"invalid": _("This is not a phone number.")},
    )

    def arguments(self) -> dict[str, Any]:
        """The cleaned data as arguments of `submit_request`."""
        data = dict(self.cleaned_data)
        kind, code = data.pop("problem").split(":")
        return {**data, "class_kind": kind, "class_code": code}


class QueryForm(forms.Form):
    """Look a report up by its code."""

    code = forms.CharField(label=_("Query code"), max_length=12, strip=True)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper().replace(" ", "")


class RatingForm(forms.Form):
    """The verdict on a finished case; a bad one asks for the reason."""

    satisfaction = forms.ChoiceField(
        label=_("Are you satisfied with the result?"),
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What could be better?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unsatisfied = data.get("satisfaction") == Satisfaction.UNSATISFIED
        if unsatisfied and not data.get("comment"):
            self.add_error("comment", _("Please tell us what is not right."))
        return data


class VisitForm(RatingForm):
    """The same as an operator hears it on the phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["satisfaction"].label = _("Satisfaction")
        self.fields["comment"].label = _("Comment")
