"""Every write to grids: drawn in a draft, published as a version, rolled back."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from municipal.command import places
from municipal.command.basedata.models import AreaGrid, GridEdit, GridVersion
from municipal.command.basedata.models.grids import VersionState
from municipal.command.models import DutyGrid, UnitGrid
from platform_core.audit import services as audit
from platform_core.classification.codes import AreaGridCode, UnitGridCode
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.geo import shapes as geojson
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division

from . import selectors, shapes

MOST_SERIALS = 999


@transaction.atomic
def open_draft(*, by: Any, title: str, tolerance: float = 10, note: str = "") -> Any:
    """Begin a set of changes."""
    version = GridVersion.objects.create(
        title=title, tolerance=tolerance, note=note, made_by=by
    )
    audit.record("grids.draft_opened", version, by=by)
    return version


@transaction.atomic
def add_grid(
    *,
    version: GridVersion,
    by: Any,
    community: str,
    geometry: Any,
    duty_grid: DutyGrid | None = None,
) -> GridEdit:
    """A new unit grid, with the next free code of its community."""
    _open(version)
    made = _add(version, community, shapes.polygon(geometry), duty_grid, ())
    audit.record("grids.added", version, by=by, data={"code": made.code})
    return made


@transaction.atomic
def redraw_grid(*, version: GridVersion, by: Any, code: str, geometry: Any) -> GridEdit:
    """Another border: the old code is closed, the new border gets a new one."""
    _open(version)
    piece = _piece(version, code)
    form = shapes.polygon(geometry)
    made = _add(version, code[:12], form, _duty(piece), _close(version, piece))
    audit.record("grids.redrawn", version, by=by, data={"code": [code, made.code]})
    return made


@transaction.atomic
def split_grid(
    *, version: GridVersion, by: Any, code: str, line: Any
) -> list[GridEdit]:
    """Cut a unit grid by a line; each part gets a new code."""
    _open(version)
    piece = _piece(version, code)
    parts = shapes.cut(piece.form, line)
    closed = _close(version, piece)
    made = [_add(version, code[:12], part, _duty(piece), closed) for part in parts]
    codes = [edit.code for edit in made]
    audit.record("grids.split", version, by=by, data={"code": code, "into": codes})
    return made


@transaction.atomic
def merge_grids(*, version: GridVersion, by: Any, codes: Sequence[str]) -> GridEdit:
    """Join neighbours of one community into one unit grid with a new code."""
    _open(version)
    if len(set(codes)) < 2:
        raise _codes_wrong(_("Choose at least two grids."))
    if len({code[:12] for code in codes}) > 1:
        raise _codes_wrong(_("The grids lie in different communities."))
    found = [_piece(version, code) for code in dict.fromkeys(codes)]
    form = shapes.joined([piece.form for piece in found])
    largest = max(found, key=lambda piece: piece.form.area)
    closed = [code for piece in found for code in _close(version, piece)]
    made = _add(version, codes[0][:12], form, _duty(largest), closed)
    data = {"codes": list(codes), "into": made.code}
    audit.record("grids.merged", version, by=by, data=data)
    return made


@transaction.atomic
def retire_grid(*, version: GridVersion, by: Any, code: str) -> None:
    """Take a unit grid out of use without another in its place."""
    _open(version)
    _close(version, _piece(version, code))
    audit.record("grids.retired", version, by=by, data={"code": code})


@transaction.atomic
def discard_draft(*, version: GridVersion, by: Any) -> None:
    """Throw a draft away."""
    _open(version)
    audit.record("grids.draft_discarded", version, by=by)
    version.delete()


@transaction.atomic
def publish_version(*, version: GridVersion, by: Any) -> Any:
    """Make a draft valid; cases and components follow in a job, which is given."""
    version = _open(version)
    found = selectors.problems(version)
    if found:
        raise Conflict(" ".join(found))
    today = clock.today()
    adds, gone = _edits(version)
    _valid_until(gone, today)
    UnitGrid.objects.bulk_create(_unit_grid(edit, today) for edit in adds)
    last = GridVersion.objects.aggregate(last=Max("number"))["last"] or 0
    version.number, version.state = last + 1, VersionState.PUBLISHED
    version.published_by, version.effective_on = by, today
    version.touch()
    version.save()
    return _changed(version, by, "grids.published")


@transaction.atomic
def roll_back(*, version: GridVersion, by: Any) -> Any:
    """Undo the version published last; its codes are not used again."""
    version = GridVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    published = GridVersion.objects.filter(state=VersionState.PUBLISHED)
    if version != published.order_by("-number").first():
        raise Conflict(_("Only the version published last can be rolled back."))
    adds, gone = _edits(version)
    if not (adds or gone):
        raise Conflict(_("There is nothing to roll back."))
    _valid_until([edit.code for edit in adds], clock.today())
    _valid_until(gone, None)
    version.state = VersionState.ROLLED_BACK
    version.touch()
    version.save()
    return _changed(version, by, "grids.rolled_back")


@transaction.atomic
def save_duty_grid(
    *,
    by: Any,
    name: str,
    codes: Iterable[str],
    supervisors: Iterable[Any],
    duty_grid: DutyGrid | None = None,
) -> DutyGrid:
    """Make or change a duty grid: its unit grids and its inspectors."""
    grids = _current(codes)
    if duty_grid is None:
        code, community = next_area_code("Z", grids, DutyGrid)
        duty_grid = DutyGrid(code=code, community_id=community)
    duty_grid.name = name
    duty_grid.touch()
    duty_grid.save()
    duty_grid.supervisors.set(supervisors)
    moment = clock.now()
    chosen = [grid.pk for grid in grids]
    duty_grid.unit_grids.exclude(pk__in=chosen).update(
        duty_grid=None, updated_at=moment
    )
    UnitGrid.objects.filter(pk__in=chosen).update(
        duty_grid=duty_grid, updated_at=moment
    )
    transaction.on_commit(places.forget)
    people = [person.pk for person in duty_grid.supervisors.all()]
    data = {"grids": [grid.code for grid in grids], "inspectors": people}
    audit.record("grids.duty_saved", duty_grid, by=by, data=data)
    return duty_grid


@transaction.atomic
def save_area_grid(
    *,
    by: Any,
    kind: str,
    name: str,
    codes: Iterable[str],
    unit: Any = None,
    area: AreaGrid | None = None,
) -> AreaGrid:
    """Make or change a management, evaluation or extended grid."""
    grids = _current(codes)
    if area is None:
        area = AreaGrid(kind=kind, code=next_area_code(kind, grids, AreaGrid)[0])
    area.name, area.unit = name, unit
    area.touch()
    area.save()
    area.unit_grids.set(grids)
    data = {"grids": [grid.code for grid in grids]}
    audit.record("grids.area_saved", area, by=by, data=data)
    return area


@transaction.atomic
def set_boundary(*, division: Division, geometry: Any, by: Any) -> Division:
    """Draw the border of a street or community; None derives it from its grids."""
    if division.level not in {Level.STREET, Level.COMMUNITY}:
        raise DomainError(_("Only streets and communities are drawn here."))
    if geometry is None:
        rows = selectors.current().filter(code__startswith=division.code)
        forms = [shape(found) for found in rows.values_list("geometry", flat=True)]
        if not forms:
            raise DomainError(_("No unit grid lies in it."))
        geometry = geojson.write(shapes.joined(forms))
    try:
        geojson.read_area(geometry)
    except geojson.InvalidGeometry as error:
        text = _("This is not a closed polygon: %(why)s") % {"why": error}
        raise shapes.wrong(text) from error
    division.boundary = geometry
    division.lon, division.lat = geojson.centre(geometry)
    division.save(update_fields=["boundary", "lon", "lat"])
    regions.forget()
    audit.record("grids.boundary_set", division, by=by)
    return division


def next_code(community: str) -> str:
    """The next free code; codes that were ever given are not given again."""
    used = [
        model.objects.filter(code__startswith=community).aggregate(last=Max("code"))
        for model in (UnitGrid, GridEdit)
    ]
    last = max(int((row["last"] or "000")[-3:]) for row in used)
    if last >= MOST_SERIALS:
        raise _codes_wrong(_("The community has no free grid code."))
    return str(UnitGridCode(community, last + 1))


def next_area_code(
    letter: str, grids: Sequence[UnitGrid], model: Any
) -> tuple[str, str]:
    """The next free code of a grid of several, and the area that it is named after."""
    if not grids:
        raise _codes_wrong(_("Choose at least one grid."))
    communities = {grid.code[:12] for grid in grids}
    streets = {code[:9] for code in communities}
    if len(streets) > 1:
        raise _codes_wrong(_("The grids lie in different streets."))
    community = communities.pop() if len(communities) == 1 else ""
    area = community or streets.pop()
    prefix = f"{area:0<12}{letter}"
    last = model.objects.filter(code__startswith=prefix).aggregate(last=Max("code"))
    serial = int((last["last"] or "000")[-3:]) + 1
    return str(AreaGridCode(area, serial, letter)), area


def _codes_wrong(message: str) -> DomainError:
    return DomainError(message, fields={"codes": message})


def _current(codes: Iterable[str]) -> list[UnitGrid]:
    wanted = set(codes)
    grids = list(selectors.current().filter(code__in=wanted).order_by("code"))
    unknown = wanted - {grid.code for grid in grids}
    if unknown:
        text = _("There is no unit grid %(code)s in use.")
        raise _codes_wrong(text % {"code": ", ".join(sorted(unknown))})
    return grids


def _open(version: GridVersion) -> GridVersion:
    version = GridVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not version.is_draft:
        raise Conflict(_("The version is published and cannot be drawn on any more."))
    return version


def _piece(version: GridVersion, code: str) -> selectors.Piece:
    grid = UnitGrid.objects.filter(code=code, valid_to=None).first()
    bounds = (grid.lon, grid.lat, grid.lon, grid.lat) if grid else None
    found = selectors.pieces(version, bounds).get(code)
    if found is None:
        raise _codes_wrong(_("There is no unit grid %(code)s in use.") % {"code": code})
    return found


def _duty(piece: selectors.Piece) -> DutyGrid | None:
    if piece.duty_grid_id is None:
        return None
    return DutyGrid.objects.get(pk=piece.duty_grid_id)


def _close(version: GridVersion, piece: selectors.Piece) -> list[str]:
    """Take a piece out of the draft; the published codes that it stood for."""
    if piece.is_new:
        edit = version.edits.get(code=piece.code, work=GridEdit.ADD)
        edit.delete()
        return list(edit.replaces)
    version.edits.create(
        work=GridEdit.RETIRE, code=piece.code, geometry=geojson.write(piece.form)
    )
    return [piece.code]


def _add(
    version: GridVersion,
    community: str,
    form: BaseGeometry,
    duty_grid: DutyGrid | None,
    replaces: Iterable[str],
) -> GridEdit:
    known = regions.find_division(community)
    if known is None or known.level != Level.COMMUNITY:
        text = _("There is no community %(code)s.") % {"code": community}
        raise DomainError(text, fields={"community": text})
    geometry = geojson.write(form)
    return version.edits.create(
        work=GridEdit.ADD,
        code=next_code(community),
        geometry=geometry,
        area=shapes.area_of(geometry),
        duty_grid=duty_grid,
        replaces=list(replaces),
    )


def _edits(version: GridVersion) -> tuple[list[GridEdit], list[str]]:
    edits = list(version.edits.all())
    adds = [edit for edit in edits if edit.work == GridEdit.ADD]
    return adds, [edit.code for edit in edits if edit.work == GridEdit.RETIRE]


def _valid_until(codes: list[str], day: Any) -> None:
    rows = UnitGrid.objects.filter(code__in=codes)
    rows.update(valid_to=day, updated_at=clock.now())


def _unit_grid(edit: GridEdit, today: Any) -> UnitGrid:
    lon, lat = geojson.centre(edit.geometry or {})
    return UnitGrid(
        code=edit.code,
        community_id=edit.code[:12],
        duty_grid_id=edit.duty_grid_id,
        geometry=edit.geometry,
        lon=lon,
        lat=lat,
        area=edit.area,
        valid_from=today,
    )


def _changed(version: GridVersion, by: Any, event: str) -> Any:
    transaction.on_commit(places.forget)
    audit.record(event, version, by=by, data={"number": version.number})
    title = f"{version}"
    return jobs.start(
        "basedata.regrid", by=by, title=title, params={"version": version.pk}
    )
