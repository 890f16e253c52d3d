"""Start, run, stop and repeat jobs."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import override

from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.notices import services as notices

from .enums import OPEN, STALE_SECONDS, JobState
from .models import Job
from .registry import kind
from .work import Cancelled, Work

log = logging.getLogger(__name__)
CHUNK = 1024 * 1024


@transaction.atomic
def start(
    code: str,
    *,
    by: Any,
    title: str = "",
    params: dict[str, Any] | None = None,
    upload: IO[bytes] | None = None,
) -> Job:
    """Put a job into the queue; `upload` is kept for it, however big."""
    job = Job(kind=code, by=by, params=params or {})
    job.title = (title or str(kind(code).label))[:200]
    if upload is not None:
        name = Path(str(getattr(upload, "name", "") or "input")).name
        job.input_name = get_valid_filename(name)[-150:]
        _keep(job, upload)
    job.save(force_insert=True)
    audit.record("job.started", job, by=by, data={"kind": code})
    transaction.on_commit(lambda: _send(job.pk))
    return job


def _keep(job: Job, upload: IO[bytes]) -> None:
    job.folder.mkdir(parents=True, exist_ok=True)
    upload.seek(0)
    with (job.folder / "input").open("wb") as target:
        shutil.copyfileobj(upload, target, CHUNK)


def _send(pk: int) -> None:
    from .tasks import run  # noqa: PLC0415  the task calls this module

    run.delay(pk)


def sweep() -> int:
    """Send out what waits or was left by a worker that died; how many."""
    dead = now() - timedelta(seconds=STALE_SECONDS)
    stuck = now() - timedelta(seconds=STALE_SECONDS / 6)
    lost = Q(state=JobState.RUNNING, seen_at__lt=dead)
    forgotten = Q(state=JobState.WAITING, created_at__lt=stuck)
    keys = list(Job.objects.filter(lost | forgotten).values_list("pk", flat=True)[:100])
    for key in keys:
        _send(key)
    return len(keys)


def run(pk: int) -> Job | None:
    """Do a job unless somebody else is at it; never raises."""
    job = _claim(pk)
    if job is None:
        return None
    language = getattr(job.by, "language", "") or settings.LANGUAGE_CODE
    with override(language):
        state, note = _do(Work(job))
        _end(job, state, note)
    return job


def _claim(pk: int) -> Job | None:
    moment = now()
    dead = moment - timedelta(seconds=STALE_SECONDS)
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, seen_at__lt=dead)
    mine = Job.objects.filter(free, pk=pk)
    if not mine.update(state=JobState.RUNNING, seen_at=moment):
        return None
    job = Job.objects.select_related("by").get(pk=pk)
    job.attempts += 1
    job.started_at = job.started_at or moment
    job.save(update_fields=["attempts", "started_at"])
    return job


def _do(work: Work) -> tuple[str, str]:
    try:
        kind(work.job.kind).run(work)
        work.flush()
    except Cancelled:
        return JobState.CANCELLED, _("Stopped on request.")
    except DomainError as error:
        return JobState.FAILED, str(error)
    except Exception:
        log.exception("job failed", extra={"job": str(work.job.uid)})
        text = _("Something went wrong inside the platform (%(job)s).")
        return JobState.FAILED, text % {"job": work.job.uid}
    return JobState.DONE, work.note


@transaction.atomic
def _end(job: Job, state: str, note: str) -> None:
    moment = now()
    job.refresh_from_db()
    job.state, job.note, job.ended_at, job.seen_at = state, note, moment, moment
    job.save()
    audit.record("job.ended", job, by=job.by, data={"state": state})
    if job.by is None:
        return
    label = JobState(state).label
    notices.notify(
        [job.by],
        kind="job",
        title=f"{job.title}: {label}",
        body=note,
        link=job.get_absolute_url(),
        level="warning" if state == JobState.FAILED else "info",
    )


@transaction.atomic
def cancel(job: Job, *, by: Any) -> None:
    """Ask a job to stop; what waits stops at once."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in OPEN:
        raise DomainError(_("This job has ended already."))
    job.cancel_asked = True
    if job.state == JobState.WAITING:
        job.state, job.ended_at = JobState.CANCELLED, now()
    job.save()
    audit.record("job.cancelled", job, by=by)


@transaction.atomic
def retry(job: Job, *, by: Any) -> Job:
    """Go on with a failed or stopped job where it stood."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise DomainError(_("Only a failed or stopped job can go on."))
    job.state, job.cancel_asked, job.ended_at = JobState.WAITING, False, None
    job.created_at = now()
    job.save()
    audit.record("job.retried", job, by=by)
    transaction.on_commit(lambda: _send(job.pk))
    return job
