"""Long work on grids: what lies in changed grids follows them; imports."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places
from municipal.command.basedata.models import GridVersion
from municipal.command.enums import OPEN
from municipal.command.models import Case, Component, DutyGrid
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from . import services

CHUNK = 500
HEADS = ("kind", "number", "old", "new")


@job("basedata.regrid", gettext_lazy("Assign cases and components to changed grids"))
def regrid(work: Work) -> None:
    """Give open cases and components the codes of the grids they now lie in.

    Closed cases keep theirs. The report lists each change.
    """
    places.forget()
    version = GridVersion.objects.get(pk=work.params["version"])
    codes = set(version.edits.values_list("code", flat=True))
    lies = Q(grid_code__in=codes) | Q(grid_code="")
    cases = Case.objects.filter(lies, state__in=OPEN)
    components = Component.objects.filter(lies)
    work.expect(cases.count() + components.count())
    path = work.output("regrid.csv", str(_("Changed assignments")))
    first = not work.checkpoint
    with path.open("w" if first else "a", encoding="utf-8-sig", newline="") as stream:
        report = csv.writer(stream)
        if first:
            report.writerow(HEADS)
        for kind, rows in (("case", cases), ("component", components)):
            for changed in _follow(work, kind, rows):
                report.writerows(changed)
    data = {"version": version.number}
    audit.record("grids.assigned", version, by=work.by, data=data)


def _follow(work: Work, kind: str, rows: Any) -> Iterator[list[Any]]:
    """Chunks of rows that got another code; each chunk is one transaction."""
    last = int(work.checkpoint.get(kind, 0))
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        with transaction.atomic():
            changed = [moved for row in chunk if (moved := _moved(kind, row))]
            work.advance(
                len(changed),
                skipped=len(chunk) - len(changed),
                checkpoint={**work.checkpoint, kind: last},
            )
        yield changed


def _moved(kind: str, row: Any) -> tuple[str, str, str, str] | None:
    try:
        place = places.locate(row.lon, row.lat)
    except DomainError:
        return None
    if place.grid_code == row.grid_code:
        return None
    old, row.grid_code = row.grid_code, place.grid_code
    values: dict[str, Any] = {"grid_code": place.grid_code}
    if kind == "case":
        values |= {
            "duty_grid_id": place.duty_grid_id,
            "division_code": place.division_code,
            "street_code": place.street_code,
            "community_code": place.community_code,
        }
    type(row).objects.filter(pk=row.pk).update(**values)
    return kind, row.number if kind == "case" else row.code, old, place.grid_code


@job("basedata.import_grids", gettext_lazy("Import unit grids"))
def take_in(work: Work) -> None:
    """Draw the polygons of a GeoJSON file into a draft."""
    assert work.input is not None
    version = GridVersion.objects.get(pk=work.params["version"])
    features = read_features(work.input.read_bytes())
    work.expect(len(features))
    done = int(work.checkpoint.get("row", 0))
    for number, feature in enumerate(features, 1):
        if number <= done:
            continue
        try:
            with transaction.atomic():
                _take_in(version, work.by, feature)
                work.advance(1, checkpoint={"row": number})
        except DomainError as error:
            work.problem(number, str(error.message))
            work.advance(failed=1, checkpoint={"row": number})


def _take_in(version: GridVersion, by: Any, feature: Any) -> None:
    values = feature.get("properties") or {}
    given = str(values.get("community") or values.get("BGID") or "")[:12]
    duty = DutyGrid.objects.filter(code=str(values.get("duty_grid", ""))).first()
    services.add_grid(
        version=version,
        by=by,
        community=given,
        geometry=feature.get("geometry"),
        duty_grid=duty,
    )


def read_features(data: bytes) -> list[dict[str, Any]]:
    """The features of a GeoJSON file; DomainError for anything else."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
        features = found["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise DomainError(_("The file is not a GeoJSON feature collection.")) from error
    if not isinstance(features, list):
        raise DomainError(_("The file is not a GeoJSON feature collection."))
    return [row for row in features if isinstance(row, dict)]
