"""Formats, encodings, coordinate systems: read, or refused with the reason."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapefile
from django.urls import reverse

from municipal.command.basedata.imports import archive, services, sources
from municipal.command.models import Component
from platform_core.common.errors import DomainError
from platform_core.geo import coords
from tests.factories.command import LAT, LON, STEP

from .census import HEADS, code, done, hand_in, line, table


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "auto"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "auto"),
        ("gbk", "gb18030"),
    ],
)
def test_encodings_are_found_or_believed(keeper, city, encoding, declared):
    content = table(
        [line(1, Note="人民路东侧㐀" if encoding != "gbk" else "人民路")], encoding
    )
    done(hand_in(keeper, content, encoding=declared), keeper)
    assert Component.objects.get().note.startswith("人民路")


def test_a_wrong_encoding_is_told_with_its_row(keeper, city):
    rows = [line(1), line(2, Note="人民路")]
    with pytest.raises(DomainError, match=r"第 1 行"):
        hand_in(keeper, table(rows, "gb18030"), encoding="utf-8")
    heads = HEADS[:7]
    plain = [{name: row[name] for name in heads} for row in rows]
    for row in plain:
        row["ObjState"] = "intact"
    with pytest.raises(DomainError, match=r"第 3 行"):
        hand_in(keeper, table(plain, "gb18030", heads), encoding="utf-8")
    with pytest.raises(DomainError, match=r"第 3 行"):
        hand_in(keeper, table(plain, "utf-8", heads), encoding="gb18030")
    with pytest.raises(DomainError):
        hand_in(keeper, table(rows) + b"\xff\xff\xff")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (table([]), "a.csv"),
        (b"ObjID,ObjID\n1,2\n", "a.csv"),
        (b'ObjID,X,Y\n"unclosed,1,2\n', "a.csv"),
        (b"{}", "a.geojson"),
        (b'{"features": [{"properties": {"a"', "a.geojson"),
        (b"not json at all", "a.json"),
        (b"PK but no zip", "a.zip"),
        (b"whatever", "a.exe"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused(keeper, content, name):
    with pytest.raises(DomainError):
        hand_in(keeper, content, name)


def point_of(system, lon=LON + STEP / 2, lat=LAT + STEP / 2):
    """The same place in another system."""
    if system in coords.SYSTEMS:
        return coords.convert(lon, lat, "cgcs2000", system)
    moved = pyproj.Transformer.from_crs("EPSG:4490", system, always_xy=True)
    return moved.transform(lon, lat)


@pytest.mark.parametrize(
    "system",
    ["wgs84", "gcj02", "bd09", "epsg:4528", "epsg:4549", "epsg:4498", "epsg:4509"],
)
def test_coordinates_come_in_many_systems(keeper, city, system):
    x, y = point_of(system)
    rows = [{**line(1), "X": repr(x), "Y": repr(y)}]
    done(hand_in(keeper, table(rows), coord_sys=system), keeper)
    row = Component.objects.get()
    assert row.lon == pytest.approx(LON + STEP / 2, abs=2e-6)
    assert row.lat == pytest.approx(LAT + STEP / 2, abs=2e-6)


def test_a_citys_own_system_is_described_once(client, keeper, city):
    own = "+proj=tmerc +lat_0=0 +lon_0=120.33 +x_0=150000 +y_0=-3900000 +ellps=GRS80"
    client.force_login(keeper)
    url = reverse("basedata:system-add")
    wrong = {"code": "qd", "name": "青岛独立坐标系", "definition": "+proj=nothing"}
    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {**wrong, "definition": own}).status_code == 302
    assert own in client.get(reverse("basedata:system-list")).content.decode().replace(
        "&#x2B;", "+"
    )
    x, y = point_of(own)
    rows = [{**line(1), "X": x, "Y": y}]
    done(hand_in(keeper, table(rows), coord_sys="local:qd"), keeper)
    assert Component.objects.get().lon == pytest.approx(LON + STEP / 2, abs=1e-6)
    with pytest.raises(DomainError):
        hand_in(keeper, table(rows), coord_sys="local:gone")


def collection(*features):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": shape, "properties": about}
                for shape, about in features
            ],
        },
        ensure_ascii=False,
    ).encode()


def test_geojson_brings_points_lines_and_broken_shapes(keeper, city):
    middle = [LON + STEP / 2, LAT + STEP / 2]
    path = {"type": "LineString", "coordinates": [middle, [LON + STEP, LAT + STEP / 2]]}
    content = collection(
        ({"type": "Point", "coordinates": middle}, {"code": code(1), "note": "点"}),
        (path, {"code": code(2), "note": None}),
        ({"type": "LineString", "coordinates": [middle]}, {"code": code(3)}),
        (None, {"code": code(4)}),
    )
    job = done(hand_in(keeper, content, "a.geojson"), keeper)
    assert (job.done, job.failed) == (2, 2)
    assert Component.objects.get(code=code(2)).geometry["type"] == "LineString"
    assert Component.objects.get(code=code(1)).geometry is None


def shape_zip(folder, rows, encoding="utf-8", *, system=None, leave_out=()):
    """A zipped Shapefile of points."""
    base = folder / "census"
    with shapefile.Writer(str(base), shapeType=1, encoding=encoding) as writer:
        writer.field("ObjID", "C", 20)
        writer.field("Note", "C", 60)
        for serial, note in rows:
            point = (LON + STEP / 2, LAT + STEP / 2)
            writer.point(*(point_of(system) if system else point))
            writer.record(code(serial), note)
    if system:
        base.with_suffix(".prj").write_text(pyproj.CRS(system).to_wkt("WKT1_ESRI"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in folder.iterdir():
            if part.suffix not in leave_out:
                packed.write(part, f"普查/{part.name}")
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_zipped_shapefile_in_both_encodings(keeper, city, tmp_path, encoding):
    content = shape_zip(tmp_path, [(1, "人民路"), (2, "")], encoding)
    job = done(hand_in(keeper, content, "a.zip"), keeper)
    assert job.done == 2
    assert Component.objects.get(code=code(1)).note == "人民路"


def test_a_shapefile_names_its_system(keeper, city, tmp_path):
    content = shape_zip(tmp_path, [(1, "x")], system="EPSG:4549")
    job = done(hand_in(keeper, content, "a.zip", coord_sys="file"), keeper)
    assert job.done == 1
    assert Component.objects.get().lon == pytest.approx(LON + STEP / 2, abs=1e-6)


def test_a_shapefile_declared_wrongly_is_told_with_its_row(keeper, city, tmp_path):
    content = shape_zip(tmp_path, [(1, "abc"), (2, "人民路")], "gb18030")
    with pytest.raises(DomainError, match=r"第 2 行"):
        hand_in(keeper, content, "a.zip", encoding="utf-8")


def test_a_shapefile_without_a_part_is_refused(keeper, tmp_path):
    content = shape_zip(tmp_path, [(1, "x")], leave_out=(".dbf",))
    with pytest.raises(DomainError, match=r"\.dbf"):
        hand_in(keeper, content, "a.zip")


def packed(entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries:
            target.writestr(name, content)
    return stream.getvalue()


def test_zip_bombs_are_refused(keeper, monkeypatch):
    bomb = packed([("a.shp", b"\0" * 40_000_000), ("a.dbf", b""), ("a.shx", b"")])
    with pytest.raises(DomainError, match="解压"):
        hand_in(keeper, bomb, "a.zip")
    many = packed([(f"{number}.shp", b"") for number in range(101)])
    with pytest.raises(DomainError, match="过多"):
        hand_in(keeper, many, "a.zip")
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    large = packed([("a.shp", b"12345" * 300), ("a.dbf", b""), ("a.shx", b"")])
    with pytest.raises(DomainError, match="解压"):
        hand_in(keeper, large, "a.zip")


def test_a_zip_cannot_write_outside_its_folder(keeper, tmp_path):
    evil = packed(
        [("../../evil.shp", b""), ("../../evil.dbf", b""), ("../../evil.shx", b"")]
    )
    (tmp_path / "a.zip").write_bytes(evil)
    with zipfile.ZipFile(tmp_path / "a.zip") as held:
        assert held.namelist()[0].startswith("..")
    archive.unpack(tmp_path / "a.zip", tmp_path / "in")
    assert sorted(part.name for part in (tmp_path / "in").iterdir()) == [
        "data.dbf",
        "data.shp",
        "data.shx",
    ]


def test_too_large_uploads_are_refused_and_leave_nothing(keeper, monkeypatch, settings):
    monkeypatch.setattr(services, "MOST_BYTES", 10)
    with pytest.raises(DomainError):
        hand_in(keeper, table([line(1)]))
    left = Path(settings.FILES_ROOT) / "deliveries"
    assert not left.exists() or not any(
        each.stat().st_size == 0 for each in left.glob("*/input")
    )


def test_the_delimiter_is_found(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n1;2\n")
    source = sources.open_source(path, "csv", "auto")
    (chunk,) = source.chunks(10)
    assert chunk.columns == {"a": ["1"], "b": ["2"]}
    assert np.array(chunk.rows).tolist() == [2]
