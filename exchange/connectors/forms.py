"""Forms of sources, flows, rejected rows and code mappings."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.interfaces.models import Table
from platform_core.common.errors import DomainError

from . import kinds, notation
from .enums import SourceKind

SECRET_HELP = gettext_lazy("Stored encrypted and never shown; empty keeps the old one.")


class SourceForm(forms.Form):
    """What all sources have in common."""

    kind: str = ""
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.CharField(
        label=gettext_lazy("Department"), max_length=100, required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact"), max_length=100, required=False
    )

    def facts(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        given = self.cleaned_data
        known = kinds.SETTINGS[self.kind]["properties"]
        settings = {
            name: given[name] for name in known if given.get(name) not in ("", None)
        }
        return {
            "name": given["name"],
            "department": given["department"],
            "contact": given["contact"],
            "allow_private": given.get("allow_private", False),
            "secret": given.get("secret", ""),
            "settings": settings,
        }


class AddressForm(SourceForm):
    """A source at an address of the network."""

    username = forms.CharField(
        label=gettext_lazy("Account"), max_length=200, required=False
    )
    secret = forms.CharField(
        label=gettext_lazy("Password or token"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=SECRET_HELP,
    )
    allow_private = forms.BooleanField(
        label=gettext_lazy("The address may lie in a private network"),
        required=False,
        help_text=gettext_lazy("Addresses of the own network are refused without it."),
    )


class DatabaseForm(AddressForm):
    """A database."""

    kind = SourceKind.DATABASE
    engine = forms.ChoiceField(
        label=gettext_lazy("Make"),
        choices=(
            ("postgresql", "PostgreSQL"),
            ("mysql", "MySQL"),
            ("sqlite", "SQLite"),
        ),
    )
    host = forms.CharField(label=gettext_lazy("Host"), max_length=250, required=False)
    port = forms.IntegerField(
        label=gettext_lazy("Port"), min_value=1, max_value=65535, required=False
    )
    database = forms.CharField(
        label=gettext_lazy("Database"),
        max_length=250,
        help_text=gettext_lazy("For SQLite a file below the exchange folder."),
    )
    tls = forms.BooleanField(label=gettext_lazy("Encrypted"), required=False)

    def clean(self):
        given = super().clean() or {}
        if given.get("engine") != "sqlite" and not given.get("host"):
            self.add_error("host", _("This field is required."))
        return given


class FilesForm(AddressForm):
    """Files in a folder."""

    kind = SourceKind.FILES
    place = forms.ChoiceField(
        label=gettext_lazy("Place"),
        choices=(
            ("folder", gettext_lazy("Folder of this platform")),
            ("sftp", "SFTP"),
        ),
    )
    host = forms.CharField(
        label=gettext_lazy("SFTP server"), max_length=250, required=False
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"), min_value=1, max_value=65535, required=False
    )
    host_key = forms.CharField(
        label=gettext_lazy("Key of the server"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "SHA256:…, as the test shows it and the owner confirms."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Password or private key"),
        required=False,
        widget=forms.Textarea(attrs={"autocomplete": "off"}),
        help_text=SECRET_HELP,
    )
    folder = forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("On this platform below the exchange folder."),
    )

    def facts(self):
        found = super().facts()
        found["settings"].setdefault("folder", "")
        return found

    def clean(self):
        given = super().clean() or {}
        if given.get("place") == "sftp" and not given.get("host"):
            self.add_error("host", _("This field is required."))
        return given


class RestForm(AddressForm):
    """An interface over HTTP."""

    kind = SourceKind.REST
    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=300, assume_scheme="https"
    )
    auth = forms.ChoiceField(
        label=gettext_lazy("Signs in with"),
        choices=(
            ("none", gettext_lazy("Nothing")),
            ("basic", gettext_lazy("Account and password")),
            ("bearer", gettext_lazy("Bearer token")),
            ("header", gettext_lazy("Key in a header")),
        ),
    )
    header = forms.CharField(
        label=gettext_lazy("Name of the header"), max_length=100, required=False
    )


class MqttForm(AddressForm):
    """A message broker."""

    kind = SourceKind.MQTT
    host = forms.CharField(label=gettext_lazy("Host"), max_length=250)
    port = forms.IntegerField(
        label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=1883
    )
    tls = forms.BooleanField(label=gettext_lazy("Encrypted"), required=False)


FORMS: dict[str, type[SourceForm]] = {
    SourceKind.DATABASE: DatabaseForm,
    SourceKind.FILES: FilesForm,
    SourceKind.REST: RestForm,
    SourceKind.MQTT: MqttForm,
}


class MappingForm(forms.Form):
    """A line for each field of the table: where its value comes from."""

    def __init__(self, *args: Any, table: Table, columns: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.table, self.columns = table, columns
        for one in table.fields:
            self.fields[f"from_{one.code}"] = forms.CharField(
                required=False,
                max_length=500,
                label=one.name,
                widget=forms.TextInput(attrs={"list": "columns"}),
            )
            self.fields[f"constant_{one.code}"] = forms.CharField(
                required=False, max_length=200, label=one.name
            )
            self.fields[f"steps_{one.code}"] = forms.CharField(
                required=False,
                label=one.name,
                widget=forms.Textarea(attrs={"rows_shown": "1"}),
            )

    def lines(self):
        """The fields of the table with their three inputs."""
        return [
            (
                one,
                *(self[f"{part}_{one.code}"] for part in ("from", "constant", "steps")),
            )
            for one in self.table.fields
        ]

    def clean(self):
        given = super().clean() or {}
        self.mapped = []
        for one in self.table.fields:
            names = given.get(f"from_{one.code}", "")
            constant = given.get(f"constant_{one.code}", "")
            try:
                steps = notation.read(given.get(f"steps_{one.code}", ""))
            except DomainError as error:
                self.add_error(f"steps_{one.code}", str(error.message))
                continue
            if names or constant or steps:
                self.mapped.append(_field(one.code, names, constant, steps))
        return given


def _field(code: str, names: str, constant: str, steps: list) -> dict[str, Any]:
    parts = [part.strip() for part in names.split(",") if part.strip()]
    made: dict[str, Any] = {"to": code, "from": parts, "steps": steps}
    return made | ({"constant": constant} if constant else {})


def mapping_initial(fields: list[dict[str, Any]]) -> dict[str, str]:
    """The inputs of the form for a mapping."""
    found = {}
    for one in fields:
        code = one["to"]
        found[f"from_{code}"] = ", ".join(one.get("from", []))
        found[f"constant_{code}"] = one.get("constant", "")
        found[f"steps_{code}"] = notation.write(one.get("steps", []))
    return found


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class RowForm(forms.Form):
    """A rejected row with a field for each of its columns but the fixed ones."""

    def __init__(
        self,
        *args: Any,
        row: dict[str, Any],
        fixed: Collection[str] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.row = row
        for name, value in row.items():
            if isinstance(value, dict | list) or name in fixed:
                continue
            self.fields[name] = forms.CharField(
                label=name, required=False, initial=value, max_length=2000
            )

    def corrected(self) -> dict[str, Any]:
        """The row with what was changed; untouched values keep their type."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return {**self.row, **changed}


