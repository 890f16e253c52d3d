"""Forms of tables, versions and fields."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import CodeList, Field, Table


class TableForm(forms.ModelForm):
    """What is said about a table."""

    class Meta:
        model = Table
        fields = (
            "subset",
            "name",
            "name_en",
            "direction",
            "route",
            "frequency",
            "basis",
            "reported",
            "filled",
            "history_days",
        )


class NewTableForm(forms.ModelForm):
    """A table of one's own."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits and underscores, such as cb_bench."),
    )

    # Not among the fields of the model: the service says whether it is taken.
    field_order = ("code",)

    class Meta:
        model = Table
        fields = ("subset", "name", "name_en", "direction", "frequency", "basis")


def code_lists() -> list[tuple[str, str]]:
    names = CodeList.objects.values_list("code", flat=True)
    return [("", "—"), *((name, name) for name in names)]


class FieldForm(forms.ModelForm):
    """One field of a draft."""

    code = forms.RegexField(r"^[a-z][a-z0-9_]*$", label=_("Code"), max_length=60)
    code_list = forms.ChoiceField(
        label=_("Code list"), choices=code_lists, required=False
    )

    class Meta:
        model = Field
        fields = (
            "code",
            "name",
            "abbreviation",
            "kind",
            "length",
            "decimals",
            "code_list",
            "need",
            "is_key",
            "personal",
            "place",
            "description",
        )


class NoteForm(forms.Form):
    """What a new version is for."""

    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class PublishForm(forms.Form):
    """When earlier versions end."""

    earlier_until = forms.DateField(
        label=_("Earlier versions end on"),
        required=False,
        widget=forms.DateInput,
        help_text=_(
            "Half a year beside each other is usual; empty for no end. Their "
            "subscribers are told."
        ),
    )


class TryForm(forms.Form):
    """Records as they would be sent."""

    records = forms.CharField(
        label=_("Records"),
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows_shown": "16"}),
        help_text=_("JSON: one record or a list of them, without envelope."),
    )


class DeprecateForm(ReasonForm):
    """When and why a version ends."""

    ends_on = forms.DateField(label=_("Ends on"), widget=forms.DateInput)
