"""A report of a month or day as a document and as a workbook."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Font

from platform_core.common.models import own_node
from platform_core.ui.exports import XLSX, harmless
from platform_core.ui.words import stamp

from .models import ExchangeReport

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "FangSong"
TRAFFIC = (
    ("label", gettext_lazy("Item")),
    ("calls", gettext_lazy("Calls made")),
    ("success_rate", gettext_lazy("Successful (%)")),
    ("out", gettext_lazy("Records sent")),
    ("come", gettext_lazy("Records received")),
    ("rejected", gettext_lazy("Refused records")),
    ("size", gettext_lazy("Bytes")),
    ("p95", gettext_lazy("p95 (ms)")),
    ("timeliness", gettext_lazy("In time (%)")),
    ("validity", gettext_lazy("Valid (%)")),
    ("score", gettext_lazy("Quality score")),
)
EVENTS = (
    ("label", gettext_lazy("Platform")),
    ("name", gettext_lazy("Name")),
    ("outages", gettext_lazy("Outages")),
    ("outage_minutes", gettext_lazy("Outage minutes")),
    ("alarms", gettext_lazy("Alarms")),
    ("critical", gettext_lazy("Critical alarms")),
    ("certificates", gettext_lazy("Certificates")),
    ("certificates_equal", gettext_lazy("Equal certificates")),
    ("problems", gettext_lazy("Problem records")),
    ("cleared", gettext_lazy("Cleared")),
    ("clearing_hours", gettext_lazy("Hours until cleared")),
)
Heads = Sequence[tuple[str, Any]]


def sections(report: ExchangeReport) -> list[tuple[str, Heads, list[dict[str, Any]]]]:
    """Title, columns and rows of each table of a report."""
    data = report.data
    return [
        (_("Traffic by platform"), TRAFFIC, data["peers"]),
        (_("Outages, alarms, problem records"), EVENTS, data["peers"]),
        # Reports of before this section have none.
        (_("Traffic by subset"), TRAFFIC, data.get("subsets", [])),
        (_("Traffic by interface"), TRAFFIC, data["interfaces"]),
    ]


def cells(heads: Heads, row: dict[str, Any]) -> list[Any]:
    """One row in the order of the columns."""
    return [row.get(name) for name, _label in heads]


def sentences(report: ExchangeReport) -> list[str]:
    """What the figures say."""
    totals = report.data["totals"]
    return [
        _("%(out)s records were sent, %(come)s received and %(rejected)s refused.")
        % totals,
        _("There were %(outages)s outages, %(alarms)s alarms, %(problems)s problems.")
        % totals,
    ]


def as_docx(report: ExchangeReport) -> bytes:
    """The report as a Word document."""
    paper = Document()
    page = paper.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    paper.add_heading(str(report), 1)
    written = {"node": own_node(), "time": stamp(report.written_at)}
    paper.add_paragraph(_("%(node)s, written %(time)s") % written)
    for sentence in sentences(report):
        paper.add_paragraph(sentence)
    for title, heads, rows in sections(report):
        paper.add_heading(title, 2)
        _table(paper, heads, rows)
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _table(paper: Any, heads: Heads, rows: Iterable[dict[str, Any]]) -> None:
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, (_name, label) in zip(table.rows[0].cells, heads, strict=True):
        cell.text = str(label)
    for row in rows:
        for cell, value in zip(table.add_row().cells, cells(heads, row), strict=True):
            cell.text = "—" if value is None else str(value)


def as_xlsx(report: ExchangeReport) -> bytes:
    """The report as a workbook, a sheet for each table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, heads, rows in sections(report):
        sheet = book.create_sheet(title[:31])
        sheet.append([str(label) for _name, label in heads])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append([harmless(value) for value in cells(heads, row)])
        sheet.freeze_panes = "A2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


FORMS = {"docx": (as_docx, DOCX), "xlsx": (as_xlsx, XLSX)}
