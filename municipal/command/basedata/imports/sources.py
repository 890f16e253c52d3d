"""Files as chunks of columns, whatever their format, in constant memory."""

import csv
import itertools
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import ijson
import shapefile
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from municipal.command.basedata.enums import Encoding, Format
from platform_core.common.errors import DomainError
from platform_core.geo import shapes

from . import encodings

SAMPLE = 5
LOOKED_AT = 100
DELIMITERS = ",;\t|"
NOT_A_NUMBER = float("nan")
Position = tuple[float, float]


@dataclass
class Chunk:
    """Some rows by columns; `rows` are numbers as people count them.

    Files with geometries give `positions` as well, and by place in the chunk
    the lines and areas among them.
    """

    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    positions: list[Position] | None = None
    shapes: dict[int, BaseGeometry] = field(default_factory=dict)
    broken: list[tuple[int, str]] = field(default_factory=list)
    last: int = 0


class Source(Protocol):
    """A file that can be read from the beginning as often as needed."""

    has_geometry: bool
    coord_sys: str
    total: int | None

    def columns(self) -> list[str]:
        """The names of its columns."""

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All rows."""


def open_source(path: Path, form: str, encoding: str) -> Source:
    """The file at `path`; DomainError where it is not what it should be."""
    if not path.exists() or not path.stat().st_size:
        raise DomainError(_("The file is empty."), code="file_empty")
    if form == Format.CSV:
        return CsvSource(path, encodings.find(path, encoding))
    if form == Format.GEOJSON:
        return GeoJsonSource(path)
    return ShapeSource(path, encoding)


def sample(source: Source) -> list[list[str]]:
    """The first rows, in the order of the columns."""
    first = next(source.chunks(SAMPLE), None)
    if first is None or not (first.rows or first.broken):
        raise DomainError(_("The file has no rows."), code="file_empty")
    columns = [first.columns.get(name, []) for name in source.columns()]
    return [list(row) for row in zip(*columns, strict=False)]


def _unreadable(row: int, error: Exception) -> DomainError:
    text = _("The file cannot be read from row %(row)d on: %(error)s")
    return DomainError(text % {"row": row, "error": str(error)[:200]}, code="format")


class CsvSource:
    """Lines of text; the first one names the columns."""

    has_geometry = False
    coord_sys = ""

    def __init__(self, path: Path, codec: str) -> None:
        self.path, self.codec = path, codec
        self.total: int | None = max(encodings.rows(path) - 1, 0)
        with self._open() as stream:
            first = stream.readline()
        self.delimiter = max(DELIMITERS, key=first.count)
        try:
            names = next(csv.reader([first], delimiter=self.delimiter), [])
        except csv.Error as error:
            raise _unreadable(1, error) from error
        self.names = [name.strip() for name in names]
        if len(set(self.names)) != len(self.names) or not all(self.names):
            raise DomainError(_("Every column needs a name of its own in row 1."))

    def _open(self) -> Any:
        return self.path.open(encoding=self.codec, newline="")

    def columns(self) -> list[str]:
        """The names in the first row."""
        return self.names

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All rows; one with too few or too many values is a broken one."""
        row = 1
        with self._open() as stream:
            lines = csv.reader(stream, delimiter=self.delimiter, strict=True)
            next(lines, None)
            while True:
                try:
                    given = list(itertools.islice(lines, size))
                except (csv.Error, UnicodeDecodeError) as error:
                    raise _unreadable(lines.line_num, error) from error
                if not given:
                    return
                yield self._chunk(row + 1, given)
                row += len(given)

    def _chunk(self, first: int, given: list[list[str]]) -> Chunk:
        width = len(self.names)
        good, rows, broken = given, list(range(first, first + len(given))), []
        if any(len(values) != width for values in given):
            text = _("The row has %(found)d values instead of %(wanted)d.")
            broken = [
                (first + place, text % {"found": len(values), "wanted": width})
                for place, values in enumerate(given)
                if values and len(values) != width
            ]
            rows = [
                first + place
                for place, values in enumerate(given)
                if len(values) == width
            ]
            good = [values for values in given if len(values) == width]
        columns = zip(*good, strict=True) if good else ([] for _name in self.names)
        return Chunk(
            rows=rows,
            columns={
                name: list(values)
                for name, values in zip(self.names, columns, strict=True)
            },
            broken=broken,
            last=first + len(given) - 1,
        )


