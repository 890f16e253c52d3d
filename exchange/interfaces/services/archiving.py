"""Older revisions leave the database for a file, and come back from it.

The file is whole before its rows are deleted, and both are written down in one
transaction: a crash leaves a file too many, never a row too few.
"""

import gzip
import hashlib
import json
import os
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.interfaces.enums import CHUNK, ArchiveState
from exchange.interfaces.models import Archive, Row, Table
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.jobs.work import Work

from .writing import NAMES

KIND, RESTORE = "interfaces.archive", "interfaces.restore"
# Rows of one file.
FILE = 50_000
# So long rows that were brought back stay before they go again by themselves.
STAY = timedelta(days=30)
FACTS = [name for name in NAMES if name not in ("landed_at", "table_id")]


def over(table: Table) -> QuerySet[Row]:
    """Older revisions and withdrawn records that are kept no longer."""
    if not table.history_days:
        return Row.objects.none()
    limit = now() - timedelta(days=table.history_days)
    past = Q(current=False) | Q(withdrawn=True)
    return Row.objects.filter(past, table=table, landed_at__lt=limit)


def start_due() -> int:
    """Have archived what is kept no longer; how many tables."""
    tables = [one for one in Table.objects.exclude(history_days=None) if _ripe(one)]
    for table in tables:
        start(table=table, by=None)
    return len(tables)


def _ripe(table: Table) -> bool:
    wanted = table.archives.filter(restored_at__gt=now() - STAY).exists()
    return not wanted and over(table).exists() and not _open_job(table)


def _open_job(table: Table) -> bool:
    jobs_of = Job.objects.filter(kind=KIND, params__table=table.code)
    return any(job.is_open for job in jobs_of.order_by("-pk")[:3])


@transaction.atomic
def start(*, table: Table, by: Any) -> Job:
    """Have the rows archived that a table keeps no longer, in the background."""
    if not table.history_days:
        raise DomainError(_("Say first how long older revisions are kept."))
    if _open_job(table):
        raise Conflict(_("This table is being archived already."))
    title = _("Archive of %(table)s") % {"table": table}
    job = jobs.start(KIND, by=by, title=title, params={"table": table.code})
    audit.record("interfaces.archive_begun", table, by=by)
    return job


def archive(table: Table, work: Work) -> None:
    """Write file after file until nothing is left that is kept no longer."""
    _forget_halves(table)
    work.expect(over(table).count())
    while count := _one_file(table, work.by):
        work.advance(count, checkpoint={"files": work.checkpoint.get("files", 0) + 1})


def _one_file(table: Table, by: Any) -> int:
    rows = list(over(table).order_by("pk")[:FILE])
    if not rows:
        return 0
    name = f"{table.code}-{rows[0].pk}-{rows[-1].pk}.jsonl.gz"
    # Rows that were brought back go into their own file again.
    made = Archive.objects.filter(name=name).first() or Archive(table=table, name=name)
    made.state, made.rows, made.made_at = ArchiveState.KEPT, len(rows), now()
    made.first_at = min(row.landed_at for row in rows)
    made.last_at = max(row.landed_at for row in rows)
    _write(made.path, rows)
    made.size, made.sha256 = made.path.stat().st_size, digest(made.path)
    _settle(made, [row.pk for row in rows], by)
    return len(rows)


def _write(path: Path, rows: list[Row]) -> None:
    """The file, on the disk for good under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("wb") as raw:
        # No time in the head: the same rows give the same file.
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            for row in rows:
                packed.write(_line(row).encode())
        raw.flush()
        os.fsync(raw.fileno())
    draft.replace(path)


def _line(row: Row) -> str:
    facts = {name: getattr(row, name) for name in FACTS}
    facts |= {"id": row.pk, "uid": str(row.uid), "landed_at": row.landed_at.isoformat()}
    return json.dumps(facts, ensure_ascii=False) + "\n"


@transaction.atomic
def _settle(made: Archive, keys: list[int], by: Any) -> None:
    made.save()
    for start in range(0, len(keys), CHUNK):
        Row.objects.filter(pk__in=keys[start : start + CHUNK]).delete()
    data = {"rows": made.rows, "file": made.name, "sha256": made.sha256}
    audit.record("interfaces.archived", made, by=by, data=data)


def _forget_halves(table: Table) -> None:
    """Files of a run that broke off before their rows were deleted."""
    folder = Path(settings.ARCHIVE_ROOT)
    known = set(Archive.objects.filter(table=table).values_list("name", flat=True))
    for path in folder.glob(f"{table.code}-[0-9]*-[0-9]*.*"):
        if path.name not in known:
            path.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@transaction.atomic
def start_restore(*, archive: Archive, by: Any) -> Job:
    """Have the rows of a file brought back as history."""
    if archive.state != ArchiveState.KEPT:
        raise Conflict(_("These rows are back in the database already."))
    title = _("Rows back from %(file)s") % {"file": archive.name}
    job = jobs.start(RESTORE, by=by, title=title, params={"archive": str(archive.uid)})
    audit.record("interfaces.restore_begun", archive, by=by)
    return job


def restore(archive: Archive, work: Work) -> None:
    """Bring rows back; those that are there already stay.

    They are history: after a month, or when somebody says so, they go again.
    """
    check(archive)
    work.expect(archive.rows)
    done = int(work.checkpoint.get("rows", 0))
    with gzip.open(archive.path, "rt", encoding="utf-8") as stream:
        lines = islice(stream, done, None)
        while chunk := list(islice(lines, CHUNK)):
            _put(archive.table, [json.loads(line) for line in chunk])
            done += len(chunk)
            work.advance(len(chunk), checkpoint={"rows": done})
    _restored(archive, work.by)


def check(archive: Archive) -> None:
    """DomainError unless the file is the one that was written."""
    try:
        proper = digest(archive.path) == archive.sha256
    except FileNotFoundError:
        proper = False
    if not proper:
        raise DomainError(_("The file is not the one that was archived."))


@transaction.atomic
def _put(table: Table, facts: list[dict[str, Any]]) -> None:
    keys, uids = [one["id"] for one in facts], [one["uid"] for one in facts]
    there = set(Row.objects.filter(pk__in=keys).values_list("pk", flat=True))
    newest = Row.objects.filter(table=table, uid__in=uids, current=True)
    # A withdrawn record may have come again since.
    again = {str(uid) for uid in newest.values_list("uid", flat=True)}
    Row.objects.bulk_create(
        _row(table, one, current=one["current"] and one["uid"] not in again)
        for one in facts
        if one["id"] not in there
    )


def _row(table: Table, facts: dict[str, Any], *, current: bool) -> Row:
    landed_at = parse_datetime(facts["landed_at"])
    return Row(**facts | {"table": table, "landed_at": landed_at, "current": current})


@transaction.atomic
def _restored(archive: Archive, by: Any) -> None:
    archive.state, archive.restored_at = ArchiveState.RESTORED, now()
    archive.save(update_fields=["state", "restored_at"])
    audit.record("interfaces.restored", archive, by=by, data={"rows": archive.rows})