class UploadForm(forms.Form):
    """A file with rows of a table."""

    table = forms.ModelChoiceField(
        label=gettext_lazy("Table"),
        queryset=Table.objects.select_related("current")
        .exclude(current=None)
        .order_by("code"),
    )
    source = forms.CharField(
        label=gettext_lazy("Department"),
        max_length=120,
        help_text=gettext_lazy("Where the rows come from; problems go back there."),
    )
    file = forms.FileField(label=gettext_lazy("File"))
    trial = forms.BooleanField(
        label=gettext_lazy("Only try the first 20 rows"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Nothing is kept; the errors are listed."),
    )


class CodeMapForm(forms.Form):
    """Codes of a department and the standard ones, one pair a line."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=60)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    entries = forms.CharField(
        label=gettext_lazy("Codes"),
        widget=forms.Textarea(attrs={"rows_shown": "12"}),
        help_text=gettext_lazy("One a line: code of the source = standard code."),
    )

    def clean_entries(self) -> dict[str, str]:
        found = {}
        for line in filter(
            None, map(str.strip, self.cleaned_data["entries"].splitlines())
        ):
            given, equals, standard = line.partition("=")
            if not equals or not given.strip() or not standard.strip():
                text = _("“%(line)s” is no pair of codes.") % {"line": line}
                raise forms.ValidationError(text)
            if given.strip() in found:
                text = _("“%(code)s” stands there twice.") % {"code": given.strip()}
                raise forms.ValidationError(text)
            found[given.strip()] = standard.strip()
        return found
