"""Tiles: where they lie, what they hold."""

import mapbox_vector_tile
import numpy as np
import pytest

from platform_core.geo import cells, tiles
from platform_core.geo.tiles import Feature, Tile

LON, LAT = 120.3826, 36.0671


def test_a_tile_lies_where_the_web_map_has_it():
    assert Tile.at(0, LON, LAT) == Tile(0, 0, 0)
    assert Tile.at(10, LON, LAT) == Tile(10, 854, 401)
    west, south, east, north = Tile(1, 1, 0).bounds
    assert (west, east) == (0, 180)
    assert south == pytest.approx(0)
    assert north == pytest.approx(85.0511288)


@pytest.mark.parametrize("number", [(3, 8, 0), (3, 0, -1), (-1, 0, 0), (23, 0, 0)])
def test_there_are_no_tiles_beyond_the_world(number):
    with pytest.raises(ValueError, match="no such tile"):
        Tile(*number)


@pytest.mark.parametrize("zoom", [15, 17, 19])
def test_the_cells_of_a_tile_hold_every_point_in_it(zoom):
    tile = Tile.at(zoom, LON, LAT)
    west, south, east, north = tile.bounds
    ranges = tile.cell_ranges()
    for lon in np.linspace(west, east - 1e-9, 7):
        for lat in np.linspace(south + 1e-9, north, 7):
            own = cells.cell(lon, lat)
            assert any(first <= own <= last for first, last in ranges)


@pytest.mark.parametrize("zoom", range(3, 15))
def test_the_blocks_of_a_tile_hold_the_blocks_of_its_cells(zoom):
    tile = Tile.at(zoom, LON, LAT)
    own = tiles.block(cells.cell(LON, LAT), tile.level)
    ranges = tile.block_ranges()
    assert any(first <= own <= last for first, last in ranges)
    assert len(ranges) < 80 or zoom < 7


@pytest.mark.parametrize("zoom", range(3, 15))
def test_a_cluster_stands_in_the_middle_of_what_it_counts(zoom):
    tile = Tile.at(zoom, LON, LAT)
    own = cells.cell(LON, LAT)
    ((lon, lat, count),) = tiles.clusters(tile, [own] * 3)
    assert count == 3
    assert abs(lon - LON) <= cells.LON_STEP
    assert abs(lat - LAT) <= cells.LAT_STEP
    assert list(tiles.clusters(tile, [])) == []


def test_a_cluster_at_the_edge_of_a_tile_is_not_left_out():
    tile = Tile.at(12, LON, LAT)
    west, south, east, north = tile.bounds
    for lon, lat in ((west, south), (east - 1e-9, north - 1e-9)):
        middle = [*tiles.clusters(tile, [cells.cell(lon, lat)])]
        made = [Feature(one[0], one[1], {"count": one[2]}) for one in middle]
        read = mapbox_vector_tile.decode(tiles.encode(tile, {"clusters": made}))
        assert [one["properties"] for one in read["clusters"]["features"]] == [
            {"count": 1}
        ]


def test_what_is_encoded_is_read_by_others_and_neighbours_share_nothing():
    tile = Tile.at(15, LON, LAT)
    west, south, east, north = tile.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    given = [
        Feature(*middle, {"title": "井盖", "count": 3, "lost": False}, 7),
        Feature(east + 0.001, LAT, {"title": "beyond"}),
    ]
    read = mapbox_vector_tile.decode(tiles.encode(tile, {"points": given}))
    (feature,) = read["points"]["features"]
    assert feature["properties"] == {"title": "井盖", "count": 3, "lost": False}
    assert feature["id"] == 7
    x, y = feature["geometry"]["coordinates"]
    assert (x, y) == (pytest.approx(2048, abs=1), pytest.approx(2048, abs=2))


def test_a_truth_and_a_number_stay_apart_and_emptiness_is_empty():
    tile = Tile.at(15, LON, LAT)
    feature = Feature(LON, LAT, {"a": True, "b": 1, "c": 1.0, "d": "1"})
    read = mapbox_vector_tile.decode(tiles.encode(tile, {"points": [feature]}))
    values = read["points"]["features"][0]["properties"]
    assert {name: type(value) for name, value in values.items()} == {
        "a": bool,
        "b": int,
        "c": float,
        "d": str,
    }
    assert tiles.encode(tile, {"points": []}) == b""
