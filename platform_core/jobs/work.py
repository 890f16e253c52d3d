"""A job while it is being done: counts, problems, files, the place to go on."""

from pathlib import Path
from time import monotonic
from typing import Any

from django.db.models import F
from django.utils.text import get_valid_filename

from platform_core.common.clock import now

from .models import Job, JobProblem

WRITE_SECONDS = 1.0
PROBLEM_BATCH = 500


class Cancelled(Exception):
    """Somebody asked to stop."""


class Work:
    """What a runner is given.

    Do the rows in chunks, each in a transaction that ends with `advance(...,
    checkpoint={...})`: after a crash the runner is called again with the last
    checkpoint, so no row is done twice and none is left out.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.by = job.by
        self.input: Path | None = job.input_path
        self.checkpoint: dict[str, Any] = job.checkpoint
        self.note = ""
        self._counted = {"done": 0, "skipped": 0, "failed": 0}
        self._problems: list[JobProblem] = []
        self._written = monotonic()

    def expect(self, total: int) -> None:
        """Say how many rows there are."""
        Job.objects.filter(pk=self.job.pk).update(total=total)

    def advance(
        self,
        done: int = 0,
        *,
        skipped: int = 0,
        failed: int = 0,
        checkpoint: dict[str, Any] | None = None,
    ) -> None:
        """Count rows; with a checkpoint at once, else about once a second."""
        self._counted["done"] += done
        self._counted["skipped"] += skipped
        self._counted["failed"] += failed
        if checkpoint is not None:
            self.checkpoint = checkpoint
        if checkpoint is not None or monotonic() - self._written > WRITE_SECONDS:
            self.flush()

    def problem(
        self, row: int | None, reason: str, *, field: str = "", value: object = ""
    ) -> None:
        """Note why a row was not taken; count it with `advance(failed=1)`."""
        self._problems.append(
            JobProblem(
                job=self.job,
                row=row,
                field=field[:60],
                value=str(value)[:200],
                reason=str(reason)[:300],
            )
        )
        if len(self._problems) >= PROBLEM_BATCH:
            self._write_problems()

    def output(self, name: str, label: str = "") -> Path:
        """A file for people to download; write it, it is kept with the job."""
        plain = get_valid_filename(name)
        self.job.folder.mkdir(parents=True, exist_ok=True)
        kept = [each for each in self.job.outputs if each["name"] != plain]
        self.job.outputs = [*kept, {"name": plain, "label": label or plain}]
        self.job.save(update_fields=["outputs"])
        return self.job.folder / f"out-{plain}"

    def flush(self) -> None:
        """Write counts, problems and checkpoint; stop if somebody asked to."""
        self._write_problems()
        mine = Job.objects.filter(pk=self.job.pk)
        mine.update(
            seen_at=now(),
            checkpoint=self.checkpoint,
            **{name: F(name) + count for name, count in self._counted.items()},
        )
        self._counted = dict.fromkeys(self._counted, 0)
        self._written = monotonic()
        if mine.filter(cancel_asked=True).exists():
            raise Cancelled

    def _write_problems(self) -> None:
        JobProblem.objects.bulk_create(self._problems)
        self._problems = []
