"""Forms of the reception."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.models import Case, CaseSource

from .enums import Outcome, Precaution, SeatState
from .models import Article, BlockedNumber, Line, Phrase, Seat


class LineForm(forms.ModelForm):
    class Meta:
        model = Line
        fields = ("number", "name", "source")


class SeatForm(forms.ModelForm):
    class Meta:
        model = Seat
        fields = ("code", "extension")


class PhraseForm(forms.ModelForm):
    class Meta:
        model = Phrase
        fields = ("kind", "group", "text", "order", "is_active")


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = ("title", "keywords", "class_code", "body", "is_published")


class SourceForm(forms.ModelForm):
    """Which checks a source needs; its code and name are the standard's."""

    needs_verification = forms.ChoiceField(
        label=_("Before acceptance"),
        choices=Precaution.choices,
    )

    class Meta:
        model = CaseSource
        fields = ("needs_verification",)


class BlockForm(forms.ModelForm):
    class Meta:
        model = BlockedNumber
        fields = ("number", "reason", "until")
        widgets = {"until": forms.DateInput(attrs={"type": "date"})}

    def validate_unique(self) -> None:
        """A number may be blocked again with another reason."""


class TurnForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=SeatState.choices)


class SitForm(forms.Form):
    seat = forms.ModelChoiceField(label=_("Seat"), queryset=Seat.objects.all())


class NoteForm(forms.Form):
    """What a call was about."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[row for row in Outcome.choices if row[0]]
    )
    case_number = forms.CharField(label=_("Case number"), max_length=22, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea
    )

    def clean_case_number(self) -> "Case | None":
        number = self.cleaned_data["case_number"].strip()
        if not number:
            return None
        case = Case.objects.filter(number=number).first()
        if case is None:
            raise forms.ValidationError(_("There is no such case."))
        return case


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)
