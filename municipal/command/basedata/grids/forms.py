"""What people fill in about grids."""

import json
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.models.grids import AreaKind
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.geo import shapes
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level

WORKS = (
    ("add", _("Draw a new grid")),
    ("redraw", _("Draw the grid anew")),
    ("split", _("Split by a line")),
    ("merge", _("Merge")),
    ("retire", _("Retire a grid")),
)
NEEDS_DRAWING = {"add", "redraw", "split"}


class GeometryField(forms.CharField):
    """GeoJSON of a drawing; empty is None."""

    widget = forms.Textarea(attrs={"rows_shown": "3"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(_("This is not GeoJSON.")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This is not GeoJSON."))
        return found.get("geometry", found)


class CodesField(forms.CharField):
    """Codes of unit grids, apart by anything."""

    widget = forms.Textarea(attrs={"rows_shown": "2"})

    def clean(self, value: Any) -> list[str]:
        return re.findall(r"\d+", super().clean(value))


class DraftForm(forms.Form):
    """A set of changes."""

    title = forms.CharField(label=_("Title"), max_length=100)
    tolerance = forms.FloatField(
        label=_("Tolerance in square metres"), min_value=0, max_value=1000, initial=10
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class DrawForm(forms.Form):
    """One change of a draft."""

    work = forms.ChoiceField(label=_("Kind of drawing"), choices=WORKS)
    codes = CodesField(
        label=_("Unit grids"),
        required=False,
        help_text=_("Click grids on the map, or type their codes."),
    )
    community = forms.ChoiceField(label=_("Community"), required=False)
    geometry = GeometryField(label=_("Drawing"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = regions.own_division().code
        rows = regions.inside(own, Level.COMMUNITY).select_related("parent")
        field: Any = self.fields["community"]
        field.choices = [
            ("", "—"),
            *((row.code, f"{row.parent} {row.name}") for row in rows),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        work = data.get("work")
        if work in NEEDS_DRAWING and not data.get("geometry") and not self.errors:
            self.add_error("geometry", _("Draw it on the map first."))
        if work != "add" and not data.get("codes"):
            self.add_error("codes", _("Choose at least one grid."))
        if work == "add" and not data.get("community"):
            self.add_error("community", _("Choose the community of the grid."))
        return data


class ImportForm(forms.Form):
    """GeoJSON with a community's code in each feature."""

    file = forms.FileField(label=_("File"))


class DutyGridForm(forms.Form):
    """A duty grid: its unit grids and who patrols it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    codes = CodesField(label=_("Unit grids"))
    supervisors = forms.ModelMultipleChoiceField(
        label=_("Inspectors"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = accounts.users_with_role("supervisor").order_by("full_name")
        self.fields["supervisors"].queryset = people  # type: ignore[attr-defined]


class AreaGridForm(forms.Form):
    """A grid of several unit grids."""

    kind = forms.ChoiceField(label=_("Kind of grid"), choices=AreaKind.choices)
    name = forms.CharField(label=_("Name"), max_length=100)
    unit = forms.ModelChoiceField(
        label=_("Responsible unit"),
        queryset=OrgUnit.objects.order_by("path"),
        required=False,
    )
    codes = CodesField(label=_("Unit grids"))


class BoundaryForm(forms.Form):
    """The border of a street or community."""

    geometry = GeometryField(
        label=_("Border"),
        required=False,
        help_text=_("GeoJSON; left empty, the border is derived from the unit grids."),
    )


def written(geometry: Any) -> str:
    """A geometry as the form shows it."""
    return json.dumps(shapes.write(shapes.read(geometry))) if geometry else ""
