"""Codes out of a file that people made: CSV or Excel."""

import csv
import io
from collections.abc import Iterator
from zipfile import BadZipFile

from django.core.files.base import File
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from platform_core.common.errors import DomainError

MOST = 20_000
NAMES = ("given", "standard", "note")
Line = dict[str, str]


def lines(file: File) -> Iterator[Line]:
    """The lines below the head: source code, standard code, note."""
    name = str(file.name or "").lower()
    rows = _excel(file) if name.endswith(".xlsx") else _plain(file)
    for number, row in enumerate(rows):
        if number > MOST:
            text = _("The file has more than %(limit)d lines.") % {"limit": MOST}
            raise DomainError(text, fields={"file": text})
        if number and any(row):
            yield dict(zip(NAMES, row, strict=False))


def _plain(file: File) -> Iterator[list[str]]:
    data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    for row in csv.reader(io.StringIO(text)):
        # A quote before a sign is how an export kept a formula from running.
        yield [cell.removeprefix("'").strip() for cell in row]


def _excel(file: File) -> Iterator[list[str]]:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        text = _("This is no Excel file.")
        raise DomainError(text, fields={"file": text}) from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell).strip() for cell in row]
    book.close()
