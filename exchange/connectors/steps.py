"""Transformations of single values, as data: `{"do": name, ...}`.

A step takes the value of the one before it. An empty value passes through all of
them but `default`, so that what is missing stays missing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import jmespath
import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from jmespath.exceptions import JMESPathError

from platform_core.geo import systems

from .errors import BadValue

Step = Mapping[str, Any]
Maps = Mapping[str, Mapping[str, str]]
EMPTY: tuple[Any, ...] = (None, "", [], {})
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日")
TIMES = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
TRUE = frozenset({"1", "true", "yes", "y", "是", "有", "t"})
FALSE = frozenset({"0", "false", "no", "n", "否", "无", "f"})
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DIGITS = 7


def text(value: Any) -> str:
    """A value as text; whole numbers of spreadsheets lose their ".0"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number(value: Any) -> Decimal:
    """A number however it is written: 1,234.5, full width, with spaces."""
    plain = text(value).translate(WIDE).replace(",", "").replace(" ", "")
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise BadValue(_("“%(value)s” is no number.") % {"value": value}) from error
    if not found.is_finite():
        raise BadValue(_("“%(value)s” is no number.") % {"value": value})
    return found


def plain(value: Decimal) -> int | float:
    """A number as JSON holds it."""
    return int(value) if value == value.to_integral_value() else float(value)


