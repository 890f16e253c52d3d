"""Lists as files: CSV as a stream, Excel in constant memory."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from .columns import Column

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a quote before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [harmless(column.plain(row)) for column in columns]


def as_csv(
    columns: Sequence[Column], rows: Iterable[Any], name: str
) -> HttpResponseBase:
    """A streamed CSV file that Excel opens as UTF-8."""
    writer = csv.writer(Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([str(column.label) for column in columns])
        for line in _rows(columns, rows):
            yield writer.writerow(line)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(f"{name}.csv")
    return response


def as_xlsx(
    columns: Sequence[Column], rows: Iterable[Any], name: str
) -> HttpResponseBase:
    """An Excel file, written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=name[:31])
    sheet.freeze_panes = "A2"
    widths = [max(12, len(str(column.label)) * 2 + 4) for column in columns]
    for index, width in enumerate(widths):
        sheet.column_dimensions[chr(65 + index) if index < 26 else "AA"].width = width
    head = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=str(column.label))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F3")
        head.append(cell)
    sheet.append(head)
    for line in _rows(columns, rows):
        sheet.append(line)
    stream = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book.save(stream)
    stream.seek(0)
    response = FileResponse(stream, content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{name}.xlsx")
    return response


def disposition(name: str) -> str:
    """Content-Disposition for a file name in any script."""
    return f"attachment; filename*=UTF-8''{quote(name)}"


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
