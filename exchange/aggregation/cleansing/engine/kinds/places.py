"""Coordinates inside a division, by a grid of cells and exactly at its edge."""

from typing import Any

import numpy as np
import shapely
from duckdb import DuckDBPyConnection
from shapely.geometry.base import BaseGeometry

from exchange.aggregation.cleansing.engine.rules import Action, Rule, RuleError
from exchange.aggregation.cleansing.engine.sql import NULL, Sql, filled, join
from platform_core.geo import shapes

from .base import Columns, Kind, is_number, select
from .values import number

SIDE = 128
INSIDE, EDGE = 1, 0
BATCH = 50_000


def is_area(value: Any) -> bool:
    """A GeoJSON polygon in longitude and latitude."""
    try:
        shapes.read_area(value)
    except (shapes.InvalidGeometry, TypeError, ValueError):
        return False
    return True


class Coordinates(Kind):
    """Longitude and latitude lie inside an area, CGCS2000 degrees.

    The fields are longitude, then latitude; `area` is a GeoJSON polygon and
    `margin` widens it by degrees, for a coarse outline. A half-filled or
    unreadable position breaks the rule, an empty one does not.
    """

    code = "coordinates"
    least = most = 2
    needs = {"area": is_area}
    takes = {"margin": is_number}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        if rule.action in (Action.FIX, Action.DEFAULT):
            raise RuleError("action", "kind")

    def prepare(self, base: DuckDBPyConnection, rule: Rule, place: int) -> None:
        area = self._area(rule)
        found = cells(area)
        base.execute(
            f"CREATE OR REPLACE TABLE keys_{place:d} AS "
            "SELECT unnest(?::INTEGER[]) AS cell, unnest(?::INTEGER[]) AS side",
            [found[0].tolist(), found[1].tolist()],
        )
        base.execute(
            f'CREATE OR REPLACE TABLE edge_{place:d} ("row" BIGINT, inside BOOLEAN)'
        )

    def resolve(
        self,
        base: DuckDBPyConnection,
        rule: Rule,
        place: int,
        rows: str,
        columns: Columns,
    ) -> None:
        """Look exactly at the points in cells that the outline runs through."""
        area = self._area(rule)
        shapely.prepare(area)
        lon, lat = (number(columns[name]) for name in rule.fields)
        near = join(
            'SELECT "row", {} AS x, {} AS y FROM '
            + rows
            + f" JOIN keys_{place:d} ON cell = {{}} WHERE side = {EDGE}",
            lon,
            lat,
            self._cell(lon, lat, area),
        )
        base.execute(f"DELETE FROM edge_{place:d}")
        reader = base.cursor()
        reader.execute("SET preserve_insertion_order = false")
        reader.execute(near.text, near.values)
        while batch := reader.fetchmany(BATCH):
            keys, xs, ys = zip(*batch, strict=True)
            inside = shapely.intersects_xy(area, np.array(xs), np.array(ys))
            base.execute(
                f"INSERT INTO edge_{place:d} "
                "SELECT unnest(?::BIGINT[]), unnest(?::BOOLEAN[])",
                [list(keys), inside.tolist()],
            )

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        lon, lat = (columns[name] for name in rule.fields)
        x, y = number(lon), number(lat)
        cell = self._cell(x, y, self._area(rule))
        given = join("({} OR {})", filled(lon), filled(lat))
        placed = join(
            "coalesce({} IN "
            + f"(SELECT cell FROM keys_{place:d} WHERE side = {INSIDE})"
            ", false)",
            cell,
        )
        edge = Sql(f'"row" IN (SELECT "row" FROM edge_{place:d} WHERE inside)')
        bad = join("{} AND NOT ({} OR {})", given, placed, edge)
        both = join("coalesce({}, '') || ' / ' || coalesce({}, '')", lon, lat)
        return select(rows, rule.fields[0], both, NULL, bad)

    def finish(self, base: DuckDBPyConnection, place: int) -> None:
        super().finish(base, place)
        base.execute(f"DROP TABLE IF EXISTS edge_{place:d}")

    def _area(self, rule: Rule) -> BaseGeometry:
        area = shapes.read_area(rule.parameters["area"])
        margin = float(rule.parameters.get("margin") or 0)
        return area.buffer(margin) if margin else area

    def _cell(self, x: Sql, y: Sql, area: BaseGeometry) -> Sql:
        """The number of a point's cell, NULL outside the box."""
        west, south, east, north = area.bounds
        return join(
            "CASE WHEN {} BETWEEN {} AND {} AND {} BETWEEN {} AND {} THEN "
            f"least(floor(({{}} - {{}}) / {{}} * {SIDE}), {SIDE - 1})::INTEGER "
            f"* {SIDE} + "
            f"least(floor(({{}} - {{}}) / {{}} * {SIDE}), {SIDE - 1})::INTEGER END",
            *(x, west, east, y, south, north),
            *(x, west, east - west, y, south, north - south),
        )


def cells(area: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the cells that the area touches, and whether it covers them."""
    west, south, east, north = area.bounds
    xs = np.linspace(west, east, SIDE + 1)
    ys = np.linspace(south, north, SIDE + 1)
    grown = (xs[1] - xs[0]) * 1e-6, (ys[1] - ys[0]) * 1e-6
    left, low = np.meshgrid(xs[:-1], ys[:-1], indexing="ij")
    right, high = np.meshgrid(xs[1:], ys[1:], indexing="ij")
    # A little larger, so that rounding never moves a point past a covered cell.
    boxes = shapely.box(
        left.ravel() - grown[0],
        low.ravel() - grown[1],
        right.ravel() + grown[0],
        high.ravel() + grown[1],
    )
    shapely.prepare(area)
    covered = shapely.covers(area, boxes)
    touched = shapely.intersects(area, boxes)
    numbers = np.nonzero(touched)[0].astype(np.int32)
    return numbers, np.where(covered[touched], INSIDE, EDGE).astype(np.int32)


KINDS: tuple[Kind, ...] = (Coordinates(),)
