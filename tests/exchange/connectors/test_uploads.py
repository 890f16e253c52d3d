"""Rows of a table brought as a file: tried, then taken, wrong ones given back."""

import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from exchange.connectors.services import uploads
from exchange.interfaces.models import Batch, Row
from platform_core.audit.models import AuditEntry
from platform_core.jobs.models import Job
from tests.factories.accounts import UserFactory

LINES = "编号,名称,数量\nP1,干管,3\n,支管,4\nP3,支管,很多\nP4,=1+1,5\n"


@pytest.fixture
def page(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def bring(page, table, django_capture_on_commit_callbacks):
    """Bring a file on its page; the job it becomes."""

    def do(content, name="a.csv", **form):
        data = content.encode() if isinstance(content, str) else content
        facts = {"table": table.pk, "source": "水务局"} | form
        with django_capture_on_commit_callbacks(execute=True):
            facts["file"] = SimpleUploadedFile(name, data)
            answer = page.post(reverse("connectors:upload"), facts)
        assert answer.status_code == 302, answer.content.decode()
        return Job.objects.latest("pk")

    return do


@pytest.mark.function("DX-05", at="connectors:upload")
def test_good_rows_land_and_wrong_ones_come_back_with_their_reason(bring, landed, page):
    job = bring(LINES)
    assert (job.state, job.done, job.failed) == ("done", 2, 2)
    assert set(landed()) == {"P1", "P4"}
    problems = [(one.row, one.field) for one in job.problems.all()]
    assert problems == [(3, "code"), (4, "count")]
    assert job.problems.get(row=4).value == "很多"
    batch = Batch.objects.get()
    assert (batch.source, batch.kind, batch.count) == ("水务局", "file", 2)
    (made,) = job.outputs
    back = (job.folder / f"out-{made['name']}").read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in back.splitlines()] == ["编号", "", "P3"]
    assert "P3" in page.get(job.get_absolute_url()).content.decode() or made
    assert AuditEntry.objects.filter(type="connector.file_brought").exists()


def test_a_trial_reads_twenty_rows_and_keeps_nothing(bring):
    many = "编号,名称\n" + "".join(f"P{n},干管\n" for n in range(30)) + ",x\n"
    job = bring(many, trial="on")
    assert (job.state, job.done, job.failed) == ("done", 20, 0)
    assert not Row.objects.exists()
    assert "20" in job.note


def test_the_same_file_again_is_the_same_batch(bring):
    bring(LINES)
    job = bring(LINES)
    assert job.state == "done"
    assert (Batch.objects.count(), Row.objects.count()) == (1, 2)


def test_a_template_filled_in_is_taken(bring, page, table, landed):
    url = reverse("connectors:upload-template", args=[table.code])
    assert url in page.get(reverse("connectors:upload")).content.decode()
    book = load_workbook(io.BytesIO(page.get(url).content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:2] == ["编号", "名称"]
    sheet.append(["P9", "干管"])
    stream = io.BytesIO()
    book.save(stream)
    assert bring(stream.getvalue(), "filled.xlsx").state == "done"
    assert landed()["P9"]["name"] == "干管"
    missing = reverse("connectors:upload-template", args=["nothing"])
    assert page.get(missing).status_code == 404


def test_formulas_of_a_rejected_row_do_no_harm(bring):
    job = bring("编号,名称,数量\nP1,=cmd(),x\n")
    text = (job.folder / f"out-{job.outputs[0]['name']}").read_text("utf-8-sig")
    assert "'=cmd()" in text


@pytest.mark.parametrize(
    ("content", "name"),
    [("甲,乙\n1,2\n", "a.csv"), ("x", "a.doc"), (b"\xff\xfe\xff", "a.csv")],
)
def test_what_fits_no_table_is_said(bring, content, name):
    job = bring(content, name)
    assert job.state == "failed"
    assert job.note
    assert not Row.objects.exists()


def test_a_sender_of_data_may_bring_a_file_others_may_not(client, table):
    url = reverse("connectors:upload")
    client.force_login(UserFactory(roles=["data_sender"]))
    assert client.get(url).status_code == 200
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    assert client.get(url).status_code == 403


def test_geojson_goes_by_its_properties(table, bring, landed):
    text = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature",'
        ' "properties": {"code": "P1", "name": "干管"},'
        ' "geometry": {"type": "Point", "coordinates": [120.1, 36.1]}}]}'
    )
    assert bring(text, "a.geojson").state == "done"
    assert landed()["P1"]["name"] == "干管"


def test_headings_are_the_names_of_the_fields(table):
    fields = [SimpleNamespace(name="编号"), SimpleNamespace(name="名称")]
    assert uploads.template(SimpleNamespace(fields=fields)) == ["编号", "名称"]


def test_a_workbook_without_rows_lands_nothing(bring):
    stream = io.BytesIO()
    book = Workbook()
    book.active.append(["编号", "名称"])
    book.save(stream)
    job = bring(stream.getvalue(), "empty.xlsx")
    assert (job.state, Row.objects.count()) == ("done", 0)
