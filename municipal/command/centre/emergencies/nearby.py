"""What there is around an emergency: resources, inspectors, video, components."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from municipal.command import selectors as command
from municipal.command.centre.models import CallOut, Emergency, Resource
from municipal.command.centre.video import points
from municipal.command.patrol import selectors as patrol
from platform_core.accounts.models import User
from platform_core.geo import distance, shapes
from platform_core.geo.cells import ranges
from platform_core.geo.distance import EARTH

MOST_COMPONENTS = 10
CORNERS = 48
WHOLE = 9e6  # metres: a circle of this over 2 ** zoom fills a map 340 pixels high
COLOURS = {"free": "green", "busy": "orange", "out": "grey"}


@dataclass(frozen=True)
class Near:
    """Something around an emergency, with its distance."""

    metres: float
    kind: str
    name: str
    lon: float
    lat: float
    level: str
    contact: str = ""
    phone: str = ""
    about: str = ""
    url: str = ""
    key: str = ""  # what a call for help names it by
    free: bool = True


def around(emergency: Emergency, user: User) -> list[Near]:
    """Who can help, then what can be seen and what is there, each nearest first."""
    where = (emergency.lon, emergency.lat, float(emergency.radius))
    groups = (
        [*_resources(*where), *_inspectors(*where)],
        [*_video(user, *where)],
        [*_components(*where)],
    )
    return [
        row for group in groups for row in sorted(group, key=lambda row: row.metres)
    ]


def _resources(lon: float, lat: float, radius: float) -> Iterator[Near]:
    inside = Q()
    for pair in ranges(lon, lat, radius):
        inside |= Q(cell__range=pair)
    for row in Resource.objects.filter(inside, is_active=True):
        metres = distance.metres(lon, lat, row.lon, row.lat)
        if metres <= radius:
            yield Near(
                metres,
                row.get_kind_display(),
                row.name,
                row.lon,
                row.lat,
                COLOURS[row.state],
                contact=row.contact,
                phone=row.phone,
                about=row.stock,
                key=f"resource:{row.pk}",
                free=row.state == "free",
            )


def _inspectors(lon: float, lat: float, radius: float) -> Iterator[Near]:
    for row in patrol.positions():
        metres = distance.metres(lon, lat, row.lon, row.lat)
        if metres <= radius:
            yield Near(
                metres,
                _("Inspector on duty"),
                str(row.person),
                row.lon,
                row.lat,
                row.level,
                phone=row.person.phone,
                key=f"person:{row.person.pk}",
            )


def _video(user: User, lon: float, lat: float, radius: float) -> Iterator[Near]:
    for metres, row in points.near(user, lon, lat, radius):
        yield Near(
            metres,
            _("Video point"),
            row.name,
            row.lon,
            row.lat,
            points.level(row),
            about=row.get_state_display(),
            url=row.get_absolute_url(),
        )


def _components(lon: float, lat: float, radius: float) -> Iterator[Near]:
    rows = command.near_components(lon=lon, lat=lat, radius=min(radius, 500))
    for metres, row in rows[:MOST_COMPONENTS]:
        about = str(row.maintaining_unit or "")
        yield Near(
            metres,
            _("Component"),
            row.class_name,
            row.lon,
            row.lat,
            "grey",
            about=about,
        )


def called(emergency: Emergency) -> set[str]:
    """What was called already, as a call names it."""
    rows = CallOut.objects.filter(emergency=emergency)
    return {
        f"resource:{resource}" if resource else f"person:{person}"
        for resource, person in rows.values_list("resource", "person")
    }


def circle(lon: float, lat: float, radius: float) -> dict[str, Any]:
    """A circle on the ground as a polygon."""
    up = math.degrees(radius / EARTH)
    across = up / max(math.cos(math.radians(lat)), 0.01)
    angles = [2 * math.pi * number / CORNERS for number in range(CORNERS)]
    ring = [
        [round(lon + across * math.cos(a), 6), round(lat + up * math.sin(a), 6)]
        for a in angles
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def map_of(emergency: Emergency, rows: list[Near]) -> dict[str, Any]:
    """The emergency, its circle and what lies around it, for a map."""
    lon, lat = emergency.lon, emergency.lat
    about = {"title": "", "level": "red", "value": 0}
    own = {"title": emergency.title, "text": emergency.address, "level": "red"}
    marks = [
        shapes.feature(
            shapes.point(row.lon, row.lat),
            {
                "title": f"{row.kind} {row.name}",
                "text": f"{row.metres:.0f} m {row.phone}".strip(),
                "level": row.level,
                "url": row.url,
            },
            number,
        )
        for number, row in enumerate(rows, 1)
    ]
    middle = shapes.feature(shapes.point(lon, lat), own, 0)
    ring = shapes.feature(circle(lon, lat, emergency.radius), about, 0)
    return {
        "points": shapes.collection([*marks, middle]),
        "areas": shapes.collection([ring]),
        "zoom": round(math.log2(WHOLE / emergency.radius), 1),
    }
