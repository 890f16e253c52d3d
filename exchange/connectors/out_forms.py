"""Forms of outgoing flows, by the kind of their target, and of their mapping."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.common.errors import DomainError

from . import notation
from .enums import PLAIN_MODES, SourceKind
from .flow_forms import FlowForm

# Empty lines at the end of a mapping, for further columns.
SPARE = 3


class OutFlowForm(FlowForm):
    """What a flow sends and when."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Sends"),
        choices=[(mode.value, mode.label) for mode in PLAIN_MODES],
    )
    filter = forms.CharField(
        label=gettext_lazy("Filter of records"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "A JMESPath expression over the fields; records for which it is not true "
            "are left out."
        ),
    )


class DatabaseOutForm(OutFlowForm):
    """A table; known rows are changed, others inserted."""

    picks = ("table", "keys")
    table = forms.CharField(label=gettext_lazy("Table of the target"), max_length=200)
    keys = forms.CharField(
        label=gettext_lazy("Key columns"),
        max_length=300,
        help_text=gettext_lazy(
            "Columns that together name a row, several by commas; the target needs a "
            "unique key over them."
        ),
    )


class FilesOutForm(OutFlowForm):
    """A file for each run."""

    picks = ("name", "form", "encoding", "sheet")
    name = forms.CharField(
        label=gettext_lazy("File name"),
        max_length=100,
        help_text=gettext_lazy(
            "Without its ending. Everything each time replaces this file; only what is "
            "new makes a further file with a number behind the name."
        ),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=(("csv", "CSV"), ("xlsx", "Excel"), ("geojson", "GeoJSON")),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=(("utf-8", "UTF-8"), ("gb18030", "GB18030")),
    )
    sheet = forms.CharField(label=gettext_lazy("Sheet"), max_length=31, required=False)


class RestOutForm(OutFlowForm):
    """An interface that takes records."""

    picks = ("path", "method", "body")
    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Behind the address of the source."),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=(("POST", "POST"), ("PUT", "PUT"))
    )
    body = forms.ChoiceField(
        label=gettext_lazy("In one request"),
        choices=(
            ("one", gettext_lazy("One record")),
            ("list", gettext_lazy("A batch as a list")),
        ),
    )


class MqttOutForm(OutFlowForm):
    """A topic that records are written to."""

    picks = ("topic", "retain")
    topic = forms.CharField(
        label=gettext_lazy("Topic"),
        max_length=300,
        help_text=gettext_lazy(
            "{column} stands for the record's value, such as water/{code}/level."
        ),
    )
    retain = forms.BooleanField(
        label=gettext_lazy("The broker keeps the last message"), required=False
    )


OUT_FORMS: dict[str, type[FlowForm]] = {
    SourceKind.DATABASE: DatabaseOutForm,
    SourceKind.FILES: FilesOutForm,
    SourceKind.REST: RestOutForm,
    SourceKind.MQTT: MqttOutForm,
}


class OutMappingForm(forms.Form):
    """A line for each column of the target: which fields its value comes from."""

    def __init__(
        self,
        *args: Any,
        columns: list[str],
        targets: list[str],
        mapped: list[dict[str, Any]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.columns, self.targets = columns, targets
        self.count = max(len(mapped), len(targets)) + SPARE
        for number in range(self.count):
            self._line(number)

    def _line(self, number: int) -> None:
        for part, label, length, listed in PARTS:
            self.fields[f"{part}_{number}"] = forms.CharField(
                required=False,
                max_length=length,
                label=label,
                widget=forms.TextInput(attrs={"list": listed} if listed else {}),
            )
        self.fields[f"steps_{number}"] = forms.CharField(
            required=False,
            label=pgettext_lazy("conversion", "Steps"),
            widget=forms.Textarea(attrs={"rows_shown": "1"}),
        )

    def lines(self) -> Iterator[list[Any]]:
        """The four inputs of each line."""
        parts = ("to", "from", "constant", "steps")
        for number in range(self.count):
            yield [self[f"{part}_{number}"] for part in parts]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.mapped: list[dict[str, Any]] = []
        for number in range(self.count):
            if target := given.get(f"to_{number}", "").strip():
                self._keep(number, target, given)
        return given

    def _keep(self, number: int, target: str, given: dict[str, Any]) -> None:
        try:
            steps = notation.read(given.get(f"steps_{number}", ""))
        except DomainError as error:
            self.add_error(f"steps_{number}", str(error.message))
            return
        names = given.get(f"from_{number}", "").split(",")
        parts = [part.strip() for part in names if part.strip()]
        made = {"to": target, "from": parts, "steps": steps}
        if constant := given.get(f"constant_{number}", ""):
            made["constant"] = constant
        self.mapped.append(made)


PARTS = (
    ("to", gettext_lazy("Column of the target"), 120, "targets"),
    ("from", gettext_lazy("Field"), 500, "columns"),
    ("constant", gettext_lazy("Fixed value"), 200, ""),
)


def out_initial(mapped: list[dict[str, Any]], targets: list[str]) -> dict[str, str]:
    """The inputs of the form: what is mapped, then the columns that are left."""
    filled = {one["to"] for one in mapped}
    left = [{"to": name} for name in targets if name not in filled]
    found = {}
    for number, one in enumerate([*mapped, *left]):
        found[f"to_{number}"] = one["to"]
        found[f"from_{number}"] = ", ".join(one.get("from", []))
        found[f"constant_{number}"] = one.get("constant", "")
        found[f"steps_{number}"] = notation.write(one.get("steps", []))
    return found
