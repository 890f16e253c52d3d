"""Forms of appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.forms import PhotosField

from .enums import Ground


class AppealForm(forms.Form):
    """Against what, and why."""

    ground = forms.ChoiceField(label=_("Against"), choices=Ground.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows_shown": "4"}),
    )
    pictures = PhotosField(label=_("Pictures as proof"), required=False)


class ReviewForm(forms.Form):
    """Agreed or not, with an opinion."""

    agrees = forms.ChoiceField(
        label=_("Finding of the review"),
        choices=(
            ("yes", _("The appeal is right")),
            ("no", _("The appeal is not right")),
        ),
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("Opinion"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )
