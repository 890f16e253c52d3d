"""CSV, Excel and GeoJSON files row by row, whatever their size."""

import codecs
import csv
import itertools
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import ijson
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from exchange.connectors.errors import Unreadable

CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
DELIMITERS = ",;\t|"
BLOCK = 2**20
MAX_UNPACKED = 2**31
MAX_RATIO = 300
LOOKED_AT = 100
FIELD = 2**20
GEOMETRY = "geometry"
# A row, its line in the file, and what is wrong with it.
Line = tuple[dict[str, Any], int, str]


class TableFile:
    """A file with named columns."""

    def __init__(self, path: Path, *, encoding: str = "auto", sheet: str = "") -> None:
        self.path, self.encoding, self.sheet = path, encoding, sheet

    def columns(self) -> list[str]:
        """Names of the columns."""
        raise NotImplementedError

    def lines(self) -> Iterator[Line]:
        """All rows."""
        raise NotImplementedError


def unreadable(line: int, error: object) -> Unreadable:
    """The file is broken from a line on."""
    text = _("The file cannot be read from line %(line)d on: %(error)s")
    return Unreadable(text % {"line": line, "error": str(error)[:200]})


def named(names: list[str]) -> list[str]:
    """Column names; each must be there once."""
    plain = [name.strip() for name in names]
    if not plain or len(set(plain)) != len(plain) or not all(plain):
        raise Unreadable(_("Every column needs a name of its own in the first line."))
    return plain


def codec_of(path: Path, wanted: str) -> str:
    """The encoding of a text file; Unreadable with the line that is in none."""
    names = [wanted] if wanted in CODECS else list(CODECS)
    faults = [_first_fault(path, CODECS[name]) for name in names]
    for name, fault in zip(names, faults, strict=True):
        if fault is None:
            return CODECS[name]
    worst = max(fault for fault in faults if fault is not None)
    raise unreadable(worst, _("the text is neither UTF-8 nor GB18030"))


def _first_fault(path: Path, codec: str) -> int | None:
    decoder, before = codecs.getincrementaldecoder(codec)(), 0
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
                before += block.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return before + error.object[: error.start].count(b"\n") + 1
    return None


class CsvFile(TableFile):
    """Lines of text; the first one names the columns."""

    def __init__(self, path: Path, **facts: Any) -> None:
        super().__init__(path, **facts)
        csv.field_size_limit(FIELD)
        self.codec = codec_of(path, self.encoding)
        with self._open() as stream:
            first = stream.readline()
        self.delimiter = max(DELIMITERS, key=first.count)
        try:
            names = next(csv.reader([first], delimiter=self.delimiter), [])
        except csv.Error as error:
            raise unreadable(1, error) from error
        self.names = named(names)

    def _open(self) -> Any:
        return self.path.open(encoding=self.codec, newline="")

    def columns(self) -> list[str]:
        return self.names

    def lines(self) -> Iterator[Line]:
        with self._open() as stream:
            found = csv.reader(stream, delimiter=self.delimiter, strict=True)
            try:
                next(found, None)
                for values in found:
                    if values:
                        yield self._line(values, found.line_num)
            except csv.Error as error:
                raise unreadable(found.line_num, error) from error

    def _line(self, values: list[str], line: int) -> Line:
        fault = ""
        if len(values) != len(self.names):
            text = _("The line has %(found)d values instead of %(wanted)d.")
            fault = text % {"found": len(values), "wanted": len(self.names)}
        return dict(zip(self.names, values, strict=False)), line, fault


class ExcelFile(TableFile):
    """A sheet of a workbook; the first row names the columns."""

    def __init__(self, path: Path, **facts: Any) -> None:
        super().__init__(path, **facts)
        _check_zip(path)
        with closing(self._book()) as book:
            first = next(self._rows(book), ())
        kept = list(itertools.dropwhile(lambda one: one is None, reversed(first)))
        self.names = named(["" if one is None else str(one) for one in reversed(kept)])

    def _book(self) -> Any:
        try:
            return load_workbook(self.path, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError) as error:
            raise unreadable(1, error) from error

    def _rows(self, book: Any) -> Iterator[tuple[Any, ...]]:
        if self.sheet and self.sheet not in book.sheetnames:
            text = _("The workbook has no sheet “%(name)s”.")
            raise Unreadable(text % {"name": self.sheet})
        found = book[self.sheet] if self.sheet else book.worksheets[0]
        rows: Iterator[tuple[Any, ...]] = found.iter_rows(values_only=True)
        return rows

    def columns(self) -> list[str]:
        return self.names

    def lines(self) -> Iterator[Line]:
        with closing(self._book()) as book:
            for line, values in enumerate(self._rows(book), 1):
                if line > 1 and any(value is not None for value in values):
                    yield dict(zip(self.names, values, strict=False)), line, ""


def _check_zip(path: Path) -> None:
    """No workbook unpacks to more than this machine can hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [(one.file_size, one.compress_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable(1, error) from error
    unpacked, packed = (sum(column) for column in zip(*sizes, strict=True))
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise Unreadable(_("The file unpacks to far more than it may."))


class GeoJsonFile(TableFile):
    """A feature collection; the geometry is a column of its own.  [RFC 7946]"""

    def columns(self) -> list[str]:
        names: dict[str, None] = {}
        for row, _line, _fault in itertools.islice(self.lines(), LOOKED_AT):
            names.update(dict.fromkeys(row))
        return list(names) or [GEOMETRY]

    def lines(self) -> Iterator[Line]:
        line = 0
        with self.path.open("rb") as stream:
            features = ijson.items(stream, "features.item", use_float=True)
            try:
                for line, feature in enumerate(features, 1):
                    yield self._line(feature, line)
            except (ijson.JSONError, UnicodeDecodeError) as error:
                raise unreadable(line + 1, error) from error

    def _line(self, feature: Any, line: int) -> Line:
        if not isinstance(feature, dict):
            return {}, line, _("This is no feature.")
        properties = feature.get("properties") or {}
        return {**properties, GEOMETRY: feature.get("geometry")}, line, ""


FORMATS: dict[str, Callable[..., TableFile]] = {
    "csv": CsvFile,
    "xlsx": ExcelFile,
    "geojson": GeoJsonFile,
}
BY_SUFFIX = {
    ".csv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".geojson": "geojson",
    ".json": "geojson",
}


def open_table(path: Path, name: str, pick: dict[str, Any]) -> TableFile:
    """The file, read as its format or its name says."""
    form = pick.get("form") or "auto"
    if form == "auto":
        form = BY_SUFFIX.get(Path(name).suffix.lower(), "")
    if form not in FORMATS:
        text = _("%(name)s is no CSV, Excel or GeoJSON file.")
        raise Unreadable(text % {"name": name})
    if not path.stat().st_size:
        raise Unreadable(_("The file is empty: %(name)s") % {"name": name})
    return FORMATS[form](
        path, encoding=pick.get("encoding") or "auto", sheet=pick.get("sheet") or ""
    )
