"""Rows of a table that somebody uploads: xlsx, or csv in UTF-8 or GB 18030."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from platform_core.common.errors import DomainError

ENCODINGS = ("utf-8-sig", "gb18030")
ZIP = b"PK\x03\x04"
Row = tuple[int, dict[str, str]]


def read_rows(source: Path | IO[bytes]) -> Iterator[Row]:
    """Row numbers as a spreadsheet shows them, and cells by their heading."""
    data = source.read_bytes() if isinstance(source, Path) else source.read()
    cells = _sheet(data) if data.startswith(ZIP) else _text(data)
    heads = [str(head or "").strip() for head in next(cells, [])]
    if not any(heads):
        raise DomainError(_("The file is empty."))
    for number, values in enumerate(cells, 2):
        row = dict(zip(heads, values, strict=False))
        if any(row.values()):
            yield number, row


def _text(data: bytes) -> Iterator[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return ([cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)))
    raise DomainError(_("The file is neither a table (xlsx) nor a text (csv)."))


def _sheet(data: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise DomainError(_("The table cannot be read.")) from error
    rows = book.worksheets[0].iter_rows(values_only=True)
    return ([_plain(cell) for cell in row] for row in rows)


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
