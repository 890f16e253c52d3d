"""Forms of the operator's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.regions.enums import TierCode


class PeerForm(forms.Form):
    """A child that is to join."""

    code = forms.CharField(
        label=_("Code"),
        max_length=9,
        help_text=_("Tier letter, division code and serial, such as M37020001."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    url = forms.CharField(label=_("Address"), max_length=200, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=TierCode.choices[1:])
    public_key = forms.CharField(
        label=_("Public key"),
        widget=forms.Textarea,
        required=False,
        help_text=_("PEM or base64; leave it empty to invite the platform."),
    )


class PeriodForm(forms.Form):
    """A stretch of time."""

    start = forms.DateTimeField(label=_("Beginning"), widget=forms.DateTimeInput)
    end = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput)


class TraceForm(forms.Form):
    """Which record to follow."""

    uid = forms.UUIDField(label=_("Record identifier"))
