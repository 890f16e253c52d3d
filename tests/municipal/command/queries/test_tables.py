"""Cross tables: right figures, the cases behind them, kept and exported."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from municipal.command.models import Case
from municipal.command.queries import cross, services
from municipal.command.queries.tables import dimensions, measures
from platform_core.jobs import services as jobs
from tests.factories.command import lead, report

TABLES = "queries:tables"


@pytest.fixture
def cases(city):
    """Two that wait, one that was handled late, one in time."""
    report(city), report(city)
    late, good = lead(city, "closed"), lead(city, "closed")
    Case.objects.filter(pk=late.pk).update(on_time=False)
    Case.objects.filter(pk=good.pk).update(on_time=True)
    return late, good


@pytest.mark.function("CC-26", at=TABLES)
def test_a_table_counts_by_two_sides_and_leads_to_the_cases(client, city, cases):
    client.force_login(city.dispatcher)
    page = client.get(reverse(TABLES), {"rows": "district", "columns": "state"})
    (line,) = page.context["lines"]
    figures = dict(
        zip(page.context["heads"], [c["value"] for c in line["cells"]], strict=True)
    )
    assert line["total"] == 4
    assert sorted(figures.values()) == [2, 2]
    for cell in line["cells"]:
        found = client.get(cell["url"])
        assert len(found.context["table"]) == cell["value"]


@pytest.mark.function("CC-26", at=TABLES)
def test_a_rate_is_that_of_the_finished_ones(city, cases):
    asked = cross.read("rows=unit&columns=month&measure=on_time", city.dispatcher)
    found = cross.answer(asked)
    assert [value for key, value in found.values.items() if key[0]] == [50.0]
    assert found.row_totals == {}


@pytest.mark.parametrize("side", sorted(dimensions()))
@pytest.mark.parametrize("measure", sorted(measures()))
def test_every_side_and_measure_can_be_shown(client, city, cases, side, measure):
    client.force_login(city.dispatcher)
    given = {"rows": side, "columns": "weekday", "measure": measure}
    page = client.get(reverse(TABLES), given)
    assert page.context["problem"] == ""
    assert page.context["lines"]


def test_a_table_counts_only_what_its_reader_may_see(client, city, cases):
    client.force_login(city.other_handler)
    assert client.get(reverse(TABLES)).context["lines"] == []


def test_conditions_that_cannot_be_read_are_said(client, city):
    client.force_login(city.dispatcher)
    page = client.get(reverse(TABLES), {"rows": "nothing"})
    assert page.context["problem"]


@pytest.mark.function("CC-26", at="queries:export")
def test_a_table_that_takes_too_long_is_computed_in_the_background(
    client, city, cases, monkeypatch
):
    def cancelled(*_args):
        raise OperationalError("canceling statement due to statement timeout")

    client.force_login(city.dispatcher)
    monkeypatch.setattr(cross, "connection", Slow())
    monkeypatch.setattr(cross, "answer", cancelled)
    page = client.get(reverse(TABLES))
    assert page.context["too_long"]
    assert "/queries/export/tables/" in page.content.decode()
    monkeypatch.undo()
    job = services.export(
        page="tables", query="rows=district", form="csv", by=city.dispatcher
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert job.outputs[0]["name"].startswith("交叉统计表-")
    text = (job.folder / f"out-{job.outputs[0]['name']}").read_text("utf-8-sig")
    assert text.splitlines()[1].count("2") >= 2


class Slow:
    """A connection of PostgreSQL as far as the page asks."""

    vendor = "postgresql"

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_about):
        return None

    def execute(self, statement):
        return None
