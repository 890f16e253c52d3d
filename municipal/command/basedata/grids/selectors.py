"""Reads of grids: what a draft would make of them, what a version made of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from shapely import STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from municipal.command.basedata.models import AreaGrid, GridEdit, GridVersion
from municipal.command.basedata.models.grids import VersionState
from municipal.command.models import DutyGrid, UnitGrid
from platform_core.geo import shapes as geojson
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from . import shapes

REACH = 0.03  # degrees looked at around a change
TOLERANCE_OUTSIDE = 50.0  # square metres by which a border may be passed


@dataclass(frozen=True)
class Piece:
    """A unit grid as a draft would leave it."""

    code: str
    form: BaseGeometry
    duty_grid_id: int | None
    is_new: bool


def current() -> QuerySet[UnitGrid]:
    """The unit grids in use."""
    return UnitGrid.objects.filter(valid_to=None)


def pieces(
    version: GridVersion, bounds: tuple[float, float, float, float] | None = None
) -> dict[str, Piece]:
    """Unit grids as a draft would leave them, perhaps only around a box."""
    rows = current()
    if bounds:
        west, south, east, north = bounds
        rows = rows.filter(lon__gte=west - REACH, lon__lte=east + REACH)
        rows = rows.filter(lat__gte=south - REACH, lat__lte=north + REACH)
    edits = list(version.edits.all())
    gone = {edit.code for edit in edits if edit.work == GridEdit.RETIRE}
    found = {
        code: Piece(code, shape(geometry), duty, False)
        for code, geometry, duty in rows.exclude(code__in=gone).values_list(
            "code", "geometry", "duty_grid_id"
        )
    }
    for edit in edits:
        if edit.work == GridEdit.ADD:
            form = shape(edit.geometry or {})
            found[edit.code] = Piece(edit.code, form, edit.duty_grid_id, True)
    return found


def problems(version: GridVersion) -> list[str]:
    """Why a draft cannot be published; empty when it can."""
    edits = list(version.edits.all())
    if not edits:
        return [_("Nothing was changed.")]
    forms = [shape(edit.geometry) for edit in edits if edit.geometry]
    bounds = shapely.total_bounds(forms) if forms else None
    around = pieces(version, tuple(bounds) if bounds is not None else None)
    return [
        *_stale(edits),
        *_overlaps(around, version.tolerance),
        *_gaps(edits, around, version.tolerance),
        *_outside(around),
    ]


def _stale(edits: list[GridEdit]) -> Iterator[str]:
    """Grids that another version has retired meanwhile."""
    gone = [edit.code for edit in edits if edit.work == GridEdit.RETIRE]
    left = set(current().filter(code__in=gone).values_list("code", flat=True))
    for code in sorted(set(gone) - left):
        yield _("%(code)s is not in use any more.") % {"code": code}


def _overlaps(around: dict[str, Piece], tolerance: float) -> Iterator[str]:
    rows = list(around.values())
    tree = STRtree([row.form for row in rows])
    for row in rows:
        if not row.is_new:
            continue
        for index in tree.query(row.form, predicate="intersects"):
            other = rows[index]
            if other.code == row.code or (other.is_new and other.code < row.code):
                continue
            metres = shapes.size(row.form.intersection(other.form))
            if metres > tolerance:
                yield _("%(one)s and %(two)s overlap by %(area)d square metres.") % {
                    "one": row.code,
                    "two": other.code,
                    "area": metres,
                }


def _gaps(
    edits: list[GridEdit], around: dict[str, Piece], tolerance: float
) -> Iterator[str]:
    """Ground that a replaced grid had and that no grid has after it."""
    replaced = {code for edit in edits for code in edit.replaces}
    for edit in edits:
        if edit.work != GridEdit.RETIRE or edit.code not in replaced:
            continue
        left = shape(edit.geometry or {})
        touching = [row.form for row in around.values() if row.form.intersects(left)]
        metres = shapes.size(left.difference(shapely.union_all(touching)))
        if metres > tolerance:
            text = _("%(code)s leaves a gap of %(area)d square metres.")
            yield text % {"code": edit.code, "area": metres}


def _outside(around: dict[str, Piece]) -> Iterator[str]:
    """New grids that pass the border of their community or the city."""
    new = [row for row in around.values() if row.is_new]
    outlines: dict[str, BaseGeometry | None] = {}
    own = regions.own_division().code
    for row in new:
        for code in (row.code[:12], own):
            if code not in outlines:
                outline = regions.boundary(code)
                outlines[code] = shape(outline) if outline else None
            border = outlines[code]
            if border is None:
                continue
            if shapes.size(row.form.difference(border)) > TOLERANCE_OUTSIDE:
                name = regions.division(code).name
                text = _("%(grid)s passes the border of %(area)s.")
                yield text % {"grid": row.code, "area": name}


def at_version(number: int) -> QuerySet[UnitGrid]:
    """The unit grids as they were after a version was published."""
    later = GridEdit.objects.filter(version__number__gt=number)
    upto = GridEdit.objects.filter(
        version__number__lte=number, version__state=VersionState.PUBLISHED
    )
    revoked = GridEdit.objects.filter(version__state=VersionState.ROLLED_BACK)
    added = later.filter(work=GridEdit.ADD) | revoked.filter(work=GridEdit.ADD)
    gone = upto.filter(work=GridEdit.RETIRE)
    return UnitGrid.objects.exclude(code__in=added.values("code")).exclude(
        code__in=gone.values("code")
    )


def features(rows: Iterable[UnitGrid]) -> dict[str, Any]:
    """Unit grids as GeoJSON with the items of the standard.  [GB/T 30428.1]"""
    return geojson.collection(
        geojson.feature(
            row.geometry,
            {
                "BGID": row.code,
                "Area": row.area,
                "ORDate": f"{row.valid_from:%Y%m%d}",
                "DDate": f"{row.valid_to:%Y%m%d}" if row.valid_to else "",
                "duty_grid": row.duty_grid.code if row.duty_grid else "",
                "title": row.code,
            },
            key=row.code,
        )
        for row in rows
    )


def layer(kind: str) -> dict[str, Any]:
    """Duty grids, area grids, communities, streets or districts as areas of a map."""
    if kind == "unit":
        return features(current().select_related("duty_grid"))
    groups: dict[str, list[BaseGeometry]] = {}
    for key, geometry in _grouped(kind):
        groups.setdefault(key, []).append(shape(geometry))
    names = _names(kind, groups)
    return geojson.collection(
        geojson.feature(
            geojson.write(shapely.union_all(forms)),
            {"title": names.get(key, key), "text": key},
            key=key,
        )
        for key, forms in sorted(groups.items())
    )


DIGITS = {"community": 12, "street": 9, "district": 6}


def _grouped(kind: str) -> Iterator[tuple[str, Any]]:
    if kind in DIGITS:
        for code, geometry in current().values_list("code", "geometry"):
            yield code[: DIGITS[kind]], geometry
    elif kind == "duty":
        rows = current().exclude(duty_grid=None)
        yield from rows.values_list("duty_grid__code", "geometry")
    else:
        rows = current().filter(area_grids__kind=kind)
        yield from rows.values_list("area_grids__code", "geometry")


def _names(kind: str, keys: Iterable[str]) -> dict[str, str]:
    model: Any = (
        Division if kind in DIGITS else DutyGrid if kind == "duty" else AreaGrid
    )
    rows = model.objects.filter(code__in=list(keys))
    return dict(rows.values_list("code", "name"))
