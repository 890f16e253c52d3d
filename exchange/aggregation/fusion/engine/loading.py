"""Rows of the sources in the subject's fields: mapped, coded, placed."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely

from platform_core.geo import systems

from .plans import Place, Plan, Source, Unmatched
from .sql import BLANK, moment, trimmed
from .workspace import BATCH, Workspace

DIGITS = 7


class Loader:
    """Fills the table `rows` of a workspace, one source after the other.

    `rows` has a number (`id`, in the order of `uid`), the place of its source, the
    landed row, the moment of its values, f0, f1, … by field, and x and y.
    """

    def __init__(self, space: Workspace, plan: Plan) -> None:
        self.space, self.plan = space, plan
        self.names = [one.code for one in plan.fields if one.kind != "point"]

    def load(self, tick: Callable[[int], None]) -> int:
        """All sources; how many rows there are."""
        columns = "".join(f", f{n} VARCHAR" for n in range(len(self.names)))
        self.space.run(
            "CREATE TABLE taken (source SMALLINT, landed BIGINT, uid VARCHAR, "
            f"moment BIGINT{columns}, px VARCHAR, py VARCHAR, g VARCHAR)"
        )
        self.space.run(
            "CREATE TABLE unmatched (source SMALLINT, field INTEGER, "
            "value VARCHAR, count BIGINT, landed BIGINT)"
        )
        for place, source in enumerate(self.plan.sources):
            self._take(place, source)
            tick(place + 1)
        self._number()
        self._place()
        return self.space.number("SELECT count(*) FROM rows")

    def _take(self, place: int, source: Source) -> None:
        where = source.place or Place()
        names = [source.picks.get(name, "") for name in self.names]
        extra = [where.x, where.y, where.geometry, source.updated]
        wanted = dict.fromkeys([*names, *extra, source.only[0]])
        column = {name: f"v{n}" for n, name in enumerate(filter(None, wanted))}
        self.space.raw(source.file, list(column))
        if source.only[0]:
            self._only(column[source.only[0]], source.only[1])
        self._codes(place, source, column)
        values = [
            self._value(n, source, name, column) for n, name in enumerate(self.names)
        ]
        x, y, shape, updated = (column.get(name, "NULL") for name in extra)
        moments = [moment(text) for text in (updated, "moment") if text != "NULL"]
        fields = [*values, x, y, shape]
        self.space.run(
            f"INSERT INTO taken SELECT {place:d}, landed, uid, "
            f"coalesce({', '.join(moments)}, 0), {', '.join(fields)} FROM raw",
            *[BLANK] * sum("?" in text for text in fields),
        )

    def _only(self, column: str, values: Sequence[str]) -> None:
        """Leave the rows out that are not wanted."""
        self.space.run(
            f"DELETE FROM raw WHERE trim(coalesce({column}, ''), ?) NOT IN "
            "(SELECT unnest(?::VARCHAR[]))",
            BLANK,
            list(values),
        )

    def _value(self, n: int, source: Source, name: str, column: dict[str, str]) -> str:
        pick = source.picks.get(name)
        if not pick:
            return "NULL"
        value = trimmed(column[pick])
        if name not in source.codes:
            return value
        return (
            f"(SELECT any_value(c.standard) FROM codes c WHERE c.field = {n:d} "
            f"AND c.given = {value})"
        )

    def _codes(self, place: int, source: Source, column: dict[str, str]) -> None:
        """The code maps of a source, and the values that they do not know."""
        self.space.run(
            "CREATE OR REPLACE TABLE codes "
            "(field INTEGER, given VARCHAR, standard VARCHAR)"
        )
        for name, known in source.codes.items():
            if name not in self.names or not source.picks.get(name):
                continue
            n, value = self.names.index(name), trimmed(column[source.picks[name]])
            self.space.run(
                "INSERT INTO codes SELECT ?, unnest(?::VARCHAR[]), "
                "unnest(?::VARCHAR[])",
                n,
                [given.strip(BLANK) for given in known],
                list(known.values()),
            )
            self.space.run(
                "INSERT INTO unmatched SELECT ?, ?, value, count(*), min(landed) FROM "
                f"(SELECT {value} AS value, landed FROM raw) WHERE value IS NOT NULL "
                "AND value NOT IN (SELECT given FROM codes WHERE field = ?) "
                "GROUP BY value",
                place,
                n,
                BLANK,
                n,
            )

    def _number(self) -> None:
        """A row that two sources take counts for the first of them."""
        self.space.run(
            "CREATE TABLE numbered AS SELECT row_number() OVER (ORDER BY uid) AS id, "
            "* FROM (SELECT * FROM taken QUALIFY "
            "row_number() OVER (PARTITION BY uid ORDER BY source, landed) = 1)"
        )
        self.space.run("CREATE TABLE places (id BIGINT, x DOUBLE, y DOUBLE)")

    def _place(self) -> None:
        for place, source in enumerate(self.plan.sources):
            if source.place is not None:
                self._move(place, source.place)
        self.space.run(
            "CREATE TABLE rows AS SELECT n.* EXCLUDE (px, py, g), p.x, p.y "
            "FROM numbered n LEFT JOIN places p USING (id)"
        )
        for name in ("taken", "raw", "codes", "numbered", "places"):
            self.space.run(f"DROP TABLE IF EXISTS {name}")

    def _move(self, place: int, where: Place) -> None:
        """The places of a source in CGCS2000; what lies nowhere has none."""
        move = systems.reader(where.system)
        for ids, xs, ys in self._given(place, where):
            lons, lats = move(xs, ys)
            lons, lats = np.round(lons, DIGITS), np.round(lats, DIGITS)
            good = (np.abs(lons) <= 180) & (np.abs(lats) <= 90)
            self.space.run(
                "INSERT INTO places SELECT unnest(?::BIGINT[]), "
                "unnest(?::DOUBLE[]), unnest(?::DOUBLE[])",
                np.array(ids)[good].tolist(),
                lons[good].tolist(),
                lats[good].tolist(),
            )

    def _given(
        self, place: int, where: Place
    ) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
        """Numbers of rows with their x and y as the source has them."""
        x, y, found = "try_cast(px AS DOUBLE)", "try_cast(py AS DOUBLE)", "px"
        if where.geometry:
            x, y, found = "g", "NULL", "g"
        rows = self.space.run(
            f"SELECT id, {x}, {y} FROM numbered WHERE source = ? "
            f"AND {found} IS NOT NULL ORDER BY id",
            place,
        ).fetchall()
        for start in range(0, len(rows), BATCH):
            ids, xs, ys = zip(*rows[start : start + BATCH], strict=True)
            if where.geometry:
                yield list(ids), *_inside(list(xs))
            else:
                yield list(ids), np.array(xs, float), np.array(ys, float)

    def unmatched(self) -> list[Unmatched]:
        """Codes that no map knows."""
        found = self.space.run(
            "SELECT source, field, value, count, landed FROM unmatched ORDER BY ALL"
        ).fetchall()
        return [
            Unmatched(
                self.plan.sources[source].code, self.names[field], value, count, row
            )
            for source, field, value, count, row in found
        ]


def _inside(shapes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """A point in each geometry; infinite where a text is none."""
    made = shapely.from_geojson(np.array(shapes, object), on_invalid="ignore")
    points = shapely.point_on_surface(made)
    return shapely.get_x(points), shapely.get_y(points)
