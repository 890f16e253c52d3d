"""Long work: progress, problems, resuming, stopping, and who may see it."""

import io
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from platform_core.accounts.models import User
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.jobs import registry, services
from platform_core.jobs.enums import STALE_SECONDS
from platform_core.jobs.models import Job
from platform_core.jobs.work import Work
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ROWS = 10
CHUNK = 3


class Breakdown(Exception):
    """What happens to a worker in the middle of its work."""


class Copier:
    """Doubles numbers chunk by chunk; breaks where it is told to."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.breaks_at: int | None = None
        self.stops_at: int | None = None

    def __call__(self, work: Work) -> None:
        work.expect(ROWS)
        for start in range(work.checkpoint.get("next", 0), ROWS, CHUNK):
            rows = range(start, min(start + CHUNK, ROWS))
            with transaction.atomic():
                if self.breaks_at in rows:
                    raise Breakdown
                if self.stops_at in rows:
                    Job.objects.filter(pk=work.job.pk).update(cancel_asked=True)
                odd = [row for row in rows if row == 7]
                for row in odd:
                    work.problem(row, "seven is not wanted", field="n", value=row)
                work.advance(
                    len(rows) - len(odd),
                    failed=len(odd),
                    checkpoint={"next": start + CHUNK},
                )
            self.seen += rows
        work.output("数字 2026.csv", "Numbers").write_text("1;2", encoding="utf-8")
        work.note = "copied"


@pytest.fixture
def copier(monkeypatch, settings, tmp_path) -> Copier:
    settings.FILES_ROOT = tmp_path
    made = Copier()
    monkeypatch.setitem(
        registry._kinds, "test.copy", registry.Kind("test.copy", "Copy", made)
    )
    return made


@pytest.fixture
def owner() -> User:
    return UserFactory()


def begun(owner: User, **more) -> Job:
    return services.start("test.copy", by=owner, title="Numbers", **more)


def test_a_job_counts_and_tells_its_owner(copier, owner):
    job = services.run(begun(owner).pk)
    job.refresh_from_db()
    assert (job.state, job.total, job.done, job.failed) == ("done", 10, 9, 1)
    assert (job.percent, job.note, job.attempts) == (100, "copied", 1)
    assert Notice.objects.get(recipient=owner).link == job.get_absolute_url()
    types = AuditEntry.objects.filter(object_label="Numbers").order_by("pk")
    assert list(types.values_list("type", flat=True)) == ["job.started", "job.ended"]


def test_a_broken_job_goes_on_where_it_stood(copier, owner):
    copier.breaks_at = 5
    job = services.run(begun(owner).pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.checkpoint) == ("failed", 3, {"next": 3})
    copier.breaks_at = None
    services.retry(job, by=owner)
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, job.attempts) == ("done", 9, 1, 2)
    assert copier.seen == list(range(ROWS))
    assert job.problems.count() == 1


def test_a_job_of_a_dead_worker_is_taken_over(copier, owner, monkeypatch):
    job = begun(owner)
    moment = clock.now()
    Job.objects.filter(pk=job.pk).update(state="running", seen_at=moment)
    sent: list[int] = []
    monkeypatch.setattr(services, "_send", sent.append)
    assert services.sweep() == 0
    assert services.run(job.pk) is None
    with clock.at(moment + timedelta(seconds=STALE_SECONDS + 1)):
        assert services.sweep() == 1
        assert services.run(job.pk) is not None
    assert sent == [job.pk]
    assert Job.objects.get(pk=job.pk).state == "done"


def test_a_job_runs_once_however_often_it_is_sent(copier, owner):
    job = begun(owner)
    assert services.run(job.pk) is not None
    assert services.run(job.pk) is None
    assert len(copier.seen) == ROWS


def test_stopping_keeps_what_was_done(copier, owner):
    copier.stops_at = 4
    job = services.run(begun(owner).pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 3)
    with pytest.raises(DomainError):
        services.cancel(job, by=owner)


def test_a_waiting_job_stops_at_once(copier, owner):
    job = begun(owner)
    services.cancel(job, by=owner)
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    assert services.run(job.pk) is None


def test_an_ended_job_does_not_go_on(copier, owner):
    job = services.run(begun(owner).pk)
    with pytest.raises(DomainError):
        services.retry(job, by=owner)


def test_an_upload_is_kept_whole_under_a_harmless_name(copier, owner):
    upload = io.BytesIO(b"x" * 3_000_000)
    upload.name = "../../普查 表.csv"
    job = begun(owner, upload=upload)
    assert job.input_name == "普查_表.csv"
    assert job.input_path.stat().st_size == 3_000_000


def test_a_refusal_is_said_in_words(monkeypatch, owner, copier):
    def refuse(work: Work) -> None:
        raise DomainError("不行")

    kind = registry.Kind("test.copy", "Copy", refuse)
    monkeypatch.setitem(registry._kinds, "test.copy", kind)
    job = services.run(begun(owner).pk)
    job.refresh_from_db()
    assert (job.state, job.note) == ("failed", "不行")


def test_the_page_shows_progress_problems_and_files(copier, owner, client):
    job = services.run(begun(owner).pk)
    client.force_login(owner)
    text = client.get(job.get_absolute_url()).content.decode()
    assert f'href="{reverse("jobs:list")}"' in text
    assert "jobs:list" not in text
    assert "seven is not wanted" in text
    assert reverse("jobs:output", args=[job.uid, "数字_2026.csv"]) in text
    page = client.get(reverse("jobs:list"))
    assert "Numbers" in page.content.decode()
    problems = client.get(reverse("jobs:problems", args=[job.uid]))
    assert b"seven is not wanted" in b"".join(problems.streaming_content)
    made = client.get(reverse("jobs:output", args=[job.uid, "数字_2026.csv"]))
    assert b"".join(made.streaming_content) == b"1;2"


@pytest.mark.parametrize("name", ["detail", "problems", "cancel", "retry"])
def test_jobs_of_others_do_not_exist(copier, owner, client, name):
    job = services.run(begun(owner).pk)
    client.force_login(UserFactory())
    found = client.get(reverse(f"jobs:{name}", args=[job.uid]))
    assert found.status_code == 404


def test_only_files_of_the_job_are_handed_out(copier, owner, client):
    job = services.run(begun(owner).pk)
    (job.folder / "out-secret").write_text("x", encoding="utf-8")
    client.force_login(owner)
    address = reverse("jobs:output", args=[job.uid, "secret"])
    assert client.get(address).status_code == 404


def test_the_buttons_stop_and_go_on(copier, owner, client):
    job = begun(owner)
    client.force_login(owner)
    client.post(reverse("jobs:cancel", args=[job.uid]))
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    client.post(reverse("jobs:retry", args=[job.uid]))
    assert Job.objects.get(pk=job.pk).state == "waiting"


def test_two_functions_cannot_share_a_kind(copier):
    with pytest.raises(ValueError, match="registered twice"):
        registry.job("test.copy", "Copy")(lambda work: None)
    assert registry.kind("test.copy").run is copier
    assert registry.kind("test.copy") in registry.kinds()
