"""Files of a census: read, checked, tried, imported; wrong ones are told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.components import counts, records
from municipal.command.basedata.imports import runner, services
from municipal.command.basedata.models import (
    BlockCount,
    ImportProfile,
    PastRevision,
)
from municipal.command.models import Component
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories.command import LAT, LON, STEP

from .census import code, done, hand_in, imported, line, reasons, table
from .conftest import COUNTY


@pytest.mark.function("CC-41", at="basedata:delivery-add")
def test_a_census_is_handed_in_mapped_tried_and_imported(client, city, keeper):
    client.force_login(keeper)
    rows = [line(1), line(2, ObjState="破损", DeptCode1=city.unit.code)]
    given = {
        "target": "components",
        "file": SimpleUploadedFile("普查.csv", table(rows)),
        "encoding": "auto",
        "coord_sys": "cgcs2000",
    }
    url = reverse("basedata:delivery-add")
    assert client.get(url).status_code == 200
    answer = client.post(url, given)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "铸铁" in page
    mapping = {
        "code": "ObjID",
        "x": "X",
        "y": "Y",
        "managing_unit": "DeptCode1",
        "status": "ObjState",
        "surveyed_on": "ORDate",
        "note": "Note",
        "extra": ["材质"],
    }
    wrong = client.post(answer.url, {**mapping, "code": ""})
    assert wrong.status_code == 422
    saved = client.post(answer.url, {**mapping, "profile": "市级普查"})
    assert saved.status_code == 302
    assert ImportProfile.objects.get().mapping["code"] == "ObjID"
    assert client.get(f"{answer.url}?use=市级普查").status_code == 200
    delivery = saved.url
    assert client.post(f"{delivery}import/").status_code == 422
    trial = client.post(f"{delivery}trial/")
    jobs.run(keeper_job().pk)
    assert "2" in client.get(trial.url).content.decode()
    assert not Component.objects.exists()
    client.post(f"{delivery}import/")
    jobs.run(keeper_job().pk)
    first, second = Component.objects.order_by("code")
    assert first.attributes == {"材质": "铸铁"}
    assert (second.status, second.managing_unit) == ("damaged", city.unit)
    assert first.grid_code == "370202001001001"
    assert client.get(delivery).status_code == 200
    assert client.get(reverse("basedata:delivery-list")).status_code == 200
    assert AuditEntry.objects.filter(type="delivery.imported").exists()


def keeper_job():
    return Job.objects.filter(state="waiting").latest("pk")


def test_the_same_file_twice_changes_nothing_and_says_so(keeper, city):
    rows = [line(serial) for serial in range(1, 6)]
    first = imported(keeper, rows)
    assert (first.done, first.skipped, first.failed) == (5, 0, 0)
    again = imported(keeper, rows)
    assert (again.done, again.skipped, again.failed) == (0, 5, 0)
    report = (again.folder / f"out-{runner.REPORT}").read_text("utf-8-sig")
    assert report.count("未变化") == 5
    assert not PastRevision.objects.exists()
    assert set(Component.objects.values_list("revision", flat=True)) == {1}


def test_what_differs_is_changed_and_its_past_is_kept(keeper, city):
    imported(keeper, [line(1, Note="旧"), line(2)])
    before = records.snapshot(Component.objects.get(code=code(1)))
    job = imported(keeper, [line(1, Note="新", 材质="塑料"), line(2), line(3)])
    assert (job.done, job.skipped) == (2, 1)
    row = Component.objects.get(code=code(1))
    assert (row.note, row.revision, row.attributes) == ("新", 2, {"材质": "塑料"})
    past = PastRevision.objects.get()
    assert past.values == before
    changes.roll_back(row, 1, by=keeper, reason="误改")
    row.refresh_from_db()
    assert (row.note, row.revision) == ("旧", 3)


def test_what_the_file_does_not_speak_of_stays(keeper, make):
    make(1, note="保留", status="lost", lon=LON + STEP / 2, lat=LAT + STEP / 2)
    heads = ["ObjID", "X", "Y"]
    rows = [{name: line(1)[name] for name in heads}]
    job = done(hand_in(keeper, table(rows, heads=heads)), keeper)
    assert job.done == 1
    row = Component.objects.get()
    assert (row.note, row.status) == ("保留", "lost")


def test_every_wrong_row_is_told_and_the_others_are_taken(keeper, city, make):
    make(90, status="removed", valid_to="2026-07-02")
    rows = [
        line(1),
        line(1),
        line(2, ObjID="3702020100100000x"),
        line(3, ObjID=f"{COUNTY}98765000003"),
        line(4, X="abc"),
        line(5, X=""),
        line(6, lon=10.0),
        line(7, lat=LAT + 0.08),
        line(8, DeptCode1="nobody"),
        line(9, ObjState="崭新"),
        line(10, ORDate="20261301"),
        line(11, Note="长" * 1001),
        line(12, ObjID=""),
        line(13, ORDate=""),
        line(90),
        line(14),
    ]
    job = imported(keeper, rows)
    assert (job.state, job.done, job.failed) == ("done", 2, 14)
    told = reasons(job)
    assert sorted(told) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
    assert "不止一次" in told[3]
    assert "16 位或 17 位" in told[4]
    assert "未知类别" in told[5]
    assert told[6] == told[7] == "这不是数字。"
    assert "市范围" in told[8]
    assert told[9] in {"该位置不在任何单元网格内。", told[8]}
    assert told[10] == "没有这个单位。"
    assert told[11] == "没有这种状态。"
    assert "YYYYMMDD" in told[12]
    assert "不再使用" in told[16]


def test_a_code_is_taken_once_across_chunks(keeper, city, monkeypatch):
    monkeypatch.setattr(runner, "CHUNK", 2)
    rows = [line(1), line(2), line(3), line(1), line(3), line(4)]
    job = imported(keeper, rows)
    assert (job.done, job.failed) == (4, 2)
    assert sorted(reasons(job)) == [5, 6]


def test_after_a_crash_it_goes_on_after_the_last_stored_chunk(
    keeper, city, monkeypatch
):
    monkeypatch.setattr(runner, "CHUNK", 2)
    rows = [line(serial) for serial in range(1, 8)]
    rows[5]["X"] = "?"
    delivery = hand_in(keeper, table([*rows, line(1)]))
    done(delivery, keeper, trial=True)
    delivery.refresh_from_db()
    job = services.start_import(delivery, by=keeper)
    take, calls = runner.Importer.take, []

    def crash(self, chunk):
        calls.append(chunk)
        if len(calls) == 3:
            raise RuntimeError("the machine stops")
        take(self, chunk)

    with monkeypatch.context() as broken:
        broken.setattr(runner.Importer, "take", crash)
        assert jobs.run(job.pk).state == "failed"
    assert Component.objects.count() == 4
    jobs.retry(job, by=keeper)
    job = jobs.run(job.pk)
    assert (job.state, job.done, job.failed) == ("done", 6, 2)
    assert Component.objects.count() == 6
    assert job.problems.count() == 2


def test_a_file_that_fits_nowhere_is_given_up_early(keeper, city, monkeypatch):
    monkeypatch.setattr(runner, "CHUNK", 2)
    monkeypatch.setattr(runner, "HOPELESS", 4)
    job = imported(keeper, [line(1)])
    assert job.state == "done"
    delivery = hand_in(keeper, table([line(n, lon=10.0) for n in range(2, 12)]))
    job = done(delivery, keeper, trial=True)
    assert job.state == "failed"
    assert job.failed == 4


def test_rows_with_too_many_or_too_few_values_are_told(keeper, city):
    content = table([line(1), line(2)]) + b"1,2,3\n"
    job = done(hand_in(keeper, content), keeper)
    assert (job.done, job.failed) == (2, 1)
    assert "8" in reasons(job)[4]


def test_an_import_waits_for_a_trial_with_the_same_columns(keeper, city):
    delivery = hand_in(keeper, table([line(1)]))
    with pytest.raises(DomainError):
        services.start_import(delivery, by=keeper)
    done(delivery, keeper, trial=True)
    delivery.refresh_from_db()
    changed = {**delivery.mapping, "note": ""}
    services.map_columns(delivery, changed, by=keeper)
    with pytest.raises(DomainError):
        services.start_import(delivery, by=keeper)


def test_only_who_may_imports(client, inspector, keeper, city):
    delivery = hand_in(keeper, table([line(1)]))
    client.force_login(inspector)
    assert client.get(reverse("basedata:delivery-list")).status_code == 403
    assert client.get(delivery.get_absolute_url()).status_code == 403


def test_the_counts_are_right_after_an_import(keeper, city):
    imported(
        keeper, [line(serial, lon=LON + serial * 0.0003) for serial in range(1, 9)]
    )
    total = BlockCount.objects.filter(level=8, class_code="")
    assert sum(total.values_list("rows", flat=True)) == 8
    row = Component.objects.first()
    kept = list(
        BlockCount.objects.order_by("level", "block", "class_code").values_list("rows")
    )
    counts.change([row], sign=-1)
    counts.change([row])
    assert kept == list(
        BlockCount.objects.order_by("level", "block", "class_code").values_list("rows")
    )
