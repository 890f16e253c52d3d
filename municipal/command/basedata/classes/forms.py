"""What people fill in about classes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.calendars.enums import Unit
from platform_core.classification import selectors as catalogue
from platform_core.classification.enums import Edition, Geometry, Kind
from platform_core.common import clock

from .editions import KEEP, SAME, Line, choices
from .services import RULE_FIELDS

SPARE = 2
# The major classes are those of the edition and the kind that are chosen.
MAJORS_FOLLOW = {
    "hx-get": "",
    "hx-include": "#id_edition, #id_kind, #id_major",
    "hx-target": "#id_major",
    "hx-swap": "outerHTML",
}
LABELS = {
    "number": _("Number"),
    "grade": _("Grade"),
    "filing_condition": _("Filing condition"),
    "closing_condition": _("Closing condition"),
    "limit_value": _("Time limit"),
    "limit_unit": _("Unit of the limit"),
    "department_type": _("Responsible department type"),
}


def rule_field(name: str) -> forms.Field:
    """The field of a part of a condition."""
    if name == "limit_value":
        return forms.IntegerField(min_value=1, max_value=999, required=False)
    if name == "limit_unit":
        return forms.ChoiceField(choices=[("", "—"), *Unit.choices], required=False)
    length = {"number": 2, "grade": 1, "department_type": 40}.get(name, 200)
    return forms.CharField(max_length=length, required=False)


class RulesForm(forms.Form):
    """A class with its conditions; a condition without text is left out."""

    name = forms.CharField(label=_("Name"), max_length=60)
    geometry = forms.ChoiceField(
        label=_("Geometry"), choices=[("", "—"), *Geometry.choices], required=False
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    effective_on = forms.DateField(
        label=_("Effective on"),
        initial=clock.today,
        widget=forms.DateInput(format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, rules: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule_count = rules + SPARE
        for index in range(self.rule_count):
            for name in RULE_FIELDS:
                field = rule_field(name)
                field.label = LABELS[name]
                self.fields[f"rule{index}_{name}"] = field

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each condition."""
        return [
            [self[f"rule{index}_{name}"] for name in RULE_FIELDS]
            for index in range(self.rule_count)
        ]

    def plain(self) -> list[forms.BoundField]:
        """The fields that are not of a condition."""
        return [field for field in self if not field.name.startswith("rule")]

    def heads(self) -> list[Any]:
        return list(LABELS.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rules = []
        for index in range(self.rule_count):
            rule = {name: data.get(f"rule{index}_{name}") for name in RULE_FIELDS}
            if not rule["filing_condition"]:
                continue
            rules.append(rule)
            for name in RULE_FIELDS:
                if name != "grade" and not rule[name] and not self.errors:
                    self.add_error(f"rule{index}_{name}", _("Please fill this in."))
        data["conditions"] = rules
        return data

    def values(self) -> dict[str, Any]:
        """What the service is called with."""
        names = ("name", "geometry", "is_active", "conditions")
        return {name: self.cleaned_data[name] for name in names}


class ExtensionForm(RulesForm):
    """A class of the city's own; its code follows from the rules."""

    edition = forms.ChoiceField(label=_("Edition"), choices=Edition.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    major = forms.ChoiceField(label=_("Major class"))
    field_order = ("edition", "kind", "major", "name", "geometry")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = {"edition": catalogue.default_edition(), "kind": Kind.COMPONENT}
        for name, value in first.items():
            self.initial.setdefault(name, value)
            self.fields[name].widget.attrs |= MAJORS_FOLLOW
        field: Any = self.fields["major"]
        field.choices = [
            (major.code, f"{major.code} {major.label}")
            for major in catalogue.tree(self._chosen("edition"), self._chosen("kind"))
        ]

    def _chosen(self, name: str) -> str:
        """What stands in a field now."""
        given = self.data.get(name) if self.is_bound else None
        return str(given or self.initial[name])


class MoveForm(forms.Form):
    """Begin the change of the edition."""

    title = forms.CharField(
        label=_("Title"),
        max_length=100,
        initial="GB/T 30428.2-2013 → GB/T 47678.5-2026",
    )


class DecisionForm(forms.Form):
    """What becomes of each class without a plain counterpart."""

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _("Undecided")), (KEEP, _("Keep the old code")), *choices()]
        for line in lines:
            if line.status != SAME:
                self.fields[line.code] = forms.ChoiceField(
                    label=f"{line.code} {line.name}",
                    choices=known,
                    required=False,
                    initial=line.decision or line.target,
                )
