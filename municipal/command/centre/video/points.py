"""Video points: kept, imported, found, reported from."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places, services
from municipal.command.centre.common import keep, wrong
from municipal.command.centre.desk_enums import PointKind, PointState
from municipal.command.centre.models import VideoPoint
from municipal.command.geocoding.tables import read_rows
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.common.errors import DomainError
from platform_core.files.models import Attachment
from platform_core.geo import distance
from platform_core.geo.cells import ranges
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work
from platform_core.regions import selectors as regions

from . import streams

MANUAL = "13"  # source of a case: found by people who watch video
LEVELS = {
    PointState.ONLINE: "green",
    PointState.OFFLINE: "red",
    PointState.REPAIR: "orange",
}
HEADS = (
    "code",
    "name",
    "group",
    "kind",
    "lon",
    "lat",
    "coord_sys",
    "stream",
    "replay",
    "state",
    "owner",
    "note",
)


def level(point: VideoPoint) -> str:
    """The colour of a point's state."""
    return LEVELS.get(PointState(point.state), "grey")


def save_point(
    *,
    point: VideoPoint,
    by: User,
    coord_sys: str = "cgcs2000",
    known: frozenset[str] | None = None,
) -> VideoPoint:
    """Keep a point: it lies in the city, its stream on a registered server."""
    try:
        place = places.locate(point.lon, point.lat, coord_sys=coord_sys)
    except DomainError as error:
        raise wrong("lon", str(error.fields.get("position", error.message))) from error
    point.lon, point.lat, point.cell = place.lon, place.lat, place.cell
    point.division_code = place.division_code
    point.stream = streams.check(point.stream, "stream", known)
    point.replay = streams.check_replay(point.replay, known)
    kept: VideoPoint = keep(
        point, "video.point_saved", by=by, permission=streams.MANAGE
    )
    return kept


def take_row(row: dict[str, str], *, by: User, known: frozenset[str]) -> VideoPoint:
    """Keep a row of a table; the code says which point it is."""
    code = row.get("code", "")
    point = VideoPoint.objects.filter(code=code).first() or VideoPoint(code=code)
    for name in ("name", "group", "stream", "replay", "note"):
        if name in row:
            setattr(point, name, row[name])
    point.kind = _choice(row, "kind", PointKind.values, PointKind.FIXED)
    point.state = _choice(row, "state", PointState.values, PointState.UNKNOWN)
    point.lon, point.lat = _degrees(row, "lon"), _degrees(row, "lat")
    if owner := row.get("owner"):
        point.owner = accounts.unit_by_code(owner)
        if point.owner is None:
            raise wrong("owner", _("There is no such unit."))
    try:
        point.full_clean(exclude=["owner"], validate_unique=False)
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        raise wrong(name, texts[0]) from error
    coord_sys = row.get("coord_sys") or "cgcs2000"
    return save_point(point=point, by=by, coord_sys=coord_sys, known=known)


def _choice(row: dict[str, str], name: str, known: Sequence[str], default: str) -> str:
    found = row.get(name) or default
    if found not in known:
        raise wrong(name, _("“%(value)s” is not known here.") % {"value": found})
    return found


def _degrees(row: dict[str, str], name: str) -> float:
    try:
        return float(row.get(name, ""))
    except ValueError as error:
        raise wrong(name, _("This is not a position.")) from error


@job("centre.import_points", gettext_lazy("Import video points"))
def import_points(work: Work) -> None:
    """Take the rows of a table in; each that is wrong is named with its reason."""
    assert work.input is not None
    assert work.by is not None
    known = streams.origins()
    for number, row in read_rows(work.input):
        if number <= work.checkpoint.get("row", 1):
            continue
        try:
            with transaction.atomic():
                take_row(row, by=work.by, known=known)
                work.advance(1, checkpoint={"row": number})
        except DomainError as error:
            field, reason = next(iter(error.fields.items()), ("", error.message))
            work.problem(number, str(reason), field=field, value=row.get(field, ""))
            work.advance(failed=1, checkpoint={"row": number})


# The tree ------------------------------------------------------------------------


def tree(user: User) -> list[dict[str, Any]]:
    """Districts with their groups and how many points each has; one query."""
    rows = (
        VideoPoint.objects.visible_to(user)
        .filter(is_active=True)
        .order_by("division_code", "group")
        .values("division_code", "group")
        .annotate(points=Count("pk"), online=Count("pk", filter=Q(state="online")))
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = row["division_code"]
        known = regions.find_division(code)
        branch = found.setdefault(
            code,
            {"code": code, "name": known.label if known else code, "groups": []},
        )
        branch["groups"].append(row)
    for branch in found.values():
        branch["points"] = sum(row["points"] for row in branch["groups"])
    return list(found.values())


def search(user: User, text: str = "", **place: str) -> QuerySet[VideoPoint]:
    """Points by words, or those of a branch of the tree."""
    rows = VideoPoint.objects.visible_to(user).filter(is_active=True, **place)
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(code__startswith=text) | Q(group__contains=text)
        )
    found: QuerySet[VideoPoint] = rows.order_by("name", "pk")
    return found


def near(
    user: User, lon: float, lat: float, radius: float
) -> list[tuple[float, VideoPoint]]:
    """Points around a position with their distance, the nearest first."""
    inside = Q()
    for pair in ranges(lon, lat, radius):
        inside |= Q(cell__range=pair)
    rows = VideoPoint.objects.visible_to(user).filter(inside, is_active=True)
    found = [(distance.metres(lon, lat, row.lon, row.lat), row) for row in rows]
    return sorted(
        ((metres, row) for metres, row in found if metres <= radius),
        key=lambda pair: pair[0],
    )


def shapes(points: Iterable[VideoPoint]) -> dict[str, Any]:
    """Points as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
                "properties": {
                    "title": row.name,
                    "text": row.get_state_display(),
                    "level": level(row),
                    "url": row.get_absolute_url(),
                },
            }
            for row in points
        ],
    }


@transaction.atomic
def report(*, by: User, attachments: Sequence[Attachment] = (), **given: Any) -> Case:
    """A case from what somebody saw on a screen."""
    return services.report_case(source=MANUAL, by=by, attachments=attachments, **given)
