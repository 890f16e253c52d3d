"""Where the rows of a chunk lie, in CGCS2000, all at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from municipal.command.basedata.models import CoordinateSystem
from municipal.command.places import DIGITS
from platform_core.common.errors import DomainError
from platform_core.geo import shapes, systems

from .batches import Sieve
from .fields import X, Y
from .sources import Chunk

FROM_FILE = "file"
LOCAL = "local:"
Array = npt.NDArray[np.float64]


def reader(code: str, in_file: str) -> systems.Reader:
    """How coordinates of a system are read; DomainError where that is unknown."""
    definition = code
    if code == FROM_FILE:
        definition = in_file
        if not definition:
            raise DomainError(_("The file does not name its coordinate system."))
    elif code.startswith(LOCAL):
        row = CoordinateSystem.objects.filter(code=code.removeprefix(LOCAL)).first()
        if row is None:
            raise DomainError(_("There is no such coordinate system."))
        definition = row.definition
    try:
        return systems.reader(definition)
    except systems.UnknownSystem as error:
        raise DomainError(_("The coordinate system is not understood.")) from error


def read(
    chunk: Chunk, mapping: Mapping[str, Any], move: systems.Reader, sieve: Sieve
) -> tuple[Array, Array]:
    """Longitudes and latitudes; rows that have none are marked and lie at 0, 0."""
    if chunk.positions is not None and not (mapping.get(X) and mapping.get(Y)):
        xs, ys = (np.array(part, float) for part in zip(*chunk.positions, strict=True))
        names = ("geometry", "geometry")
    else:
        xs = numbers(chunk.columns[mapping[X]], X, sieve)
        ys = numbers(chunk.columns[mapping[Y]], Y, sieve)
        names = (X, Y)
    with np.errstate(all="ignore"):
        lons, lats = move(xs, ys)
    known = (
        np.isfinite(lons) & np.isfinite(lats) & (np.abs(lons) <= 180) & (abs(lats) < 90)
    )
    for place in np.flatnonzero(~known):
        text = _("This is not a position of the coordinate system.")
        sieve.refuse(int(place), text, names[0], f"{xs[place]}, {ys[place]}")
    lons, lats = np.where(known, lons, 0.0), np.where(known, lats, 0.0)
    return np.round(lons, DIGITS), np.round(lats, DIGITS)


def numbers(texts: list[str], name: str, sieve: Sieve) -> Array:
    """A column as numbers; what is none is marked and becomes NaN."""
    try:
        return np.array(texts, dtype=float)
    except ValueError:
        return np.array(
            [_number(text, place, name, sieve) for place, text in enumerate(texts)]
        )


def _number(text: str, place: int, name: str, sieve: Sieve) -> float:
    try:
        return float(text)
    except ValueError:
        sieve.refuse(place, _("This is not a number."), name, text)
        return float("nan")


def drawn(shape: BaseGeometry, move: systems.Reader) -> dict[str, Any]:
    """A line or area in CGCS2000 as GeoJSON."""

    def moved(points: Array) -> Array:
        return np.column_stack(move(points[:, 0], points[:, 1]))

    flat = shapely.force_2d(shape)
    return shapes.write(shapely.transform(flat, moved), DIGITS)