class _Collector:
    """Gathers features into chunks."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.chunk = self._empty()

    def _empty(self) -> Chunk:
        columns: dict[str, list[str]] = {name: [] for name in self.names}
        return Chunk(columns=columns, positions=[])

    def add(self, row: int, properties: Any, geometry: Any) -> None:
        self.chunk.last = row
        try:
            position, drawn = _place(geometry)
        except (shapes.InvalidGeometry, TypeError, ValueError) as error:
            text = _("The geometry is not valid: %(error)s")
            self.chunk.broken.append((row, text % {"error": str(error)[:100]}))
            return
        if drawn is not None:
            self.chunk.shapes[len(self.chunk.rows)] = drawn
        self.chunk.rows.append(row)
        assert self.chunk.positions is not None
        self.chunk.positions.append(position)
        for name in self.names:
            value = properties.get(name)
            self.chunk.columns[name].append("" if value is None else str(value))

    def take(self) -> Chunk:
        done, self.chunk = self.chunk, self._empty()
        return done

    def __len__(self) -> int:
        return len(self.chunk.rows) + len(self.chunk.broken)


def _place(geometry: Any) -> tuple[Position, BaseGeometry | None]:
    """Where a geometry is, and its shape unless it is a point."""
    if not geometry:
        return (NOT_A_NUMBER, NOT_A_NUMBER), None
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"][:2]
        return (float(x), float(y)), None
    found = shapes.read_plane(geometry)
    point = found.representative_point()
    return (point.x, point.y), found


def _collected(
    names: list[str], features: Iterable[tuple[Any, Any]], size: int
) -> Iterator[Chunk]:
    collector = _Collector(names)
    for row, (properties, geometry) in enumerate(features, 1):
        collector.add(row, properties, geometry)
        if len(collector) >= size:
            yield collector.take()
    if len(collector):
        yield collector.take()


class GeoJsonSource:
    """A feature collection in UTF-8.  [RFC 7946]"""

    has_geometry = True
    coord_sys = ""
    total: int | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: list[str] = []
        for properties, _geometry in itertools.islice(self._features(), LOOKED_AT):
            self.names += [name for name in properties if name not in self.names]

    def columns(self) -> list[str]:
        """The names of the properties of the first features."""
        return self.names

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All features."""
        return _collected(self.names, self._features(), size)

    def _features(self) -> Iterator[tuple[Any, Any]]:
        row = 0
        with self.path.open("rb") as stream:
            try:
                for row, item in enumerate(
                    ijson.items(stream, "features.item", use_float=True), 1
                ):
                    if not isinstance(item, dict):
                        raise _unreadable(row, ValueError("not a feature"))
                    yield item.get("properties") or {}, item.get("geometry")
            except (ijson.JSONError, UnicodeDecodeError) as error:
                raise _unreadable(row + 1, error) from error


class ShapeSource:
    """A Shapefile that was unpacked."""

    has_geometry = True

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        projection = path.with_suffix(".prj")
        self.coord_sys = (
            projection.read_text(encoding="utf-8", errors="replace")
            if projection.exists()
            else ""
        )
        try:
            self.codec = self._codec(encoding)
            with self._open() as reader:
                self.names = [each[0] for each in reader.fields[1:]]
                self.total: int | None = len(reader)
        except (shapefile.ShapefileException, OSError, struct.error) as error:
            raise _unreadable(1, error) from error

    def _codec(self, encoding: str) -> str:
        """A declared one is believed until a record cannot be read in it."""
        if encoding != Encoding.AUTO:
            return encoding
        table = self.path.with_suffix(".dbf")
        return encodings.find(table, skip=self._head()).removesuffix("-sig")

    def _head(self) -> int:
        """Bytes of the table's head, which may hold anything."""
        with self.path.with_suffix(".dbf").open("rb") as stream:
            start = stream.read(32)
        return int(struct.unpack("<H", start[8:10])[0])

    def _open(self) -> Any:
        return shapefile.Reader(str(self.path), encoding=self.codec)

    def columns(self) -> list[str]:
        """The names of the table's columns."""
        return self.names

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All records with their shapes."""
        return _collected(self.names, self._features(), size)

    def _features(self) -> Iterator[tuple[Any, Any]]:
        row = 0
        try:
            with self._open() as reader:
                for each in reader.iterShapeRecords():
                    row += 1
                    shape = each.shape
                    drawn = shape.__geo_interface__ if shape.points else None
                    yield each.record.as_dict(), drawn
        except (
            shapefile.ShapefileException,
            UnicodeDecodeError,
            ValueError,
            struct.error,
        ) as error:
            raise _unreadable(row + 1, error) from error
