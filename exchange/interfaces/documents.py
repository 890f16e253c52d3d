"""The document of a table, generated from its fields: Markdown and Word."""

import json
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document

from .models import CodeList, Field, TableVersion
from .sampling import sample
from .words import frequency, yes

Rows = list[list[str]]


def facts(version: TableVersion) -> list[tuple[str, str]]:
    """What is said about the table on top of its document."""
    table = version.table
    return [
        (_("Code"), table.code),
        (_("Interface"), f"{table.interface} v{version.number}"),
        (_("Subset"), table.get_subset_display()),
        (_("State"), version.get_state_display()),
        (_("Direction"), f"{table.get_direction_display()} {table.route}".strip()),
        (_("Frequency"), frequency(table.frequency)),
        (_("Foundation"), table.get_confidence_display()),
        (_("Basis"), table.basis),
    ]


def head() -> list[str]:
    """Headings of the table of fields."""
    return [
        _("Name"),
        _("Abbreviation"),
        _("Code"),
        _("Type"),
        _("Constraint"),
        _("Key field"),
        _("Personal data"),
        _("Description"),
    ]


def line(field: Field) -> list[str]:
    """One field as a row of that table."""
    return [
        field.name,
        field.abbreviation,
        field.code,
        field.type_text,
        field.get_need_display(),
        yes(field.is_key),
        yes(field.personal),
        field.description,
    ]


def lists(version: TableVersion) -> list[CodeList]:
    """The code lists that its fields use."""
    used = {one.code_list for one in version.fields.all() if one.code_list}
    return list(CodeList.objects.filter(code__in=used))


def values(one: CodeList) -> str:
    """The values of a list in a line."""
    return "; ".join(f"{v['code']} {v.get('name', '')}".strip() for v in one.values)


def example(version: TableVersion) -> str:
    """A sample record as text."""
    return json.dumps(sample(version), ensure_ascii=False, indent=2)


def markdown(version: TableVersion) -> str:
    """The document in Markdown."""
    rows = [line(one) for one in version.fields.all()]
    parts = [f"# {version.table} v{version.number}"]
    parts.append("\n".join(f"- {label}: {text}" for label, text in facts(version)))
    parts += [f"## {_('Fields')}", _grid(head(), rows)]
    parts += [
        f"## {_('Code lists')}",
        *(f"- `{v}`: {values(v)}" for v in lists(version)),
    ]
    parts += [f"## {_('Sample record')}", f"```json\n{example(version)}\n```"]
    schema = json.dumps(version.schema, ensure_ascii=False, indent=2)
    parts += ["## JSON Schema", f"```json\n{schema}\n```"]
    return "\n\n".join(parts) + "\n"


def _grid(head: list[str], rows: Rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = [[text.replace("|", "\\|") for text in one] for one in lines]
    return "\n".join(f"| {' | '.join(one)} |" for one in cells)


def word(version: TableVersion) -> bytes:
    """The document for the office."""
    document = Document()
    document.add_heading(f"{version.table} v{version.number}", 1)
    for label, text in facts(version):
        document.add_paragraph(f"{label}: {text}", style="List Bullet")
    document.add_heading(_("Fields"), 2)
    rows = [line(one) for one in version.fields.all()]
    _table(document, [head(), *rows])
    document.add_heading(_("Code lists"), 2)
    for one in lists(version):
        document.add_paragraph(f"{one}: {values(one)}", style="List Bullet")
    document.add_heading(_("Sample record"), 2)
    document.add_paragraph(example(version))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any, rows: Rows) -> None:
    grid = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
