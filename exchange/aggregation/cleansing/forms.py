"""Forms of cleansing."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.interfaces.models import CodeList, Table
from platform_core.accounts.models import User

from .engine.kinds.texts import FORMS
from .enums import RuleKind
from .models import Rule, RuleSet, Sender

NUMBERS = ("least", "most")
# Which parameters a kind takes, besides the default that any may have.
TAKEN: dict[str, tuple[str, ...]] = {
    RuleKind.TYPE: ("type",),
    RuleKind.LENGTH: NUMBERS,
    RuleKind.PATTERN: ("pattern",),
    RuleKind.RANGE: NUMBERS,
    RuleKind.CODE_LIST: ("list", "codes"),
    RuleKind.REFERENCE: ("table", "field"),
    RuleKind.PHONE: ("phones",),
    RuleKind.COORDINATES: ("division", "margin"),
    RuleKind.TIME_ORDER: ("strict",),
    RuleKind.DUPLICATE: ("near",),
}
TYPES = (
    ("integer", _("Whole number")),
    ("decimal", _("Decimal number")),
    ("boolean", _("Yes or no")),
    ("date", _("Date")),
    ("datetime", _("Date and time")),
)
PHONES = (("any", _("Any phone")), ("mobile", _("Mobile")), ("fixed", _("Fixed line")))
assert {code for code, _label in TYPES} <= set(FORMS)


class TableForm(forms.Form):
    """For which table."""

    table = forms.ModelChoiceField(
        label=_("Table"), queryset=Table.objects.filter(rule_set__isnull=True)
    )


class ScheduleForm(forms.ModelForm):
    """When the rules are applied."""

    class Meta:
        model = RuleSet
        fields = ("after_landing", "daily_at")


class RuleForm(forms.ModelForm):
    """One rule with the parameters of its kind."""

    type = forms.ChoiceField(label=_("Type"), choices=TYPES, required=False)
    least = forms.CharField(
        label=_("At least"),
        required=False,
        help_text=_("A number; for a range also a date such as 2026-01-31."),
    )
    most = forms.CharField(label=_("At most"), required=False)
    pattern = forms.CharField(
        label=_("Pattern"),
        required=False,
        help_text=_("A regular expression that the whole value matches."),
    )
    list = forms.ModelChoiceField(
        label=_("Code list"),
        queryset=CodeList.objects.all(),
        to_field_name="code",
        required=False,
    )
    codes = forms.CharField(
        label=_("Codes"),
        required=False,
        help_text=_("Codes between commas, where there is no code list."),
    )
    table = forms.ModelChoiceField(
        label=_("Other table"),
        queryset=Table.objects.all(),
        to_field_name="code",
        required=False,
    )
    field = forms.CharField(label=_("Field of the other table"), required=False)
    phones = forms.ChoiceField(label=_("Phones"), choices=PHONES, required=False)
    division = forms.CharField(
        label=_("Division"),
        required=False,
        help_text=_("A division code; empty for our own division."),
    )
    margin = forms.FloatField(
        label=_("Margin in degrees"), required=False, min_value=0, max_value=1
    )
    strict = forms.BooleanField(label=_("Equal times are wrong too"), required=False)
    near = forms.BooleanField(
        label=_("Compare without case, width, blanks and punctuation"), required=False
    )
    default = forms.CharField(
        label=_("Default"),
        required=False,
        help_text=_("Is put in where the action says so."),
    )
    looks_at = forms.MultipleChoiceField(
        label=_("Fields"),
        help_text=_("For two times the earlier one first; longitude before latitude."),
    )

    class Meta:
        model = Rule
        fields = ("name", "kind", "severity", "action", "weight")

    field_order = ("name", "kind", "looks_at", "severity", "action", "weight")

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, f"{one.code} {one.name}") for one in table.fields]
        looks_at = cast(forms.MultipleChoiceField, self.fields["looks_at"])
        looks_at.choices = choices
        if self.instance.pk:
            self.fields["looks_at"].initial = self.instance.fields
            for name, value in shown(self.instance).items():
                self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind = found.get("kind", "")
        for name in NUMBERS:
            if found.get(name):
                found[name] = number(found[name], whole=kind == RuleKind.LENGTH)
        return found

    def filled(self) -> Rule:
        """The rule with what the form says; not saved."""
        given, rule = self.cleaned_data, cast(Rule, self.instance)
        rule.fields = given["looks_at"]
        wanted = (*TAKEN.get(rule.kind, ()), "default")
        rule.parameters = {
            **{name: given[name] for name in wanted if given.get(name)},
            **{n: given[n] for n in NUMBERS if n in wanted and given.get(n) == 0},
        }
        stored(rule.parameters)
        return rule


def number(text: str, *, whole: bool) -> Any:
    """A number where it is one, else the text as it stands."""
    try:
        value = float(text)
    except ValueError:
        return text.strip()
    return int(value) if whole or value.is_integer() else value


def stored(parameters: dict[str, Any]) -> None:
    """From the form's values to those that are kept."""
    for name in ("list", "table"):
        if name in parameters:
            parameters[name] = parameters[name].code
    if "codes" in parameters:
        text = parameters["codes"].replace("，", ",")
        parameters["codes"] = [word.strip() for word in text.split(",") if word.strip()]
    if "phones" in parameters:
        parameters["kind"] = parameters.pop("phones")


def shown(rule: Rule) -> dict[str, Any]:
    """From what is kept to the form's values."""
    found = {name: rule.parameters[name] for name in rule.parameters}
    if "codes" in found:
        found["codes"] = ", ".join(found["codes"])
    if "kind" in found:
        found["phones"] = found.pop("kind")
    found.pop("aliases", None)
    return found


class PublishForm(forms.Form):
    """What is new in a version."""

    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class NoteForm(forms.Form):
    """A remark, perhaps none."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why."""

    note = forms.CharField(label=_("Reason"), max_length=500)


class SenderForm(forms.ModelForm):
    """Who answers for a source, and how long it has."""

    holder = forms.ModelChoiceField(
        label=_("Answers for its data"),
        queryset=User.objects.active(),
        required=False,
    )

    class Meta:
        model = Sender
        fields = ("holder", "days")
