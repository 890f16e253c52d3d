"""Forms of layers: a feature with the attributes of its kind, the kinds."""

import json
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from municipal.command.basedata.components.forms import JsonField, ReasonForm
from municipal.command.basedata.models import LayerKind
from platform_core.geo import shapes

ATTRIBUTE = "attribute_"
TYPES = {"text", "number", "choice"}


def field_label(row: dict[str, Any]) -> str:
    """The name of an attribute in the reader's language."""
    english = row.get("name_en") and (get_language() or "").startswith("en")
    return str(row["name_en"] if english else row["name"])


def form_field(row: dict[str, Any]) -> forms.Field:
    """The form's field of an attribute."""
    label = field_label(row)
    if row["type"] == "number":
        return forms.FloatField(label=label, required=False, min_value=0)
    if row["type"] == "choice":
        words = [("", "—"), *((word, word) for word in row["choices"])]
        return forms.ChoiceField(label=label, required=False, choices=words)
    return forms.CharField(label=label, required=False, max_length=200)


class FeatureForm(ReasonForm):
    """A feature: name, place, what its kind asks for, and why it is changed."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    geometry = JsonField(
        label=gettext_lazy("Geometry"),
        help_text=gettext_lazy("GeoJSON in CGCS2000: draw it on the map, or paste it."),
    )
    manager = forms.CharField(
        label=gettext_lazy("Managed by"), max_length=100, required=False
    )
    grade = forms.CharField(
        label=gettext_lazy("Grade or category"), max_length=50, required=False
    )
    open_hours = forms.CharField(
        label=gettext_lazy("Opening hours"), max_length=50, required=False
    )

    def __init__(self, *args: Any, kind: LayerKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for row in kind.fields:
            self.fields[ATTRIBUTE + row["code"]] = form_field(row)
        last = ("origin", "reason", "photos")
        self.order_fields([name for name in self.fields if name not in last])

    def values(self) -> dict[str, Any]:
        """The values of the feature."""
        attributes: dict[str, Any] = {}
        given = {"kind": self.kind.code, "attributes": attributes}
        for name, value in super().values().items():
            if name.startswith(ATTRIBUTE):
                attributes[name.removeprefix(ATTRIBUTE)] = value
            else:
                given[name] = value
        return given

    def clean_geometry(self) -> dict[str, Any]:
        given = self.cleaned_data["geometry"]
        try:
            shapes.read(given)
        except (shapes.InvalidGeometry, TypeError, ValueError) as error:
            text = _("The geometry is not valid: %(error)s") % {"error": error}
            raise forms.ValidationError(text) from error
        return dict(given)


class KindForm(forms.ModelForm):
    """A layer and the attributes of its features."""

    class Meta:
        model = LayerKind
        fields = ("name", "name_en", "geometries", "fields", "order", "is_active")

    def clean_fields(self) -> list[dict[str, Any]]:
        given = self.cleaned_data["fields"] or []
        try:
            for row in given:
                if not (row["code"].isidentifier() and row["name"]):
                    raise ValueError(row)
                if row["type"] not in TYPES:
                    raise ValueError(row)
                if row["type"] == "choice" and not row["choices"]:
                    raise ValueError(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            text = _("Each attribute needs code, name and type (text, number, choice).")
            raise forms.ValidationError(text) from error
        return given

    def clean_geometries(self) -> list[str]:
        given = self.cleaned_data["geometries"]
        if not isinstance(given, list) or not given or not set(given) <= set(DRAWN):
            text = _("Choose among %(words)s.") % {"words": json.dumps(DRAWN)}
            raise forms.ValidationError(text)
        return given


DRAWN = ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
