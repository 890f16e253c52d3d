"""Import a census through the job runner; then tiles and the nearest component.

Needs DATABASE_URL of a PostgreSQL: `python -m benchmarks.components [ROWS]` makes a
database of its own there and drops it at the end.
"""

import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import django
import numpy as np
import pyproj
from django.core.management import call_command

from benchmarks.__main__ import database

ROWS = 2_330_000
PER_SECOND, MEGABYTES, TILE_MS, NEAREST_MS = 10_000, 500, 100, 5
WEST, SOUTH, STEP, SIDE = 120.05, 36.25, 0.001, 200
PART = 50_000
SYSTEM = "epsg:4549"
CALLS = 200
FIRST = 100_001  # beyond the serial numbers of the sample
HEADS = (
    *("GLBJBSM", "X", "Y", "ZGBMDM", "YHDWDM", "GLBJZT"),
    *("CSRQ", "SJLY", "BZ", "材质"),
)


def measure(rows: int) -> dict[str, float]:
    """Rows a second, MB at the peak, milliseconds of tiles and of the nearest."""
    from municipal.command.basedata.imports import runner  # noqa: PLC0415
    from municipal.command.basedata.models import Delivery  # noqa: PLC0415
    from municipal.command.models import Component  # noqa: PLC0415
    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.jobs import services as jobs  # noqa: PLC0415
    from platform_core.jobs.models import Job  # noqa: PLC0415

    make_grids()
    user = User.objects.filter(is_active=True).first()
    delivery = Delivery(
        name="census.csv",
        target="components",
        format="csv",
        encoding="auto",
        coord_sys=SYSTEM,
        mapping=mapping(),
        by=user,
    )
    delivery.folder.mkdir(parents=True, exist_ok=True)
    write_csv(delivery.path, rows)
    delivery.save()
    before = Component.objects.count()
    job = Job.objects.create(
        kind=runner.KIND,
        title="census",
        by=user,
        params={"delivery": str(delivery.uid)},
    )
    started = time.perf_counter()
    done = jobs.run(job.pk)
    seconds = time.perf_counter() - started
    assert done is not None
    assert done.state == "done", done.note
    assert Component.objects.count() == before + rows, done.note
    found = {
        "rows/s": rows / seconds,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return {**found, **reading()}


def mapping() -> dict[str, object]:
    """Which column is which field."""
    return {
        "code": "GLBJBSM",
        "x": "X",
        "y": "Y",
        "managing_unit": "ZGBMDM",
        "maintaining_unit": "YHDWDM",
        "status": "GLBJZT",
        "surveyed_on": "CSRQ",
        "data_source": "SJLY",
        "note": "BZ",
        "extra": ["材质"],
    }


def make_grids() -> None:
    """Unit grids of a hundred metres a side, without gaps."""
    from municipal.command import places  # noqa: PLC0415
    from municipal.command.models import UnitGrid  # noqa: PLC0415
    from platform_core.geo import shapes  # noqa: PLC0415
    from platform_core.regions.models import Division  # noqa: PLC0415

    street = Division.objects.get_or_create(
        code="370202090",
        defaults={"name": "普查街道", "parent_id": "370202", "level": "street"},
    )[0]
    made = []
    for number in range(SIDE * SIDE):
        community = f"{street.code}{number // 900 + 1:03d}"
        if number % 900 == 0:
            values = {"name": community, "parent": street, "level": "community"}
            Division.objects.get_or_create(code=community, defaults=values)
        row, column = divmod(number, SIDE)
        west, south = WEST + column * STEP, SOUTH + row * STEP
        made.append(
            UnitGrid(
                code=f"{community}{number % 900 + 1:03d}",
                community_id=community,
                geometry=shapes.rectangle(west, south, west + STEP, south + STEP),
                lon=west + STEP / 2,
                lat=south + STEP / 2,
                valid_from=date(2026, 7, 1),
            )
        )
    UnitGrid.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    places.forget()


def write_csv(path: Path, rows: int) -> None:
    """A census as surveyors deliver it: projected, sorted by nothing."""
    from platform_core.accounts.models import OrgUnit  # noqa: PLC0415
    from platform_core.classification import selectors  # noqa: PLC0415

    units = list(OrgUnit.objects.values_list("code", flat=True)[:8])
    classes = [row.code for row in selectors.classes("2026", "component")]
    moved = pyproj.Transformer.from_crs("EPSG:4490", SYSTEM, always_xy=True)
    chance = np.random.default_rng(1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADS)
        for first in range(0, rows, PART):
            count = min(PART, rows - first)
            reach = SIDE * STEP - 1e-4
            xs, ys = moved.transform(
                WEST + 5e-5 + chance.random(count) * reach,
                SOUTH + 5e-5 + chance.random(count) * reach,
            )
            writer.writerows(lines(first, xs, ys, classes, units))


def lines(
    first: int, xs: object, ys: object, classes: list[str], units: list[str]
) -> Iterator[tuple[object, ...]]:
    """Rows of the file."""
    kinds = len(classes)
    for place, (x, y) in enumerate(zip(xs, ys, strict=True), first):
        code = f"370202{classes[place % kinds]}{place // kinds + FIRST:06d}"
        unit = units[place % len(units)] if units else ""
        state = "破损" if place % 50 == 0 else "完好"
        day = f"202607{place % 28 + 1:02d}"
        note = f"第{place}号，人行道内侧"
        yield code, f"{x:.4f}", f"{y:.4f}", unit, unit, state, day, "实测", note, "铸铁"


def reading() -> dict[str, float]:
    """How long tiles and the nearest component take, the slowest of a hundred."""
    from django.core.cache import cache  # noqa: PLC0415

    from municipal.command import selectors  # noqa: PLC0415
    from municipal.command.basedata.components import tiling  # noqa: PLC0415
    from platform_core.geo.tiles import Tile  # noqa: PLC0415

    chance = random.Random(1)

    def place() -> tuple[float, float]:
        reach = SIDE * STEP
        return WEST + chance.random() * reach, SOUTH + chance.random() * reach

    def tile(zoom: int) -> None:
        cache.clear()
        tiling.tile(Tile.at(zoom, *place()))

    def nearest() -> None:
        lon, lat = place()
        assert selectors.nearest_component(lon=lon, lat=lat)

    found = {
        f"tile z{zoom} ms": late(lambda zoom=zoom: tile(zoom), CALLS // 10)
        for zoom in (8, 10, 12, 14, 15, 16, 18)
    }
    return {**found, "nearest ms": late(nearest, CALLS)}


def late(call: Callable[[], object], times: int) -> float:
    """Milliseconds that 95 of 100 calls need at most."""
    call()
    taken = []
    for _number in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[int(len(taken) * 0.95) - 1]


def prepare(url: str) -> None:
    """Point this process at the database, and fill it."""
    home = tempfile.mkdtemp(prefix="platform-bench-")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": "municipal",
        "NODE_CODE": "M37020001",
        "DATABASE_URL": url,
        "VAR_DIR": home,
        "LOG_LEVEL": "ERROR",
        "DEMO": "true",
    }
    django.setup()
    for command in ("setup_node", "seed_sample"):
        call_command(command, verbosity=0)


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with database(os.environ["DATABASE_URL"], 0) as url:
        prepare(url)
        for name, value in measure(rows).items():
            print(f"{name:>12} {value:12,.1f}", flush=True)
        django.db.connections.close_all()


if __name__ == "__main__":
    main()
