"""Components of the generated city, spread over its grids."""

from municipal.command.basedata.components import counts
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.geo.cells import COLUMNS, LAT_STEP, LON_STEP

from . import tables
from .places import HEIGHT, WIDTH

CLASSES = 60
MAKE = f"""
INSERT INTO command_component (
    created_at, updated_at, code, edition, class_code, class_name,
    managing_unit_id, maintaining_unit_id, lon, lat, cell, grid_code, address,
    status, surveyed_on, data_source, note, attributes, revision, is_sample)
SELECT now(), now(),
    m.division || k.code || lpad(
        (row_number() OVER (PARTITION BY m.division, k.code ORDER BY m.n))::text,
        6, '0'),
    k.edition, k.code, k.name, m.unit, m.unit, m.lon, m.lat,
    floor((m.lat + 90) / {LAT_STEP})::bigint * {COLUMNS}
        + floor((m.lon + 180) / {LON_STEP})::bigint,
    m.grid, '', CASE WHEN pg_temp.u(m.n, 16) < 0.02 THEN 'damaged' ELSE 'intact' END,
    date '2024-03-01' + pg_temp.pick(m.n, 17, 600), '', '', '{{}}', 1, true
FROM (
    SELECT n, g.code AS grid, g.division,
        round((g.lon + (pg_temp.u(n, 11) - 0.5) * {WIDTH * 0.98})::numeric, 7)::float8
            AS lon,
        round((g.lat + (pg_temp.u(n, 12) - 0.5) * {HEIGHT * 0.98})::numeric, 7)::float8
            AS lat,
        floor(power(pg_temp.u(n, 13), 2) * %s)::int AS class,
        (SELECT ids[1 + pg_temp.pick(n, 14, 6)] FROM seed_city_units) AS unit
    FROM generate_series(1, %s) n
    JOIN seed_grid g ON g.k = (n %% (SELECT count(*) FROM seed_grid))
) m
JOIN seed_component_class k ON k.k = m.class
"""  # noqa: S608  constants of our own
CLASS_COLUMNS = ("k", "edition", "code", "name")


def build(count: int) -> None:
    """Make so many components and count them for the map."""
    edition = classification.default_edition()
    found = classification.classes(edition, Kind.COMPONENT)[:CLASSES]
    tables.run(
        "CREATE TEMP TABLE seed_component_class"
        " (k int, edition text, code text, name text)"
    )
    rows = [(k, row.edition, row.code, row.name) for k, row in enumerate(found)]
    tables.fill("seed_component_class", CLASS_COLUMNS, rows)
    with tables.bare("command_component"):
        tables.run(MAKE, values=[len(rows), count])
    counts.rebuild()
