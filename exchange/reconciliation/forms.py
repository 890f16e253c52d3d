"""Forms of reconciliation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer


class CompareForm(forms.Form):
    """With whom to compare."""

    peer = forms.ModelChoiceField(
        label=_("Platform"),
        queryset=Peer.objects.filter(state=PeerState.ENABLED).exclude(url=""),
    )
