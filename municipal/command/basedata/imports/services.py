"""Hand a file in, say what its columns are, try it, import it."""

import shutil
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from municipal.command.basedata.enums import Format
from municipal.command.basedata.models import (
    CoordinateSystem,
    Delivery,
    ImportProfile,
)
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.geo import systems
from platform_core.jobs import services as jobs
from platform_core.jobs.enums import JobState
from platform_core.jobs.models import Job

from . import archive, fields, positions, runner, sources, targets

MOST_BYTES = 2 * 2**30
BLOCK = 2**20
SUFFIXES = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".zip": Format.SHAPEFILE,
}


def receive(
    upload: IO[bytes],
    *,
    target: str,
    encoding: str,
    coord_sys: str,
    by: User,
) -> Delivery:
    """Keep a file and look into it; DomainError where it cannot be read."""
    name = Path(str(getattr(upload, "name", "") or "input")).name
    form = SUFFIXES.get(Path(name).suffix.lower())
    if form is None:
        raise DomainError(
            _("Only CSV, GeoJSON and zipped Shapefiles can be imported."),
            code="file_type",
            fields={"file": _("Unknown kind of file.")},
        )
    made = Delivery(
        name=get_valid_filename(name)[-150:],
        target=target,
        format=form,
        encoding=encoding,
        coord_sys=coord_sys,
        by=by,
    )
    try:
        _keep(upload, made)
        _look_into(made)
        with transaction.atomic():
            made.save(force_insert=True)
            audit.record("delivery.received", made, by=by)
    except DomainError:
        shutil.rmtree(made.folder, ignore_errors=True)
        raise
    return made


def _keep(upload: IO[bytes], made: Delivery) -> None:
    made.folder.mkdir(parents=True, exist_ok=True)
    upload.seek(0)
    written = 0
    with made.path.open("wb") as target:
        while block := upload.read(BLOCK):
            written += len(block)
            if written > MOST_BYTES:
                size = MOST_BYTES // 2**30
                raise DomainError(
                    _("The file is larger than %(size)d GB.") % {"size": size},
                    code="file_size",
                )
            target.write(block)
    if made.format == Format.SHAPEFILE:
        archive.unpack(made.path, made.folder)


def _look_into(made: Delivery) -> None:
    source = runner.source_of(made)
    positions.reader(made.coord_sys, source.coord_sys)
    made.columns = source.columns()
    made.sample = sources.sample(source)
    made.mapping = fields.guess(targets.fields_of(made.target), made.columns)


@transaction.atomic
def map_columns(
    delivery: Delivery, mapping: dict[str, Any], *, by: User, profile: str = ""
) -> Delivery:
    """Say which column is which field, and remember it under a name."""
    known = targets.fields_of(delivery.target)
    given = {name: value for name, value in mapping.items() if value}
    has_geometry = delivery.format != Format.CSV
    fields.check(known, given, delivery.columns, has_geometry=has_geometry)
    if given != delivery.mapping:
        delivery.trial = None
    delivery.mapping = given
    delivery.touch()
    delivery.save()
    if profile:
        ImportProfile.objects.update_or_create(
            name=profile, defaults={"target": delivery.target, "mapping": given}
        )
    audit.record("delivery.mapped", delivery, by=by)
    return delivery


@transaction.atomic
def start_trial(delivery: Delivery, *, by: User) -> Job:
    """Read everything, store nothing, tell what would happen."""
    delivery.trial = _start(delivery, by, trial=True)
    delivery.save(update_fields=["trial"])
    return delivery.trial


@transaction.atomic
def start_import(delivery: Delivery, *, by: User) -> Job:
    """Store the rows, once a trial with the same columns has ended."""
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.trial is None or row.trial.state != JobState.DONE:
        raise DomainError(_("Let a trial end first."))
    if row.run is not None and row.run.is_open:
        raise DomainError(_("The import is under way already."))
    row.run = _start(row, by, trial=False)
    row.save(update_fields=["run"])
    return row.run


def _start(delivery: Delivery, by: User, *, trial: bool) -> Job:
    title = _("Trial: %(name)s") if trial else _("Import: %(name)s")
    return jobs.start(
        runner.KIND,
        by=by,
        title=title % {"name": delivery.name},
        params={"delivery": str(delivery.uid), "trial": trial},
    )


@transaction.atomic
def save_system(*, code: str, name: str, definition: str, by: User) -> CoordinateSystem:
    """Keep a local coordinate system; DomainError where PROJ refuses it."""
    try:
        systems.check(definition)
    except systems.UnknownSystem as error:
        message = _("The coordinate system is not understood.")
        raise DomainError(message, fields={"definition": message}) from error
    row, _made = CoordinateSystem.objects.update_or_create(
        code=code, defaults={"name": name, "definition": definition}
    )
    audit.record("delivery.system_saved", row, by=by)
    return row
