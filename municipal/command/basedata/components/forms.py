"""Forms of components and of what is proposed about them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.enums import Origin
from municipal.command.enums import ComponentStatus
from municipal.command.forms import PhotosField
from platform_core.accounts.models import OrgUnit

from .filters import class_choices
from .records import UNITS

ORIGINS = [choice for choice in Origin.choices if choice[0] != Origin.CENSUS]
IN_PLACE = [one for one in ComponentStatus.choices if one[0] != "removed"]


class ReasonForm(forms.Form):
    """Why, who found it, and what it looks like."""

    origin = forms.ChoiceField(label=_("Found by"), choices=ORIGINS)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    photos = PhotosField(label=_("Pictures"), required=False)

    def values(self) -> dict[str, Any]:
        """The values of the component that this form changes."""
        own = set(ReasonForm.base_fields)
        return {
            name: value for name, value in self.cleaned_data.items() if name not in own
        }


class MoveForm(ReasonForm):
    """Where it really is."""

    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    field_order: tuple[str, ...] = ("lon", "lat", "origin", "reason", "photos")


class StateForm(ReasonForm):
    """In which condition it is."""

    status = forms.ChoiceField(label=_("Component condition"), choices=IN_PLACE)
    field_order: tuple[str, ...] = ("status", "origin", "reason", "photos")


class JsonField(forms.JSONField):
    """JSON that is nothing before it is given."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class UnitField(forms.ModelChoiceField):
    """An organisation, kept as its key."""

    def __init__(self, **kwargs: Any) -> None:
        rows = OrgUnit.objects.filter(is_active=True)
        super().__init__(queryset=rows, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return found.pk if found else None


class EditForm(ReasonForm):
    """Its units and what else is recorded."""

    managing_unit = UnitField(label=_("Managing unit"))
    owning_unit = UnitField(label=_("Owning unit"))
    maintaining_unit = UnitField(label=_("Maintaining unit"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    data_source = forms.CharField(label=_("Data source"), max_length=30, required=False)
    attributes = JsonField(
        label=_("Further attributes"),
        required=False,
        help_text=_(
            'As JSON, for example {"material": "cast iron", "size": "700 mm"}.'
        ),
    )
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea
    )
    field_order: tuple[str, ...] = (
        *UNITS,
        "address",
        "data_source",
        "attributes",
        "note",
    )

    def clean_attributes(self) -> dict[str, Any]:
        given = self.cleaned_data["attributes"] or {}
        if not isinstance(given, dict):
            raise forms.ValidationError(_("Give names and values in braces."))
        return given


class AddForm(EditForm, MoveForm, StateForm):
    """A component that is not recorded yet; its code is given at publication."""

    class_code = forms.ChoiceField(label=_("Component class"), choices=class_choices)
    field_order: tuple[str, ...] = (
        "class_code",
        "lon",
        "lat",
        "address",
        "status",
        *UNITS,
        "data_source",
        "attributes",
        "note",
        "origin",
        "reason",
        "photos",
    )
