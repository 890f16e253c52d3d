"""Forms of flows, by the kind of their source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from exchange.interfaces.models import Table

from .enums import BATCH, MAX_BATCH, TOLERATED, Days, Mode, OnError, SourceKind


def rules_of(text: str) -> list[dict[str, str]]:
    """Rules written one a line: `expression => message`."""
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        test, _arrow, message = line.partition("=>")
        rule = {"test": test.strip(), "message": message.strip()}
        found.append({name: value for name, value in rule.items() if value})
    return found


def rules_as_text(rules: list[dict[str, str]]) -> str:
    """The same, written again."""
    lines = [(rule["test"], rule.get("message", "")) for rule in rules]
    return "\n".join(f"{test} => {text}" if text else test for test, text in lines)


class FlowForm(forms.Form):
    """What a flow reads and when; the picking is added by kind."""

    picks: tuple[str, ...] = ()
    mode = forms.ChoiceField(label=gettext_lazy("Reads"), choices=Mode.choices)
    schedule = forms.CharField(
        label=gettext_lazy("Schedule"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "Minute, hour, day, month, weekday as in cron, such as 0 2 * * *; "
            "empty for runs by hand."
        ),
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Days"), choices=Days.choices, required=False
    )
    filter = forms.CharField(
        label=gettext_lazy("Filter of rows"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "A JMESPath expression over the columns; rows for which it is not true "
            "are left out."
        ),
    )
    rules = forms.CharField(
        label=gettext_lazy("Rules"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "One a line: a JMESPath expression over the record, then =>, then what to "
            "say where it is not true."
        ),
    )
    batch_size = forms.IntegerField(
        label=gettext_lazy("Rows in a batch"),
        min_value=1,
        max_value=MAX_BATCH,
        initial=BATCH,
    )
    on_error = forms.ChoiceField(
        label=gettext_lazy("When a row is wrong"), choices=OnError.choices
    )
    tolerated = forms.IntegerField(
        label=gettext_lazy("Wrong rows at most"),
        min_value=0,
        initial=TOLERATED,
        help_text=gettext_lazy("With more of them the flow pauses."),
    )

    def definition(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The definition; what is mapped already stays."""
        given = self.cleaned_data
        pick = {name: given[name] for name in self.picks if given.get(name) != ""}
        made = {
            name: given[name]
            for name in ("mode", "schedule", "batch_size", "on_error", "tolerated")
        }
        return {
            **(before or {}),
            **made,
            "days": given["days"] or str(Days.EVERY),
            "filter": given["filter"],
            "key": given.get("key", ""),
            "rules": rules_of(given["rules"]),
            "pick": {name: value for name, value in pick.items() if value is not None},
        }


def initial_of(definition: dict[str, Any]) -> dict[str, Any]:
    """The values of the form for a definition."""
    rules = rules_as_text(definition.get("rules", []))
    return {**definition, **definition.get("pick", {}), "rules": rules}


class DatabaseFlowForm(FlowForm):
    """A table or view."""

    picks = ("table",)
    table = forms.CharField(
        label=gettext_lazy("Table or view of the source"), max_length=200
    )
    key = forms.CharField(
        label=gettext_lazy("Column that says what is new"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("A number or moment that only grows."),
    )


class FilesFlowForm(FlowForm):
    """Files by their names."""

    picks = ("pattern", "form", "encoding", "sheet", "after")
    pattern = forms.CharField(
        label=gettext_lazy("File names"),
        max_length=200,
        initial="*.csv",
        help_text=gettext_lazy("Such as *.csv or pipes-*.xlsx, several by commas."),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=(
            ("auto", gettext_lazy("By the name")),
            ("csv", "CSV"),
            ("xlsx", "Excel"),
            ("geojson", "GeoJSON"),
        ),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=(
            ("auto", gettext_lazy("Find out")),
            ("utf-8", "UTF-8"),
            ("gb18030", "GB18030"),
        ),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Empty for the first one."),
    )
    after = forms.ChoiceField(
        label=gettext_lazy("When a file was read"),
        choices=(
            ("leave", gettext_lazy("Leave it")),
            ("move", gettext_lazy("Move it to the folder “done”")),
        ),
    )


class RestFlowForm(FlowForm):
    """Pages of an interface."""

    picks = (
        "path",
        "items",
        "paging",
        "page_param",
        "size_param",
        "size",
        "next_path",
        "since_param",
    )
    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Behind the address of the source."),
    )
    items = forms.CharField(
        label=gettext_lazy("Where the rows are"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A JMESPath such as data.items; empty: all of it."),
    )
    paging = forms.ChoiceField(
        label=gettext_lazy("Pages"),
        choices=(
            ("none", gettext_lazy("All at once")),
            ("page", gettext_lazy("By page number")),
            ("offset", gettext_lazy("By offset")),
            ("cursor", gettext_lazy("By a cursor in the answer")),
            ("link", gettext_lazy("By a link in the answer")),
        ),
    )
    page_param = forms.CharField(
        label=gettext_lazy("Parameter of the page"), max_length=60, required=False
    )
    size_param = forms.CharField(
        label=gettext_lazy("Parameter of the page's size"),
        max_length=60,
        required=False,
    )
    size = forms.IntegerField(
        label=gettext_lazy("Rows on a page"), min_value=1, max_value=10_000, initial=100
    )
    next_path = forms.CharField(
        label=gettext_lazy("Where the next cursor or link is"),
        max_length=200,
        required=False,
    )
    since_param = forms.CharField(
        label=gettext_lazy("Parameter for what is new"), max_length=60, required=False
    )
    key = forms.CharField(
        label=gettext_lazy("Column that says what is new"),
        max_length=100,
        required=False,
    )


class MqttFlowForm(FlowForm):
    """A topic."""

    picks = ("topic", "items")
    topic = forms.CharField(
        label=gettext_lazy("Topic"),
        max_length=300,
        help_text=gettext_lazy("With + and # as in MQTT, such as water/+/level."),
    )
    items = forms.CharField(
        label=gettext_lazy("Where the rows are"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A JMESPath such as data.items; empty: all of it."),
    )


FLOW_FORMS: dict[str, type[FlowForm]] = {
    SourceKind.DATABASE: DatabaseFlowForm,
    SourceKind.FILES: FilesFlowForm,
    SourceKind.REST: RestFlowForm,
    SourceKind.MQTT: MqttFlowForm,
}


def new_flow_form(base: type[FlowForm]) -> type[forms.Form]:
    """The form of a flow that is still without a name and a table."""

    class NewFlowForm(base):  # type: ignore[valid-type, misc]
        title = forms.CharField(label=gettext_lazy("Name"), max_length=100)
        target = forms.ModelChoiceField(
            label=gettext_lazy("Table of the data standard"),
            queryset=Table.objects.select_related("current"),
        )
        field_order = ("title", "target", *base.base_fields)

    return NewFlowForm
