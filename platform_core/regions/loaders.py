"""Reference data: the country's divisions and the row of this platform."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.staticfiles import finders

from platform_core.common.models import own_node
from platform_core.geo.coords import convert

from .codes import node_division
from .enums import NATION_CODE, TIER_OF_LETTER, Level
from .models import Division, Node
from .selectors import forget

TABLE = Path(__file__).parent / "data" / "divisions.csv"
FIELDS = ("name", "name_en", "parent_id", "level", "lon", "lat")


def load_divisions() -> str:
    """Write the divisions of the table that are new or differ."""
    wanted = {one.code: one for one in _table()}
    stored = {
        row["code"]: row
        for row in Division.objects.filter(code__in=wanted).values("code", *FIELDS)
    }
    changed = [one for code, one in wanted.items() if _differs(one, stored.get(code))]
    if changed:
        Division.objects.bulk_create(
            changed,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=list(FIELDS),
        )
    outlined = _load_boundaries()
    forget()
    return f"{len(wanted)} divisions, {len(changed)} written, {outlined} outlines"


def _differs(one: Division, row: dict[str, Any] | None) -> bool:
    return row is None or any(getattr(one, name) != row[name] for name in FIELDS)


def _table() -> list[Division]:
    """The nation and the rows of the file, parents before children."""
    nation = Division(
        code=NATION_CODE,
        name="中华人民共和国",
        name_en="China",
        level=Level.NATION,
        lon=116.39,
        lat=39.91,
    )
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    divisions = [
        Division(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            parent_id=row["parent_code"] or NATION_CODE,
            level=row["level"],
        )
        for row in rows
    ]
    _place(divisions, rows)
    return [nation, *divisions]


def _place(divisions: list[Division], rows: list[dict[str, str]]) -> None:
    """Positions of the table, which behave like GCJ-02, as CGCS2000."""
    known = [index for index, row in enumerate(rows) if row["lon"]]
    lon = np.array([float(rows[index]["lon"]) for index in known])
    lat = np.array([float(rows[index]["lat"]) for index in known])
    lon, lat = convert(lon, lat, "gcj02", "cgcs2000")
    for place, index in enumerate(known):
        divisions[index].lon = round(float(lon[place]), 6)
        divisions[index].lat = round(float(lat[place]), 6)


def _load_boundaries() -> int:
    """Give outlines to the divisions that have none, where map files are there."""
    missing = set(
        Division.objects.filter(boundary__isnull=True)
        .filter(level__in=[Level.PROVINCE, Level.PREFECTURE])
        .values_list("code", flat=True)
    )
    found: dict[str, Division] = {}
    files = [NATION_CODE, *sorted({code[:2] + "0000" for code in missing})]
    for name in files if missing else []:
        path = finders.find(f"vendor/maps/{name}.json")
        if path:
            features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
            for feature in features:
                code = feature["properties"]["code"]
                if code in missing:
                    found[code] = Division(code=code, boundary=feature["geometry"])
    Division.objects.bulk_update(found.values(), ["boundary"], batch_size=100)
    return len(found)


def load_own_node() -> str:
    """Write the row of this platform from its settings."""
    code = own_node()
    Node.objects.update_or_create(
        code=code,
        defaults={
            "tier": TIER_OF_LETTER[code[0]],
            "division_id": node_division(code),
            "name": settings.NODE_NAME,
            "url": settings.NODE_URL,
        },
    )
    return code
