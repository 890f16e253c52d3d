"""How many components lie in each block: kept right by every change."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from municipal.command.basedata.models import BlockCount
from municipal.command.models import Component
from platform_core.common.models import Sequence
from platform_core.geo import tiles
from platform_core.geo.cells import COLUMNS

TABLE = BlockCount._meta.db_table
COMPONENTS = Component._meta.db_table
ADD = f"""
INSERT INTO {TABLE} (level, class_code, block, "rows", lon_sum, lat_sum)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (level, class_code, block) DO UPDATE SET
    "rows" = {TABLE}."rows" + excluded."rows",
    lon_sum = {TABLE}.lon_sum + excluded.lon_sum,
    lat_sum = {TABLE}.lat_sum + excluded.lat_sum
"""  # noqa: S608  names of our own tables
COUNT = f"""
INSERT INTO {TABLE} (level, class_code, block, "rows", lon_sum, lat_sum)
SELECT %s, class_code,
    ((cell / {COLUMNS}) >> %s) * {COLUMNS} + ((cell %% {COLUMNS}) >> %s),
    COUNT(*), SUM(lon), SUM(lat)
FROM {COMPONENTS} WHERE valid_to IS NULL GROUP BY 2, 3
"""  # noqa: S608
GROUP = f"""
INSERT INTO {TABLE} (level, class_code, block, "rows", lon_sum, lat_sum)
SELECT %s, class_code,
    ((block / {COLUMNS}) >> %s) * {COLUMNS} + ((block %% {COLUMNS}) >> %s),
    SUM("rows"), SUM(lon_sum), SUM(lat_sum)
FROM {TABLE} WHERE level = %s GROUP BY 2, 3
"""  # noqa: S608
TOTAL = f"""
INSERT INTO {TABLE} (level, class_code, block, "rows", lon_sum, lat_sum)
SELECT level, '', block, SUM("rows"), SUM(lon_sum), SUM(lat_sum)
FROM {TABLE} GROUP BY level, block
"""  # noqa: S608
LOCK = "basedata.block_counts"
Key = tuple[int, str, int]


def change(components: Iterable[Component], *, sign: int = 1) -> None:
    """Count components in, or out with sign -1; part of the caller's transaction."""
    sums: dict[Key, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for one in components:
        for level in tiles.LEVELS:
            block = tiles.block(one.cell, level)
            for class_code in (one.class_code, ""):
                found = sums[level, class_code, block]
                found[0] += sign
                found[1] += sign * one.lon
                found[2] += sign * one.lat
    if not sums:
        return
    Sequence.take(LOCK)
    rows: list[list[int | float | str]] = [
        [*key, *values] for key, values in sorted(sums.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(ADD, rows)


@transaction.atomic
def rebuild() -> None:
    """Count everything anew, after an import."""
    Sequence.take(LOCK)
    finest = tiles.LEVELS[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        cursor.execute(COUNT, [finest, finest, finest])
        for coarser, finer in zip(tiles.LEVELS[1:], tiles.LEVELS, strict=False):
            step = coarser - finer
            cursor.execute(GROUP, [coarser, step, step, finer])
        cursor.execute(TOTAL)
