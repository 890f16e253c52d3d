"""Older revisions leave the database for a file, and come back from it."""

import gzip
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.interfaces import selectors
from exchange.interfaces.models import Archive, Row
from exchange.interfaces.services import archiving, land
from exchange.interfaces.tasks import retain
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def table(settings, tmp_path):
    settings.ARCHIVE_ROOT = tmp_path
    return TableFactory(code="t_old", history_days=30)


@pytest.fixture
def admin(client):
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user


@pytest.fixture
def history(table):
    """Three revisions of two records, the first two sixty days old."""
    for age, title in ((60, "甲"), (59, "乙"), (1, "丙")):
        with clock.at(clock.now() - age * DAY):
            rows = [{"task_no": f"R{n}", "title": f"{title}{n}"} for n in (1, 2)]
            land(table=table, rows=rows, source="a", key=title)
    return set(Row.objects.values_list("pk", "revision", "landed_at"))


@pytest.fixture
def archived(table, history, admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start(table=table, by=admin)
    return Archive.objects.get()


@pytest.mark.function("DA-05", at="interfaces:archive-now")
def test_only_older_revisions_beyond_their_days_go(table, archived):
    assert Row.objects.count() == 2
    assert {row.content["title"] for row in selectors.rows(table)} == {"丙1", "丙2"}
    assert (archived.rows, archived.state) == (4, "kept")
    assert archived.first_at < archived.last_at
    text = gzip.decompress(archived.path.read_bytes()).decode()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [one["content"]["title"] for one in lines] == ["甲1", "甲2", "乙1", "乙2"]
    assert AuditEntry.objects.filter(type="interfaces.archived").count() == 1


def test_they_come_back_as_they_were_and_go_again(
    table, history, archived, admin, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start_restore(archive=archived, by=admin)
    assert set(Row.objects.values_list("pk", "revision", "landed_at")) == history
    assert selectors.rows(table).count() == 2
    archived.refresh_from_db()
    assert archived.state == "restored"
    with pytest.raises(Conflict):
        archiving.start_restore(archive=archived, by=admin)
    with django_capture_on_commit_callbacks(execute=True):
        assert archiving.start_due() == 0
        with clock.at(clock.now() + 31 * DAY):
            assert archiving.start_due() == 1
    assert Row.objects.count() == 2
    archived.refresh_from_db()
    assert (archived.state, archived.rows) == ("kept", 4)
    archiving.check(archived)


def test_a_withdrawn_record_comes_back_beside_its_newer_revision(
    table, admin, django_capture_on_commit_callbacks
):
    with clock.at(clock.now() - 60 * DAY):
        land(table=table, rows=[{"task_no": "R1", "title": "x"}], source="a", key="1")
    Row.objects.update(withdrawn=True)
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start(table=table, by=admin)
    assert not Row.objects.exists()
    land(table=table, rows=[{"task_no": "R1", "title": "new"}], source="a", key="2")
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start_restore(archive=Archive.objects.get(), by=admin)
    assert Row.objects.count() == 2
    assert selectors.rows(table).get().content["title"] == "new"


def test_a_broken_file_brings_nothing_back(
    archived, admin, client, django_capture_on_commit_callbacks
):
    archived.path.write_bytes(b"other")
    with django_capture_on_commit_callbacks(execute=True):
        job = archiving.start_restore(archive=archived, by=admin)
    job.refresh_from_db()
    assert job.state == "failed"
    assert Row.objects.count() == 2
    archived.path.unlink()
    with pytest.raises(DomainError):
        archiving.check(archived)
    url = reverse("interfaces:archive-file", args=[archived.uid])
    assert client.get(url).status_code == 404


def test_what_broke_off_before_the_rows_went_leaves_no_file(
    table, history, admin, monkeypatch, django_capture_on_commit_callbacks
):
    settle = archiving._settle

    def die(*args):
        raise DomainError("power cut")

    monkeypatch.setattr(archiving, "_settle", die)
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start(table=table, by=admin)
    assert Row.objects.count() == 6
    assert not Archive.objects.exists()
    (left,) = archiving.Path(archiving.settings.ARCHIVE_ROOT).iterdir()
    renamed = left.with_name("t_old-1-2.jsonl.gz")
    left.rename(renamed)
    monkeypatch.setattr(archiving, "_settle", settle)
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start(table=table, by=admin)
    assert Row.objects.count() == 2
    names = [path.name for path in renamed.parent.iterdir()]
    assert names == [Archive.objects.get().name]


def test_many_rows_become_several_files(
    table, history, admin, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(archiving, "FILE", 3)
    with django_capture_on_commit_callbacks(execute=True):
        archiving.start(table=table, by=admin)
    assert list(Archive.objects.order_by("pk").values_list("rows", flat=True)) == [3, 1]


def test_every_night_what_is_ripe_goes_once(
    table, history, django_capture_on_commit_callbacks
):
    TableFactory(code="t_for_ever")
    with django_capture_on_commit_callbacks():
        retain()
        retain()
    assert Job.objects.filter(kind="interfaces.archive").count() == 1


def test_a_table_kept_for_ever_is_not_archived(admin):
    with pytest.raises(DomainError):
        archiving.start(table=TableFactory(code="t_for_ever"), by=admin)


@pytest.mark.function("DA-05", at="interfaces:archive-list")
def test_the_pages_of_the_archive(client, archived, table):
    url = reverse("interfaces:archive-list")
    assert archived.name in client.get(url, {"table": table.pk}).content.decode()
    assert archived.name.encode() in client.get(url, {"export": "csv"}).getvalue()
    page = client.get(archived.get_absolute_url()).content.decode()
    assert archived.sha256 in page
    file = client.get(reverse("interfaces:archive-file", args=[archived.uid]))
    assert gzip.decompress(file.getvalue()).count(b"\n") == 4
    assert AuditEntry.objects.filter(type="interfaces.archive_downloaded").exists()
    answer = client.post(reverse("interfaces:restore", args=[archived.uid]))
    assert answer.status_code == 302
    now = reverse("interfaces:archive-now", args=[table.code])
    assert "0" in client.get(now).content.decode()
    form = {"subset": "service", "name": "旧", "direction": "up", "history_days": 90}
    client.post(reverse("interfaces:table-change", args=[table.code]), form)
    table.refresh_from_db()
    assert table.history_days == 90


def test_who_has_no_right_sees_no_archive(client, archived):
    client.force_login(UserFactory(roles=["bureau_leader"]))
    for name in ("archive", "archive-file", "restore"):
        url = reverse(f"interfaces:{name}", args=[archived.uid])
        assert client.get(url).status_code == 403
