"""Files of columns, written row by row in constant memory."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from exchange.connectors.errors import Unreadable
from exchange.connectors.readers.tables import CODECS, GEOMETRY

# Rows of a sheet of Excel, without the first one.
MOST = 1_048_575


class BadCell(ValueError):
    """A value that the file cannot hold."""


class Sheet(Protocol):
    """A file that is being written."""

    def add(self, values: list[Any]) -> None:
        """One more row."""

    def end(self) -> None:
        """The last row was written."""

    def close(self) -> None:
        """Let go of the file."""


def as_json(value: Any) -> str:
    """A value as JSON, with its own characters."""
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _cell(value: Any) -> Any:
    """A value as a cell holds it: structures as JSON, yes and no as words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_json(value) if isinstance(value, Mapping | list) else value


class CsvSheet:
    """Lines of text; the first one names the columns."""

    def __init__(
        self, path: Path, columns: Sequence[str], pick: Mapping[str, Any]
    ) -> None:
        codec = CODECS.get(pick.get("encoding") or "utf-8", "utf-8-sig")
        self.stream = path.open("w", encoding=codec, newline="")
        self.writer = csv.writer(self.stream)
        self.writer.writerow(columns)

    def add(self, values: list[Any]) -> None:
        self.writer.writerow([_cell(value) for value in values])

    def end(self) -> None:
        self.stream.close()

    def close(self) -> None:
        self.stream.close()


class ExcelSheet:
    """A workbook with one sheet; texts stay texts, whatever they begin with."""

    def __init__(
        self, path: Path, columns: Sequence[str], pick: Mapping[str, Any]
    ) -> None:
        self.path, self.rows = path, 0
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(title=(pick.get("sheet") or "data")[:31])
        self.sheet.append([self._text(name) for name in columns])

    def _text(self, value: str) -> Any:
        try:
            cell = WriteOnlyCell(self.sheet, value=value)
        except IllegalCharacterError as error:
            text = _("The value has characters that Excel cannot hold.")
            raise BadCell(text) from error
        cell.data_type = "s"
        return cell

    def add(self, values: list[Any]) -> None:
        if self.rows >= MOST:
            raise Unreadable(_("There are more rows than Excel can hold; use CSV."))
        cells = [_cell(value) for value in values]
        self.sheet.append(
            [self._text(one) if isinstance(one, str) else one for one in cells]
        )
        self.rows += 1

    def end(self) -> None:
        self.book.save(self.path)

    def close(self) -> None:
        """Nothing is held but memory."""


class GeoJsonSheet:
    """A feature collection; the column `geometry` is the geometry.  [RFC 7946]"""

    def __init__(
        self, path: Path, columns: Sequence[str], pick: Mapping[str, Any]
    ) -> None:
        self.columns, self.first = list(columns), True
        self.stream = path.open("w", encoding="utf-8")
        self.stream.write('{"type":"FeatureCollection","features":[')

    def add(self, values: list[Any]) -> None:
        properties = dict(zip(self.columns, values, strict=True))
        geometry = properties.pop(GEOMETRY, None)
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        self.stream.write(("\n" if self.first else ",\n") + as_json(feature))
        self.first = False

    def end(self) -> None:
        self.stream.write("\n]}\n")
        self.stream.close()

    def close(self) -> None:
        self.stream.close()


SHEETS: dict[str, Callable[[Path, Sequence[str], Mapping[str, Any]], Sheet]] = {
    "csv": CsvSheet,
    "xlsx": ExcelSheet,
    "geojson": GeoJsonSheet,
}
