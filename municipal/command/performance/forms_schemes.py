"""Forms of schemes and of the timetable."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import selectors as cases
from platform_core.common import clock

from . import documents
from .enums import ObjectKind, PeriodKind
from .models import Scheme
from .timetables import DAYS, MOST_DAYS

PAIR = re.compile(r"^(\*|\d+(?:\.\d+)?)\s*[:=]\s*(\d+(?:\.\d+)?)$")
SPARE = "new"


class BandsField(forms.CharField):
    """A band table as "50:100; 100:90; *:0"; nothing for a plain rate."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        return "; ".join(
            f"{'*' if row[0] is None else row[0]}:{row[1]}" for row in value
        )

    def clean(self, value: Any) -> Any:
        rows: list[list[Any]] = []
        for text in filter(None, re.split(r"[;；]\s*", super().clean(value))):
            found = PAIR.match(text.strip())
            if found is None:
                raise forms.ValidationError(_("Write bands like 50:100; 100:90; *:0."))
            bound = None if found[1] == "*" else _plain(found[1])
            rows.append([bound, _plain(found[2])])
        return rows


def _plain(text: str) -> int | float:
    return float(text) if "." in text else int(text)


class FormulaField(forms.CharField):
    """Codes of counts with + and - between them."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            documents.formula(text)
        except ValueError as problem:
            raise forms.ValidationError(
                _("Write codes of counts with + and - between them.")
            ) from problem
        return text


class SchemeForm(forms.Form):
    """All indicators, grade limits and the share of assisting of a draft."""

    note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False
    )

    def __init__(self, *args: Any, scheme: Scheme, rates: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        self.rates = {row["code"]: row for row in rates}
        for row in scheme.body["indicators"]:
            self._add_indicator(row["code"], row)
        self._add_spare()
        for row in scheme.body["grades"]:
            self.fields[f"grade_{row['code']}"] = forms.DecimalField(
                label=_("Grade %s from") % row["code"],
                initial=row["least"],
                min_value=0,
                max_value=100,
            )
        self.fields["assist_share"] = forms.DecimalField(
            label=_("Share of assisting others, in percent"),
            initial=scheme.body.get("assist_share", "0"),
            min_value=0,
            max_value=99,
        )

    def _add_indicator(self, code: str, row: dict[str, Any]) -> None:
        fields: dict[str, forms.Field] = {
            "weight": forms.DecimalField(
                label=_("Weight (0 leaves it out)"), min_value=0, max_value=100
            ),
            "above": FormulaField(label=_("Counts above the line"), max_length=200),
            "below": FormulaField(
                label=_("Counts below the line"), max_length=200, required=False
            ),
            "bands": BandsField(label=_("Bands"), required=False),
            "positive": forms.BooleanField(label=_("More is better"), required=False),
            "scaled": forms.BooleanField(
                label=_("Bands fit a month and are scaled by days"), required=False
            ),
        }
        for name, field in fields.items():
            field.initial = row.get(name, name == "positive" or "")
            self.fields[f"{code}-{name}"] = field

    def _add_spare(self) -> None:
        held = {row["code"] for row in self.scheme.body["indicators"]}
        names = [
            (code, f"{row['name']} {code}")
            for code, row in self.rates.items()
            if code not in held
        ]
        self.fields["add"] = forms.ChoiceField(
            label=_("Add a rate of the dictionary"),
            choices=[("", _("add none")), *names],
            required=False,
        )
        self.fields["add_weight"] = forms.DecimalField(
            label=_("Its weight"), min_value=0, max_value=100, required=False
        )

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields by indicator, for the page."""
        names = self.scheme.names()
        found = [
            (
                f"{code} {name}",
                [self[key] for key in self.fields if key.startswith(f"{code}-")],
            )
            for code, name in names.items()
        ]
        rest = [self[key] for key in self.fields if "-" not in key]
        return [*found, (_("Grades and the rest"), rest)]

    def body(self) -> dict[str, Any]:
        """The document that the fields make."""
        given, old = self.cleaned_data, self.scheme.body
        rows = [self._changed(row) for row in old["indicators"]]
        if given["add"]:
            weight = str(given["add_weight"] or 0)
            rows.append({**self.rates[given["add"]], "weight": weight})
        return {
            **old,
            "indicators": [row for row in rows if float(row["weight"]) > 0],
            "grades": [
                {**row, "least": str(given[f"grade_{row['code']}"])}
                for row in old["grades"]
            ],
            "assist_share": str(given["assist_share"]),
        }

    def _changed(self, row: dict[str, Any]) -> dict[str, Any]:
        given, code = self.cleaned_data, row["code"]
        names = ("weight", "above", "below", "bands", "positive", "scaled")
        found = {**row, **{name: given[f"{code}-{name}"] for name in names}}
        return {**found, "weight": str(found["weight"])}


class GroupForm(forms.Form):
    """A group of departments with like duties, and bands of its own."""

    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=40)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Departments"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, scheme: Scheme, group: dict[str, Any], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.scheme, self.group = scheme, group
        units = [(unit.code, str(unit)) for unit in cases.handling_units()]
        self.fields["members"].choices = units  # type: ignore[attr-defined]
        self.fields["name"].initial = group.get("name", "")
        self.fields["members"].initial = group.get("members", [])
        own = group.get("bands", {})
        for row in scheme.body["indicators"]:
            if row.get("bands"):
                self.fields[f"bands_{row['code']}"] = BandsField(
                    label=_("Bands of %s") % scheme.names()[row["code"]],
                    initial=own.get(row["code"], []),
                    required=False,
                    help_text=_("Empty for those of the scheme."),
                )

    def result(self) -> dict[str, Any]:
        """The group as the document keeps it."""
        bands = {
            name.removeprefix("bands_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("bands_") and value
        }
        given = self.cleaned_data
        return {
            "code": self.group["code"],
            "name": given["name"],
            "members": given["members"],
            "bands": bands,
        }


class PublishForm(forms.Form):
    """From when on."""

    effective_from = forms.DateField(
        label=gettext_lazy("Effective from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Periods that end on this day or later go by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = clock.today()


class TimetableForm(forms.Form):
    """What is evaluated by itself, and the days of publicity and reviews."""

    publicity_days = forms.IntegerField(
        label=gettext_lazy("Working days a result is open for appeals")
    )
    appeal_days = forms.IntegerField(
        label=gettext_lazy("Working days to appeal after a case is closed")
    )
    first_review_days = forms.IntegerField(
        label=gettext_lazy("Working days for the first review")
    )
    second_review_days = forms.IntegerField(
        label=gettext_lazy("Working days for the second review")
    )
    note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DAYS:
            field = self.fields[name]
            field.min_value, field.max_value = 1, MOST_DAYS  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": 1, "max": MOST_DAYS}
        for kind in ObjectKind:
            self.fields[f"runs_{kind}"] = forms.MultipleChoiceField(
                label=kind.label,
                choices=[
                    row for row in PeriodKind.choices if row[0] != PeriodKind.FREE
                ],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def body(self) -> dict[str, Any]:
        """The document that the fields make."""
        given = self.cleaned_data
        runs = [
            {"kind": str(kind), "period": period}
            for kind in ObjectKind
            for period in given[f"runs_{kind}"]
        ]
        return {"runs": runs, **{name: given[name] for name in DAYS}}


def timetable_initial(body: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a timetable."""
    chosen: dict[str, list[str]] = {}
    for row in body["runs"]:
        chosen.setdefault(f"runs_{row['kind']}", []).append(row["period"])
    return {**{name: body[name] for name in DAYS}, **chosen}
