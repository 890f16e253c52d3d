"""A cross table as asked for: its form, the time it may take, its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import OperationalError, connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.common.errors import DomainError

from .filters import CaseSearch, first_day
from .tables import Dimension, Measure, Table, compute, dimensions, measures

SECONDS = 5
USUAL = {"rows": "district", "columns": "state", "measure": "count"}
USUAL_DAYS = 30


class TooLong(DomainError):
    """The database needs longer than a page may."""

    code = "too_long"


class TableForm(forms.Form):
    """Which table."""

    rows = forms.ChoiceField(label=gettext_lazy("Rows"))
    columns = forms.ChoiceField(label=gettext_lazy("Columns"))
    measure = forms.ChoiceField(label=gettext_lazy("Measure"))

    def __init__(self, data: Any) -> None:
        super().__init__({**USUAL, **{k: data[k] for k in USUAL if data.get(k)}})
        sides = [(one.code, one.label) for one in dimensions().values()]
        self.fields["rows"].choices = self.fields["columns"].choices = sides  # type: ignore[attr-defined]
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in measures().values()
        ]


@dataclass(frozen=True)
class Asked:
    """A valid question."""

    rows: Dimension
    columns: Dimension
    measure: Measure
    search: CaseSearch


def read(query: str, user: User) -> Asked:
    """What an address asks for, of what somebody may see; DomainError if unclear."""
    data = QueryDict(query, mutable=True)
    if not data.get("reported_from") and not data.get("closed_from"):
        data["reported_from"] = str(first_day(USUAL_DAYS))
    form = TableForm(data)
    search = CaseSearch(data, queryset=Case.objects.visible_to(user))
    if not form.is_valid() or not search.form.is_valid():
        raise DomainError(
            _("These conditions cannot be read."),
            fields={**form.errors, **search.form.errors},
        )
    chosen = form.cleaned_data
    return Asked(
        dimensions()[chosen["rows"]],
        dimensions()[chosen["columns"]],
        measures()[chosen["measure"]],
        search,
    )


def answer(asked: Asked) -> Table:
    """The table, however long it takes."""
    return compute(asked.search.qs, asked.rows, asked.columns, asked.measure)


def quick_answer(asked: Asked) -> Table:
    """The table; TooLong where the database needs more than a few seconds."""
    if connection.vendor != "postgresql":
        return answer(asked)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000}")
            found = answer(asked)
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
            return found
    except OperationalError as error:
        raise TooLong(_("This table takes longer than a page may.")) from error


def lines(asked: Asked, table: Table) -> Iterator[list[Any]]:
    """The table as lines of a file."""
    heads = [table.column_name(key) for key in table.columns]
    yield [f"{asked.rows.label} / {asked.columns.label}", *heads]
    for row in table.rows:
        cells = [table.values.get((row, head)) for head in table.columns]
        yield [table.row_name(row), *cells]