def moment(value: Any, formats: Sequence[str] = ()) -> datetime:
    """A moment, in the platform's zone where it names none."""
    if isinstance(value, datetime):
        found: datetime | None = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    else:
        found = _parsed(text(value).translate(WIDE).strip(), tuple(formats))
    if found is None:
        raise BadValue(_("“%(value)s” is no date or time.") % {"value": value})
    zone = ZoneInfo(settings.TIME_ZONE)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _parsed(given: str, formats: tuple[str, ...]) -> datetime | None:
    for pattern in formats or _patterns():
        try:
            return datetime.strptime(given, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    if formats:
        return None
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[str, ...]:
    both = [f"{day} {time}" for day in DATES for time in TIMES]
    return (*DATES, *both)


def _trim(value: Any, step: Step, maps: Maps) -> Any:
    return text(value).translate({0x3000: 0x20, 0xFEFF: None}).strip()


def _narrow(value: Any, step: Step, maps: Maps) -> Any:
    return text(value).translate(WIDE).strip()


def _case(value: Any, step: Step, maps: Maps) -> Any:
    return text(value).upper() if step["do"] == "upper" else text(value).lower()


def _replace(value: Any, step: Step, maps: Maps) -> Any:
    return text(value).replace(step["old"], step.get("new", ""))


def _format(value: Any, step: Step, maps: Maps) -> Any:
    return step["pattern"].replace("{}", text(value))


def _part(value: Any, step: Step, maps: Maps) -> Any:
    start, end = int(step["start"]) - 1, int(step["end"])
    return text(value)[start:end]


def _date(value: Any, step: Step, maps: Maps) -> Any:
    return moment(value, step.get("formats", ())).date().isoformat()


def _datetime(value: Any, step: Step, maps: Maps) -> Any:
    return moment(value, step.get("formats", ())).isoformat()


def _epoch(value: Any, step: Step, maps: Maps) -> Any:
    seconds = float(number(value)) / float(step.get("divide", 1))
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        return datetime.fromtimestamp(seconds, zone).isoformat()
    except (OverflowError, ValueError, OSError) as error:
        raise BadValue(_("“%(value)s” is no date or time.") % {"value": value}) from (
            error
        )


def _number(value: Any, step: Step, maps: Maps) -> Any:
    return plain(number(value))


def _scale(value: Any, step: Step, maps: Maps) -> Any:
    made = number(value) * Decimal(str(step["factor"]))
    return plain(made + Decimal(str(step.get("offset", 0))))


def _round(value: Any, step: Step, maps: Maps) -> Any:
    return plain(round(number(value), int(step.get("digits", 0))))


def _boolean(value: Any, step: Step, maps: Maps) -> Any:
    given = text(value).translate(WIDE).strip().lower()
    if given in TRUE or given in FALSE:
        return given in TRUE
    raise BadValue(_("“%(value)s” is neither yes nor no.") % {"value": value})


def _split(value: Any, step: Step, maps: Maps) -> Any:
    parts = [part.strip() for part in text(value).split(step["by"])]
    wanted = step.get("take")
    if wanted is None:
        return parts
    return parts[int(wanted) - 1] if len(parts) >= int(wanted) else None


def _join(value: Any, step: Step, maps: Maps) -> Any:
    parts = value if isinstance(value, list) else [value]
    kept = [text(part) for part in parts if part not in EMPTY]
    return str(step.get("by", "")).join(kept)


def _map(value: Any, step: Step, maps: Maps) -> Any:
    entries = maps.get(step["table"])
    if entries is None:
        name = step["table"]
        raise BadValue(_("There is no code mapping “%(name)s”.") % {"name": name})
    found = entries.get(text(value).strip())
    if found is None:
        facts = {"value": value, "table": step["table"]}
        raise BadValue(
            _("The code “%(value)s” is not in the mapping “%(table)s”.") % facts,
            code="code_list",
        )
    return found


def _position(value: Any, system: str) -> tuple[float, float]:
    parts = value if isinstance(value, list) else re.split(r"[,;\s]+", text(value))
    if len(parts) != 2:
        raise BadValue(_("A position needs two numbers: %(value)s") % {"value": value})
    x, y = (float(number(part)) for part in parts)
    xs, ys = _system(system)(np.array([x]), np.array([y]))
    lon, lat = round(float(xs[0]), DIGITS), round(float(ys[0]), DIGITS)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadValue(_("%(value)s lies outside the world.") % {"value": value})
    return lon, lat


@lru_cache(maxsize=64)
def _system(name: str) -> systems.Reader:
    return systems.reader(name)


def _point(value: Any, step: Step, maps: Maps) -> Any:
    lon, lat = _position(value, step.get("system", "cgcs2000"))
    return {"type": "Point", "coordinates": [lon, lat]}


def _axis(value: Any, step: Step, maps: Maps) -> Any:
    return _position(value, step.get("system", "cgcs2000"))[step["do"] == "lat"]


def _geometry(value: Any, step: Step, maps: Maps) -> Any:
    if not isinstance(value, Mapping) or "coordinates" not in value:
        raise BadValue(_("“%(value)s” is no geometry.") % {"value": value})
    system = step.get("system", "cgcs2000")
    return {
        "type": str(value.get("type")),
        "coordinates": _moved(value["coordinates"], system),
    }


def _moved(given: Any, system: str) -> Any:
    if not isinstance(given, list) or not given:
        raise BadValue(_("“%(value)s” is no geometry.") % {"value": given})
    if isinstance(given[0], list):
        return [_moved(part, system) for part in given]
    return list(_position(list(given[:2]), system))


def _expression(value: Any, step: Step, maps: Maps) -> Any:
    return search(step["text"], {"value": value})


@lru_cache(maxsize=512)
def compiled(expression: str) -> Any:
    """A JMESPath expression; BadValue where it is none."""
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        facts = {"text": expression, "error": error}
        raise BadValue(_("“%(text)s” is no expression: %(error)s") % facts) from error


def search(expression: str, value: Any) -> Any:
    """What an expression finds in a value."""
    try:
        return compiled(expression).search(value)
    except JMESPathError as error:
        facts = {"text": expression, "error": error}
        raise BadValue(_("“%(text)s” cannot be worked out: %(error)s") % facts) from (
            error
        )


Function = Callable[[Any, Step, Maps], Any]
STEPS: dict[str, Function] = {
    "trim": _trim,
    "narrow": _narrow,
    "upper": _case,
    "lower": _case,
    "replace": _replace,
    "format": _format,
    "part": _part,
    "date": _date,
    "datetime": _datetime,
    "epoch": _epoch,
    "number": _number,
    "scale": _scale,
    "round": _round,
    "boolean": _boolean,
    "split": _split,
    "join": _join,
    "map": _map,
    "point": _point,
    "lon": _axis,
    "lat": _axis,
    "geometry": _geometry,
    "expression": _expression,
}


def run(value: Any, steps: Sequence[Step], maps: Maps) -> Any:
    """The value after all steps; BadValue says what a step cannot make sense of."""
    for step in steps:
        if step["do"] == "default":
            value = step["value"] if _missing(value) else value
        elif not _missing(value):
            value = STEPS[step["do"]](value, step, maps)
    return value


def _missing(value: Any) -> bool:
    if isinstance(value, list):
        return all(part in EMPTY for part in value)
    return value is None or value in ("", {})
