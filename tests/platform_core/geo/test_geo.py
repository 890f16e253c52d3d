"""Coordinates, cells, distances and the area index."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.geo import cells, shapes
from platform_core.geo.coords import SYSTEMS, convert
from platform_core.geo.distance import metres
from platform_core.geo.index import AreaIndex

QINGDAO = (120.38264, 36.06711)
in_china = st.tuples(st.floats(74, 134), st.floats(18, 53))


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # Published pairs of the common implementations of the approximation.
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_known_pairs_of_gcj02(wgs, gcj):
    assert convert(*wgs, "wgs84", "gcj02") == pytest.approx(gcj, abs=2e-5)


def test_known_pair_of_bd09():
    found = convert(116.404, 39.915, "gcj02", "bd09")
    assert found == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@settings(max_examples=300)
@given(in_china, st.sampled_from(SYSTEMS), st.sampled_from(SYSTEMS))
def test_there_and_back_is_the_same_place(place, source, target):
    back = convert(*convert(*place, source, target), target, source)
    assert back == pytest.approx(place, abs=1e-9)


@given(in_china)
def test_gcj02_is_off_by_some_hundred_metres(place):
    assert 20 < metres(*place, *convert(*place, "cgcs2000", "gcj02")) < 1100


def test_outside_china_nothing_is_shifted():
    assert convert(2.3522, 48.8566, "wgs84", "gcj02") == (2.3522, 48.8566)
    assert convert(2.3522, 48.8566, "gcj02", "wgs84") == (2.3522, 48.8566)


def test_arrays_give_what_single_points_give():
    lons, lats = np.array([120.38, 116.4, 2.35]), np.array([36.06, 39.9, 48.85])
    x, y = convert(lons, lats, "wgs84", "bd09")
    for place, pair in enumerate(zip(lons, lats, strict=True)):
        single = convert(float(pair[0]), float(pair[1]), "wgs84", "bd09")
        assert single == pytest.approx((x[place], y[place]), abs=1e-12)


def test_unknown_system_is_refused():
    with pytest.raises(ValueError, match="beijing54"):
        convert(*QINGDAO, "beijing54", "wgs84")


def test_distance_of_known_places():
    # One degree of a meridian, and Beijing to Shanghai (1067 km).
    assert metres(120, 36, 120, 37) == pytest.approx(111_195, rel=1e-4)
    assert metres(116.4074, 39.9042, 121.4737, 31.2304) == pytest.approx(
        1_067_300, rel=2e-3
    )
    many = metres(120, 36, np.array([120.0, 120.0]), np.array([36.0, 37.0]))
    assert many == pytest.approx([0, 111_195], rel=1e-4)


@settings(max_examples=200)
@given(in_china, st.floats(1, 2000), st.floats(0, 360), st.floats(0, 1))
def test_cells_around_a_point_hold_every_point_near(place, radius, bearing, share):
    lon, lat = place
    reach = radius * share / 111_195
    angle = np.radians(bearing)
    near_lat = lat + reach * np.cos(angle)
    near_lon = lon + reach * np.sin(angle) / np.cos(np.radians(lat))
    if metres(lon, lat, near_lon, near_lat) <= radius:
        assert cells.cell(near_lon, near_lat) in cells.around(lon, lat, radius)


def test_a_cell_is_about_a_hundred_metres_and_knows_its_centre():
    number = cells.cell(*QINGDAO)
    assert cells.cell(*cells.centre(number)) == number
    assert metres(*QINGDAO, *cells.centre(number)) < 75
    assert len(cells.around(*QINGDAO, 500)) < 200
    assert len(cells.ranges(*QINGDAO, 500)) < 14


def lattice(columns: int, rows: int) -> list[tuple[int, dict]]:
    return [
        (
            row * columns + column,
            shapes.rectangle(
                120 + column / 1000,
                36 + row / 1000,
                120 + (column + 1) / 1000,
                36 + (row + 1) / 1000,
            ),
        )
        for row in range(rows)
        for column in range(columns)
    ]


def test_lookup_is_right_and_a_million_take_less_than_a_minute():
    index = AreaIndex(lattice(100, 100))
    rng = np.random.default_rng(7)
    lons, lats = rng.uniform(120, 120.1, 200_000), rng.uniform(36, 36.1, 200_000)
    started = time.perf_counter()
    found = index.find_many(lons, lats)
    assert (time.perf_counter() - started) * 5 < 60
    columns = np.floor((lons - 120) * 1000).astype(int)
    rows = np.floor((lats - 36) * 1000).astype(int)
    assert np.mean(np.array(found) == rows * 100 + columns) > 0.99999
    assert found[:500] == [
        index.find(*p) for p in zip(lons[:500], lats[:500], strict=True)
    ]


def test_border_belongs_to_the_first_area_and_outside_to_none():
    index = AreaIndex(lattice(2, 1))
    assert index.find(120.001, 36.0005) == 0
    assert index.find_many([120.001, 121.0], [36.0005, 36.0]) == [0, None]
    assert index.find(121.0, 36.0) is None
    # Inside the box around a triangle, but not inside the triangle.
    triangle = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]}
    assert AreaIndex([("t", triangle)]).find(0.9, 0.9) is None
    assert len(index) == 2
    assert AreaIndex([]).find(*QINGDAO) is None
    assert AreaIndex([]).find_many([120.0], [36.0]) == [None]


def test_geojson_is_checked():
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}
    for wrong in (
        bow_tie,
        {"type": "Polygon"},
        {"type": "Circle", "coordinates": []},
        {},
        shapes.rectangle(170, 0, 190, 10),
        shapes.point(120, 36),
    ):
        with pytest.raises(shapes.InvalidGeometry):
            shapes.read_area(wrong)


def test_helpers_of_geojson():
    box = shapes.rectangle(120, 36, 120.01, 36.01)
    assert shapes.centre(box) == pytest.approx((120.005, 36.005))
    assert shapes.bounds(box) == (120, 36, 120.01, 36.01)
    assert shapes.square_metres(box) == pytest.approx(1_000_000, rel=0.01)
    assert shapes.write(shapes.read(box)) == box
    made = shapes.collection([shapes.feature(box, {"name": "A"}, key="a")])
    assert made["features"][0]["id"] == "a"
    assert made["features"][0]["geometry"] == box
