"""Forms of the operator's pages."""

from ipaddress import ip_network

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.common.errors import DomainError
from platform_core.datasets import registry
from platform_core.regions.enums import TierCode

from .enums import OVERLAP_HOURS, Suite
from .models import Peer, PeerPolicy
from .windows import parse, render


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
    alg = forms.ChoiceField(
        label=_("Signature suite"), choices=Suite.choices, required=False
    )


class PeerEditForm(forms.ModelForm):
    """What is known of a connected platform."""

    class Meta:
        model = Peer
        fields = ("name", "url", "unit", "contact", "phone")


class ProbeForm(forms.Form):
    """What to do when the test is passed."""

    enable = forms.BooleanField(
        label=_("Enable the connection if the test is passed"), required=False
    )


class StateForm(forms.Form):
    """The next state of a connection."""

    state = forms.ChoiceField(label=_("State"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, states=(), **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in states]


def interfaces():
    """The codes of all contracts."""
    codes = dict.fromkeys(dataset.code for dataset in registry.all())
    return [(code, code) for code in codes]


class PolicyForm(forms.ModelForm):
    """The rules of a connection."""

    windows = forms.CharField(
        label=_("Time windows"),
        widget=forms.Textarea,
        required=False,
        help_text=_(
            "One a line, such as 1-5 08:00-18:00 (1 is Monday). Empty: always."
        ),
    )
    networks = forms.CharField(
        label=_("Addresses it calls from"),
        widget=forms.Textarea,
        required=False,
        help_text=_("One address or network a line, such as 10.1.2.0/24. Empty: any."),
    )
    interfaces = forms.MultipleChoiceField(
        label=_("Allowed interfaces"),
        choices=interfaces,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: all of them."),
    )

    subscribes_freely = forms.BooleanField(
        label=_("Its subscriptions need no approval"),
        required=False,
        help_text=_("For the platform above, whose subscriptions are mandatory."),
    )

    class Meta:
        model = PeerPolicy
        fields = (
            "requests_per_minute",
            "daily_records",
            "batch_records",
            "windows",
            "may_send",
            "may_receive",
            "interfaces",
            "allow_private",
            "networks",
            "subscribes_freely",
            "reason",
        )

    def __init__(self, **kwargs):
        policy = kwargs["instance"]
        shown = {
            "windows": render(policy.windows),
            "networks": "\n".join(policy.networks),
            "reason": "",
        }
        kwargs["initial"] = shown | kwargs.get("initial", {})
        super().__init__(**kwargs)

    def clean_networks(self):
        given = self.cleaned_data["networks"].split()
        try:
            return [str(ip_network(one)) for one in given]
        except ValueError as error:
            text = _("One address or network a line, such as 10.1.2.0/24.")
            raise forms.ValidationError(text) from error

    def clean_windows(self):
        try:
            return parse(self.cleaned_data["windows"])
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error


class RotateForm(forms.Form):
    """A new key for this platform."""

    alg = forms.ChoiceField(label=_("Signature suite"), choices=Suite.choices)
    switch_at = forms.DateTimeField(
        label=_("Signs from"),
        widget=forms.DateTimeInput,
        required=False,
        help_text=_("Empty: as soon as all connected platforms know the key."),
    )
    overlap_hours = forms.IntegerField(
        label=_("Overlap (hours)"),
        min_value=0,
        max_value=8760,
        initial=OVERLAP_HOURS,
        help_text=_("How long the old key stays valid after that."),
    )


class PeriodForm(forms.Form):
    """A stretch of time."""

    start = forms.DateTimeField(label=_("Beginning"), widget=forms.DateTimeInput)
    end = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput)


class TraceForm(forms.Form):
    """Which record to follow."""

    uid = forms.UUIDField(label=_("Record identifier"))
