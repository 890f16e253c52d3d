"""Forms of the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer
from exchange.feeds.enums import Mode
from exchange.feeds.forms import words
from platform_core.accounts.models import OrgUnit, User
from platform_core.regions.selectors import find_division

from .enums import Format
from .models import Resource
from .models.resources import FACTS


class ResourceForm(forms.ModelForm):
    """What is said about a resource."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"), choices=Format.choices, widget=forms.CheckboxSelectMultiple
    )
    keywords = forms.CharField(
        label=_("Keywords"), required=False, help_text=_("Words between commas.")
    )
    division = forms.CharField(label=_("Area covered"), help_text=_("Division code."))

    class Meta:
        model = Resource
        fields = FACTS
        widgets = {"covers_from": forms.DateInput, "covers_to": forms.DateInput}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.visible_to(user).active()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["keywords"] = ", ".join(self.instance.keywords)
            self.initial["division"] = self.instance.division_id

    def clean_keywords(self) -> list[str]:
        return words(self.cleaned_data["keywords"].replace("、", ","))

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone:
            Resource._meta.get_field("phone").run_validators(phone)
        return phone

    def clean_division(self) -> Any:
        found = find_division(self.cleaned_data["division"].strip())
        if found is None:
            raise forms.ValidationError(_("There is no such division."))
        return found

    def _post_clean(self) -> None:
        """The service writes the row; the form only reads what was typed."""

    def facts(self) -> dict[str, Any]:
        """All facts of the entry."""
        return {name: self.cleaned_data[name] for name in FACTS}


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class OpinionForm(forms.Form):
    """An opinion, if there is one."""

    reason = forms.CharField(label=_("Opinion"), max_length=300, required=False)


class ProposalForm(forms.Form):
    """Who the drafts shall belong to."""

    unit = forms.ModelChoiceField(label=_("Owner"), queryset=OrgUnit.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.visible_to(user).active()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class UseForm(forms.Form):
    """For what and how long a resource is wanted."""

    purpose = forms.CharField(label=_("Purpose"), max_length=500, widget=forms.Textarea)
    starts_on = forms.DateField(
        label=pgettext_lazy("period", "From"), widget=forms.DateInput
    )
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput)
    peer = forms.ModelChoiceField(
        label=_("Platform that receives it"),
        queryset=Peer.objects.filter(state=PeerState.ENABLED),
        required=False,
        help_text=_("Empty to look at it here; else a subscription is begun."),
    )
    mode = forms.ChoiceField(
        label=_("Way"), choices=Mode.choices, required=False, initial=Mode.PULL
    )
