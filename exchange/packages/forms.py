"""Forms of packages."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Batch, Peer
from platform_core.datasets import registry

from .enums import Span
from .services.choosing import Wish

NEEDED: dict[str, tuple[str, ...]] = {
    Span.PERIOD: ("start", "end"),
    Span.BATCH: ("batch",),
}


def interfaces():
    codes = dict.fromkeys(dataset.code for dataset in registry.all())
    return [(code, code) for code in sorted(codes)]


class MakeForm(forms.Form):
    """For whom a package is, and what goes into it."""

    peer = forms.ModelChoiceField(label=_("Platform"), queryset=Peer.objects.none())
    span = forms.ChoiceField(label=_("Contents"), choices=Span.choices)
    start = forms.DateTimeField(
        label=_("Beginning"), required=False, widget=forms.DateTimeInput
    )
    end = forms.DateTimeField(label=_("To"), required=False, widget=forms.DateTimeInput)
    batch = forms.UUIDField(label=_("Batch"), required=False)
    interfaces = forms.MultipleChoiceField(
        label=pgettext_lazy("package", "Interfaces"),
        choices=interfaces,
        required=False,
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
    )
    attachments = forms.BooleanField(
        label=_("With attachments"), required=False, initial=True
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        peer = self.fields["peer"]
        assert isinstance(peer, forms.ModelChoiceField)
        speaking = (PeerState.TESTING, PeerState.ENABLED)
        peer.queryset = Peer.objects.filter(state__in=speaking)

    def clean(self):
        given = super().clean() or {}
        for name in NEEDED.get(given.get("span", ""), ()):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("This field is required."))
        peer, batch = given.get("peer"), given.get("batch")
        if given.get("span") == Span.BATCH and peer and batch:
            self._check_batch(peer, batch)
        return given

    def _check_batch(self, peer, batch):
        if not Batch.objects.filter(peer=peer, uid=batch).exists():
            self.add_error("batch", _("There is no such batch for this platform."))

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        return Wish(
            given["span"],
            given["interfaces"],
            given["start"],
            given["end"],
            given["batch"],
            given["attachments"],
        )


class BringForm(forms.Form):
    """A package, or a receipt."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A package of another platform, or a receipt for one of ours."),
    )
