"""Sample records that fit the schema of a table; the same ones each time."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from .enums import Kind
from .models import Field, TableVersion

BEIJING = ZoneInfo("Asia/Shanghai")
START = date(2026, 1, 1)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
RING = [[120.38, 36.06], [120.39, 36.06], [120.39, 36.07], [120.38, 36.06]]
SHAPES: dict[str, dict[str, Any]] = {
    "line": {"type": "LineString", "coordinates": RING[:2]},
    "polygon": {"type": "Polygon", "coordinates": [RING]},
}
POINT = {"type": "Point", "coordinates": RING[0]}


def sample(version: TableVersion, number: int = 1) -> dict[str, Any]:
    """A record with every field filled; another one for each number."""
    schema = version.schema["properties"]
    return {
        one.code: value(one, schema.get(one.code, {}), number)
        for one in version.fields.all()
    }


def value(field: Field, schema: Mapping[str, Any], number: int) -> Any:
    """A value that the schema of the field allows."""
    values = [one for one in schema.get("enum", []) if one is not None]
    if values:
        return values[_pick(field, number) % len(values)]
    return MAKERS.get(Kind(field.kind), _text)(field, number)


def _pick(field: Field, number: int) -> int:
    digest = sha256(f"{field.code}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _text(field: Field, number: int) -> str:
    text = f"{number:02d}" if field.is_key else f"{field.name}{number}"
    room = field.length or len(text)
    return text[:room] if not field.is_key else text.rjust(min(room, 6), "0")[-room:]


def _decimal(field: Field, number: int) -> float:
    whole = max((field.length or 6) - (field.decimals or 0), 0)
    limit = 10 ** min(whole, 4)
    places = Decimal(10) ** -(field.decimals or 0)
    return float(Decimal(_pick(field, number) % limit).quantize(places))


def _moment(field: Field, number: int) -> str:
    moment = datetime(2026, 1, 1, 8, tzinfo=BEIJING) + timedelta(hours=number)
    return moment.isoformat()


Maker = Callable[[Field, int], Any]
MAKERS: dict[Kind, Maker] = {
    Kind.INTEGER: lambda field, number: _pick(field, number) % 100,
    Kind.DECIMAL: _decimal,
    Kind.DATE: lambda field, number: (START + timedelta(days=number)).isoformat(),
    Kind.DATETIME: _moment,
    Kind.BOOLEAN: lambda field, number: number % 2 == 1,
    Kind.JSON: lambda field, number: [],
    Kind.GEOMETRY: lambda field, number: SHAPES.get(field.shape, POINT),
    Kind.FILES: lambda field, number: [
        {"name": "a.pdf", "size": 0, "media_type": "application/pdf", "sha256": EMPTY}
    ],
}
