"""Columns of a list, declared once for page and export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _

from . import words

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `name` is a path of attributes ("unit.name"); `sort` True or a field's
    name; `link` True for get_absolute_url or a function of the row; `render`
    gives the cell's HTML, `export` the value in a file; `default` False hides
    the column until it is chosen; `number` aligns to the right.
    """

    name: str
    label: Label
    sort: bool | str = False
    link: bool | Callable[[Any], str] = False
    render: Callable[[Any], object] | None = None
    export: Callable[[Any], object] | None = None
    default: bool = True
    number: bool = False
    css: str = ""

    @property
    def order_field(self) -> str:
        if self.sort is True:
            return self.name.replace(".", "__")
        return self.sort or ""

    @property
    def classes(self) -> str:
        return f"{self.css} text-end".strip() if self.number else self.css

    def value(self, row: Any) -> Any:
        """The plain value, choices by their label."""
        owner, _dot, last = self.name.rpartition(".")
        for part in filter(None, owner.split(".")):
            row = getattr(row, part, None)
        display = getattr(row, f"get_{last}_display", None)
        if display is not None:
            return display()
        found = getattr(row, last, None)
        return found() if callable(found) else found

    def cell(self, row: Any) -> object:
        """The cell as the page shows it."""
        shown = self.render(row) if self.render else show(self.value(row))
        shown = show(None) if shown is None else shown
        url = self.href(row)
        if url:
            return format_html('<a href="{}">{}</a>', url, shown)
        return shown

    def href(self, row: Any) -> str:
        if callable(self.link):
            return self.link(row) or ""
        return row.get_absolute_url() if self.link else ""

    def plain(self, row: Any) -> Any:
        """The value for a file."""
        value = self.export(row) if self.export else self.value(row)
        if isinstance(value, datetime):
            return words.stamp(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value is None or isinstance(value, int | float | date):
            return value
        return str(value)


def show(value: Any) -> object:
    """A plain value as HTML."""
    if value is None or value == "":
        return format_html('<span class="text-muted">{}</span>', "—")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return value


def moment(value: datetime) -> str:
    """Relative in text, absolute on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        words.stamp(value, seconds=True),
        words.relative(value),
    )
