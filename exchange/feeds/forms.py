"""Forms of subscriptions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer
from platform_core.datasets import registry

from .enums import Mode

# Terms that several of these forms ask for.
DIVISIONS = forms.CharField(
    label=_("Divisions"),
    required=False,
    help_text=_("Codes between commas; empty for all."),
)
FIELDS = forms.CharField(
    label=_("Fields"),
    required=False,
    help_text=_("Names between commas; empty for all."),
)
UNTIL = forms.DateTimeField(
    label=_("Valid until"),
    required=False,
    widget=forms.DateTimeInput,
    help_text=_("Empty for no end."),
)


def words(text: str) -> list[str]:
    """What stands between commas, spaces and line ends."""
    return sorted({word for word in text.replace(",", " ").replace("，", " ").split()})


class OwnerForm(forms.Form):
    """The owner of the data agrees."""

    masks = forms.CharField(
        label=_("Masked fields"),
        required=False,
        help_text=_("Names between commas, such as contact.phone; the rest is open."),
    )

    def clean_masks(self) -> list[str]:
        return words(self.cleaned_data["masks"])


class ManagerForm(forms.Form):
    """The exchange manager agrees."""

    valid_to = UNTIL


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


def interfaces() -> list[tuple[str, str]]:
    """Contracts known here, which are those one can take in."""
    return [
        (f"{one.code}:{one.version}", f"{one.code} v{one.version} {one.name}")
        for one in registry.all()
        if one.share != "none"
    ]


class ApplicationForm(forms.Form):
    """What to ask a platform for."""

    peer = forms.ModelChoiceField(
        label=_("Platform"),
        queryset=Peer.objects.filter(
            state__in=(PeerState.TESTING, PeerState.ENABLED)
        ).exclude(url=""),
    )
    contract = forms.ChoiceField(label=_("Interface"), choices=interfaces)
    mode = forms.ChoiceField(label=_("Way"), choices=Mode.choices, initial=Mode.PULL)
    divisions = DIVISIONS
    fields_wanted = FIELDS
    until = UNTIL
    purpose = forms.CharField(label=_("Purpose"), max_length=500)

    def clean_divisions(self) -> list[str]:
        return words(self.cleaned_data["divisions"])

    def clean_fields_wanted(self) -> list[str] | None:
        return words(self.cleaned_data["fields_wanted"]) or None

    def wish(self) -> dict[str, Any]:
        """The terms as they travel."""
        code, _colon, version = self.cleaned_data["contract"].partition(":")
        until = self.cleaned_data["until"]
        return {
            "until": until.isoformat() if until else None,
            "interface": code,
            "version": int(version),
            "mode": self.cleaned_data["mode"],
            "divisions": self.cleaned_data["divisions"],
            "fields": self.cleaned_data["fields_wanted"],
            "purpose": self.cleaned_data["purpose"],
        }


class ChangeForm(forms.Form):
    """Other terms of an own subscription."""

    until = UNTIL
    divisions = DIVISIONS
    fields_wanted = FIELDS
    purpose = forms.CharField(label=_("Purpose"), max_length=500)

    def payload(self) -> dict[str, Any]:
        """The terms as they travel."""
        given = self.cleaned_data
        return {
            "until": given["until"].isoformat() if given["until"] else None,
            "divisions": words(given["divisions"]),
            "fields": words(given["fields_wanted"]) or None,
            "purpose": given["purpose"],
        }


class LimitForm(ReasonForm):
    """Less than was agreed to."""

    divisions = DIVISIONS
    masks = forms.CharField(
        label=_("Masked fields"),
        required=False,
        help_text=_("Names between commas, such as contact.phone; the rest is open."),
    )
    valid_to = UNTIL

    def clean_divisions(self) -> list[str]:
        return words(self.cleaned_data["divisions"])

    def clean_masks(self) -> list[str]:
        return words(self.cleaned_data["masks"])
