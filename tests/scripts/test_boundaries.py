"""Outlines decoded out of the chart library's maps."""

import json

import pytest
from shapely import Point

from scripts import boundaries


def encode(points, offset):
    """The library's own encoding, for the way back."""
    text, (x, y) = "", offset
    for lon, lat in points:
        there = round(lon * 1024), round(lat * 1024)
        for step in (there[0] - x, there[1] - y):
            text += chr(((step << 1) ^ (step >> 63)) + 64)
        x, y = there
    return text


SQUARE = [[120.0, 36.0], [120.5, 36.0], [120.5, 36.5], [120.0, 36.5]]


def test_encoded_rings_come_back():
    offset = [122880, 36864]
    geometry = {
        "type": "Polygon",
        "coordinates": [encode(SQUARE, offset)],
        "encodeOffsets": [offset],
    }
    shape = boundaries.decode(geometry)
    assert shape.bounds == (120.0, 36.0, 120.5, 36.5)
    assert shape.contains(Point(120.3, 36.3))


def test_plain_rings_are_taken_as_they_are():
    geometry = {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    assert boundaries.decode(geometry).area == pytest.approx(0.25)


def test_crossing_outline_becomes_valid():
    bow = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    shape = boundaries.decode({"type": "Polygon", "coordinates": [bow]})
    assert shape.is_valid
    assert shape.area > 0


@pytest.mark.skipif(not boundaries.SOURCE.exists(), reason="needs npm ci")
def test_every_province_is_written(tmp_path):
    assert boundaries.copy_boundaries(tmp_path) == 34
    nation = json.loads((tmp_path / "100000.json").read_text())
    codes = [feature["properties"]["code"] for feature in nation["features"]]
    assert len(codes) == len(set(codes)) == 34
    assert all(codes)
    cities = json.loads((tmp_path / "370000.json").read_text())["features"]
    codes = [feature["properties"]["code"] for feature in cities]
    assert len(codes) == len(set(codes)) == 16
    assert {"370200", "370800"} <= set(codes)
