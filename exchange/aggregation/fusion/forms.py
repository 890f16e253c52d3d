"""Forms of code maps, runs and decisions."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.interfaces.models import CodeList, Table

from .models import CodeMap, Task


def choices_of(codes: CodeList) -> list[tuple[str, str]]:
    """The codes of a list with their names."""
    return [
        (str(one["code"]), f"{one['code']} {one.get('name') or ''}".strip())
        for one in codes.values
    ]


class CodeMapForm(forms.Form):
    """For which field of which source, into which code list."""

    table = forms.ModelChoiceField(label=_("Table"), queryset=Table.objects.all())
    field = forms.CharField(
        label=_("Field"), max_length=60, help_text=_("The code of the field.")
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        required=False,
        help_text=_("As the batches name it; empty for all sources."),
    )
    codes = forms.ModelChoiceField(
        label=_("Code list"), queryset=CodeList.objects.all()
    )


class EntryForm(forms.Form):
    """What one code means."""

    given = forms.CharField(label=_("Source code"), max_length=200)
    standard = forms.ChoiceField(label=_("Standard code"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, code_map: CodeMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standard = cast(forms.ChoiceField, self.fields["standard"])
        standard.choices = choices_of(code_map.codes)


class SettleForm(forms.Form):
    """What an unmatched code means."""

    standard = forms.ChoiceField(label=_("Standard code"))

    def __init__(self, *args: Any, code_map: CodeMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standard = cast(forms.ChoiceField, self.fields["standard"])
        standard.choices = choices_of(code_map.codes)


class CodesFileForm(forms.Form):
    """Many codes at once."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel with a head and the columns source code, standard code, note."
        ),
    )


class PublishForm(forms.Form):
    """What is new in a version."""

    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class NoteForm(forms.Form):
    """A remark, perhaps none."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why."""

    note = forms.CharField(label=_("Reason"), max_length=500)


class TaskMakeForm(forms.ModelForm):
    """A new subject."""

    file = forms.FileField(
        label=_("Definition"),
        required=False,
        help_text=_("A JSON file exported from another task; empty to begin anew."),
    )

    class Meta:
        model = Task
        fields = ("code", "name", "description")


class TaskForm(forms.ModelForm):
    """What a subject is called and when it is made anew."""

    class Meta:
        model = Task
        fields = ("name", "description", "after_landing", "daily_at")


class DefinitionForm(forms.Form):
    """A whole definition out of a file."""

    file = forms.FileField(
        label=_("Definition"), help_text=_("A JSON file exported from another task.")
    )
