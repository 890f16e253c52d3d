"""Forms of the import: the file, its columns, local coordinate systems."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.enums import Encoding
from municipal.command.basedata.models import (
    CoordinateSystem,
    Delivery,
    LayerKind,
)
from platform_core.geo import systems

from . import positions, targets
from .fields import EXTRA


def target_choices() -> list[tuple[str, Any]]:
    """Components, or one of the layers."""
    kinds = LayerKind.objects.filter(is_active=True)
    return [
        (targets.COMPONENTS, _("Managed components")),
        *((f"{targets.LAYER}{kind.code}", str(kind)) for kind in kinds),
    ]


def system_choices() -> list[tuple[str, Any]]:
    """All coordinate systems in use in China, and the local ones."""
    belts: list[tuple[str, Any]] = []
    for code, start, degrees, by_zone in systems.zones():
        text = _("CGCS2000, %(degrees)d° belts, meridian %(start)d°E")
        if by_zone:
            text = _("CGCS2000, %(degrees)d° belts, zone %(start)d")
        label = text % {"degrees": degrees, "start": start}
        belts.append((code, f"{label} ({code[5:]})"))
    local = [
        (f"{positions.LOCAL}{row.code}", row.name)
        for row in CoordinateSystem.objects.all()
    ]
    return [
        ("cgcs2000", _("CGCS2000, longitude and latitude (4490)")),
        ("wgs84", _("WGS 84, longitude and latitude (4326)")),
        ("gcj02", "GCJ-02"),
        ("bd09", "BD-09"),
        (positions.FROM_FILE, _("As the Shapefile says (.prj)")),
        *([(_("Local"), local)] if local else []),
        (_("Gauss-Krüger"), belts),
    ]


class DeliveryForm(forms.Form):
    """A file and how it is to be read."""

    target = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=target_choices
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, GeoJSON or a zipped Shapefile, up to 2 GB."),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"), choices=Encoding.choices
    )
    coord_sys = forms.ChoiceField(
        label=gettext_lazy("Coordinate system"), choices=system_choices
    )


class MappingForm(forms.Form):
    """Which column is which field."""

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(name, name) for name in delivery.columns]
        for field in targets.fields_of(delivery.target):
            self.fields[field.code] = forms.ChoiceField(
                label=str(field.label),
                choices=[("", _("Not in the file")), *columns],
                required=False,
            )
        if delivery.target == targets.COMPONENTS:
            self.fields[EXTRA] = forms.MultipleChoiceField(
                label=_("Keep as further attributes"),
                choices=columns,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["profile"] = forms.CharField(
            label=_("Remember as profile"), max_length=60, required=False
        )

    def mapping(self) -> dict[str, Any]:
        """What was chosen."""
        given = self.cleaned_data
        return {name: value for name, value in given.items() if name != "profile"}


class SystemForm(forms.ModelForm):
    """A local coordinate system."""

    class Meta:
        model = CoordinateSystem
        fields = ("code", "name", "definition")
