"""Counts of all objects of a kind: the figures, and what evaluation adds to them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration import selectors as collaboration
from municipal.command.models import UnitGrid

from . import objects
from .enums import AREAS, ObjectKind
from .measures import MEASURES
from .periods import ONE_DAY, Period
from .sums import sums

GRIDS, ASSISTS, ASSISTS_IN_TIME = "unit_grid_num", "assist_num", "intime_assist_num"
ADDED: Mapping[str, "str | Promise"] = {
    GRIDS: _("Number of unit grids"),
    ASSISTS: _("Assisting parts due"),
    ASSISTS_IN_TIME: _("Assisting parts answered in time"),
}
# How many digits of a unit grid's code name the area around it
DIGITS = {ObjectKind.COMMUNITY: 12, ObjectKind.STREET: 9, ObjectKind.DISTRICT: 6}
Counts = dict[str, dict[str, int]]


def names(kinds: Iterable[str] = ()) -> dict[str, "str | Promise"]:
    """What can be counted with for all of these kinds of objects, in words."""
    wanted = set(kinds)
    known = {
        code: measure.name
        for code, measure in MEASURES.items()
        if wanted <= set(measure.kinds)
    }
    added = {
        code: name
        for code, name in ADDED.items()
        if wanted <= set(AREAS if code == GRIDS else (ObjectKind.UNIT,))
    }
    return {**known, **added}


def counts(kind: str, period: Period) -> Counts:
    """Object key → measure → count, in a handful of queries.

    All areas and companies are there, quiet ones too; of departments and people
    only those who had something to do.
    """
    found: Counts = {}
    for key, row in sums(ObjectKind(kind), period).items():
        counted = {name: count for name, count in row.items() if count}
        if key and (counted or kind in AREAS):
            found[key] = counted
    if kind in AREAS:
        for key in objects.keys(ObjectKind(kind), within=None):
            found.setdefault(key, {})
        _add(found, {key: {GRIDS: n} for key, n in grids(kind).items()}, new=False)
    if kind == ObjectKind.UNIT:
        _add(found, assisting(period), new=True)
    return found


def _add(found: Counts, more: Mapping[str, Mapping[str, int]], *, new: bool) -> None:
    for key, row in more.items():
        if new or key in found:
            found.setdefault(key, {}).update(row)


def grids(kind: str) -> Mapping[str, int]:
    """How many unit grids each area has."""
    rows = UnitGrid.objects.filter(valid_to=None).order_by()
    if kind == ObjectKind.UNIT_GRID:
        return dict.fromkeys(rows.values_list("code", flat=True), 1)
    if kind == ObjectKind.DUTY_GRID:
        inside = rows.exclude(duty_grid=None).values_list("duty_grid")
        return {str(key): n for key, n in inside.annotate(n=Count("pk"))}
    found: Counter[str] = Counter()
    digits = DIGITS[ObjectKind(kind)]
    by_community = rows.values_list("community").annotate(n=Count("pk"))
    for code, count in by_community:
        found[code[:digits]] += count
    return found


def assisting(period: Period) -> Counts:
    """By unit: assisting parts that ended or fell due, and those in time."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(period.first, time(), zone)
    end = datetime.combine(period.last + ONE_DAY, time(), zone)
    return {
        str(unit): {ASSISTS: due, ASSISTS_IN_TIME: good}
        for unit, (due, good) in collaboration.assisted_between(start, end).items()
    }
