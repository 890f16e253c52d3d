"""What administrators fill in about maps."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.models import CimService, MapLayer
from platform_core.accounts.roles import label
from platform_core.regions import selectors as regions


class LayerForm(forms.ModelForm):
    """A base map or an overlay."""

    roles = forms.MultipleChoiceField(label=_("Only for roles"), required=False)

    class Meta:
        model = MapLayer
        fields = [
            "name",
            "use",
            "service",
            "url",
            "source_layer",
            "coord_sys",
            "min_zoom",
            "max_zoom",
            "attribution",
            "colour",
            "order",
            "description",
            "is_active",
            "is_shown",
            "is_public",
            "roles",
        ]
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Group.objects.order_by("name").values_list("name", flat=True)
        field: Any = self.fields["roles"]
        field.choices = [(code, label(code)) for code in codes]


class PointsForm(forms.Form):
    """A table of points."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv with the columns name, lon, lat, text."),
    )


class CimForm(forms.ModelForm):
    """A 3D service."""

    class Meta:
        model = CimService
        fields = ["name", "kind", "area", "service_url", "viewer_url", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = regions.inside(regions.own_division().code)
