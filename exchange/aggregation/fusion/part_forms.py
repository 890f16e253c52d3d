"""Forms of the parts of a fusion task."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.interfaces.models import CodeList, Field, Table

from .enums import BlockKind, FieldKind, RuleKind, Survive
from .models import TaskVersion

COLUMNS = ("x", "y", "geometry", "updated", "only_field")
Choices = list[tuple[str, str]]
Part = dict[str, Any]


def fields_of(version: TaskVersion, *, places: bool = True) -> Choices:
    """The fields of the subject."""
    return [
        (one["code"], f"{one['code']} {one['name']}")
        for one in version.part("fields")
        if places or one["kind"] != FieldKind.POINT
    ]


def field_values(part: Part) -> Part:
    """The values of the form of a field."""
    return {**part, "order": ", ".join(part.get("order", []))}


def mapping_values(part: Part, version: TaskVersion) -> Part:
    """The values of the form of a mapping; names are compared only at first."""
    codes = [one["code"] for one in version.part("fields")] if part["picks"] else []
    picks = {f"pick_{code}": part["picks"].get(code, "") for code in codes}
    text = ", ".join(part.get("only_values", []))
    return {**part, **picks, "only_values": text}


def _words(text: str) -> list[str]:
    parts = text.replace("，", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


class PartForm(forms.Form):
    """One part of a draft; `facts` is what is kept of it."""

    def __init__(self, *args: Any, version: TaskVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def choose(self, name: str, choices: Choices, *, empty: bool = False) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "---------"), *choices] if empty else choices

    def facts(self) -> dict[str, Any]:
        """The filled values."""
        given = self.cleaned_data
        return {n: given[n] for n in given if given[n] not in ("", None, [])}


class FieldForm(PartForm):
    """A field of the subject and which row gives its value."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Type"), choices=FieldKind.choices)
    codes = forms.ModelChoiceField(
        label=_("Code list"),
        queryset=CodeList.objects.all(),
        to_field_name="code",
        required=False,
        help_text=_("For codes: the list whose codes the subject has."),
    )
    survive = forms.ChoiceField(label=_("Value from"), choices=Survive.choices)
    order = forms.CharField(
        label=_("Order of the sources"),
        required=False,
        help_text=_("Codes of sources between commas; empty for their own order."),
    )

    def facts(self) -> dict[str, Any]:
        made = {**super().facts(), "order": _words(self.cleaned_data["order"])}
        if "codes" in made:
            made["codes"] = made["codes"].code
        return made


class SourceForm(PartForm):
    """Rows of a table, all of them or those of one source."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=100)
    table = forms.ModelChoiceField(
        label=_("Table"), queryset=Table.objects.all(), to_field_name="code"
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        required=False,
        help_text=_("As the batches name it; empty for all sources."),
    )
    cleansed = forms.BooleanField(
        label=_("Only rows that cleansing has passed"), required=False
    )
    distinct = forms.BooleanField(
        label=_("Has every thing only once"),
        required=False,
        initial=True,
        help_text=_("Two of its rows are then never the same thing."),
    )

    def facts(self) -> dict[str, Any]:
        before = self.initial if isinstance(self.initial, dict) else {}
        table = self.cleaned_data["table"].code
        kept: Part = {"picks": {}}
        if before.get("table") == table:
            names = ("picks", "system", "only_values", *COLUMNS)
            kept = {name: before[name] for name in names if name in before}
        return {**kept, **super().facts(), "table": table}


class MappingForm(PartForm):
    """Which fields of a source fill which of the subject's."""

    system = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        initial="cgcs2000",
        help_text=_(
            "cgcs2000, wgs84, gcj02, bd09, or an EPSG code such as epsg:4549; the "
            "subject has CGCS2000."
        ),
    )
    x = forms.ChoiceField(label=_("Longitude or easting"), required=False)
    y = forms.ChoiceField(label=_("Latitude or northing"), required=False)
    geometry = forms.ChoiceField(label=_("Or a geometry"), required=False)
    updated = forms.ChoiceField(
        label=_("Time of the values"),
        required=False,
        help_text=_("Empty: when the row landed."),
    )
    only_field = forms.ChoiceField(label=_("Only rows whose field"), required=False)
    only_values = forms.CharField(
        label=_("has one of the values"),
        required=False,
        help_text=_("Between commas."),
    )

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(one.code, f"{one.code} {one.name}") for one in table.fields]
        for name in COLUMNS:
            self.choose(name, columns, empty=True)
        for one in self.version.part("fields"):
            if one["kind"] == FieldKind.POINT:
                continue
            name = f"pick_{one['code']}"
            self.fields[name] = forms.ChoiceField(label=one["name"], required=False)
            self.choose(name, columns, empty=True)
            self.initial.setdefault(name, suggested(one, table.fields))
        self.order_fields([n for n in self.fields if n.startswith("pick_")])

    def facts(self) -> dict[str, Any]:
        found = super().facts()
        picks = {
            name.removeprefix("pick_"): found.pop(name)
            for name in list(found)
            if name.startswith("pick_")
        }
        values = _words(self.cleaned_data["only_values"])
        return {**found, "only_values": values, "picks": picks}


def suggested(one: dict[str, Any], columns: list[Field]) -> str:
    """The field of a table that is called as the subject's."""
    names = {one["code"].lower(), one["name"]}
    hits = (c.code for c in columns if names & {c.code.lower(), c.name, c.abbreviation})
    return next(hits, "")


class RuleForm(PartForm):
    """How much two values count for the score."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RuleKind.choices)
    field = forms.ChoiceField(label=_("Field"))
    weight = forms.FloatField(
        label=_("Weight"), min_value=0.1, max_value=100, initial=1
    )
    least = forms.FloatField(
        label=_("At least this much alike"),
        min_value=0,
        max_value=1,
        initial=0,
        required=False,
        help_text=_("From 0 to 1; a pair below it is different whatever else it has."),
    )
    metres = forms.FloatField(
        label=_("Metres"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("For distances: so far away counts for nothing."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("field", fields_of(self.version))


class BlockForm(PartForm):
    """Which rows are compared at all."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BlockKind.choices)
    field = forms.ChoiceField(label=_("Field"))
    size = forms.IntegerField(
        label=_("Characters"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=_("For the same beginning: how many characters of it."),
    )
    metres = forms.FloatField(
        label=_("Metres"), min_value=1, max_value=100_000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("field", fields_of(self.version))


class LimitsForm(PartForm):
    """From which score on pairs are the same, and which a person decides."""

    title = forms.ChoiceField(label=_("Field that names a record"))
    same = forms.FloatField(
        label=_("Same thing from"),
        min_value=0,
        max_value=1,
        help_text=_("Scores go from 0 to 1."),
    )
    review = forms.FloatField(label=_("To be reviewed from"), min_value=0, max_value=1)
    evidence = forms.FloatField(
        label=_("Part that must have been compared"),
        min_value=0,
        max_value=1,
        help_text=_(
            "Share of all weights; where less could be compared, a person decides."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("title", fields_of(self.version, places=False))


FORMS: dict[str, type[PartForm]] = {
    "fields": FieldForm,
    "sources": SourceForm,
    "rules": RuleForm,
    "blocks": BlockForm,
}
