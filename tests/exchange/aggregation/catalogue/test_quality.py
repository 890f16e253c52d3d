"""What cleansing measured is seen on the entry, in the list, as DCAT and as JSON."""

from decimal import Decimal

import pytest
from django.urls import reverse
from rdflib import RDF, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, PROV, SKOS, XSD

from exchange.aggregation import hooks
from exchange.aggregation.catalogue import boards
from exchange.aggregation.catalogue.models import Edition
from exchange.aggregation.catalogue.selectors import graded
from exchange.aggregation.cleansing.models import Problem, Run, Score
from exchange.aggregation.cleansing.services import rule_sets, running
from exchange.interfaces.services import land
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import published
from tests.factories.interfaces import TableFactory

from .test_dcat import fetch, verdict

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader and writer of JSON-LD, and pyshacl, still call these.
    pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning"),
]
DQV = Namespace("http://www.w3.org/ns/dqv#")


@pytest.fixture
def cleansed(django_capture_on_commit_callbacks):
    """Land so many good and bad rows for a table, and run its rules."""

    def run(table, good, bad=0, key="1"):
        steward = UserFactory(roles=["sys_admin"])
        rows = [{"task_no": f"{key}{n}", "title": "x"} for n in range(good)]
        rows += [{"task_no": f"{key}b{n}", "title": ""} for n in range(bad)]
        land(table=table, rows=rows, source="普查队", key=key)
        rule_set = rule_sets.make(table=table, by=steward)
        if rule_set.current is None:
            rule_sets.publish(version=rule_set.draft, by=steward)
            rule_set.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            made = running.start(rule_set=rule_set, by=steward)
        return Run.objects.get(pk=made.pk)

    return run


def scored(code, total, **facts):
    """A published resource whose table has this score; the rows are not asked."""
    table = TableFactory(code=code)
    rule_set = rule_sets.make(table=table, by=None)
    run = Run.objects.create(version=rule_set.draft, table=table, trigger="manual")
    Score.objects.create(table=table, day="2026-11-20", run=run, total=total)
    return published(table=table, **facts)


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    return client


def entry(client, edition):
    address = reverse("catalogue:entry", args=[edition.resource.uid])
    return client.get(address).content.decode()


@pytest.mark.function("DA-04", "DA-06", at="catalogue:entry")
def test_an_entry_shows_its_score_and_what_is_open(client, cleansed):
    table = TableFactory(code="t_quality")
    edition = published(table=table)
    client.force_login(UserFactory(roles=["sys_admin"]))
    assert "尚未评分" in entry(client, edition)
    run = cleansed(table, good=3, bad=2)
    score = Score.objects.get(table=table, sender=None)
    page = entry(client, edition)
    assert f"{score.total:.1f}" in page
    assert run.get_absolute_url() in page
    quality = hooks.quality_of([table.code])[table.code]
    assert (quality.problems, quality.at) == (2, run.ended_at)
    Problem.objects.filter(table=table).update(state="verified")
    assert hooks.quality_of([table.code])[table.code].problems == 0


def test_who_may_not_see_the_run_gets_no_link_to_it(reader, cleansed):
    table = TableFactory(code="t_quality")
    edition = published(table=table)
    run = cleansed(table, good=4, bad=1)
    page = entry(reader, edition)
    assert run.get_absolute_url() not in page
    assert f"{Score.objects.get(table=table, sender=None).total:.1f}" in page
    assert "尚未评分" in entry(reader, published(table=None))


def test_the_newest_score_counts(cleansed):
    edition = scored("t_newest", 40)
    Score.objects.create(
        table=edition.table, day="2026-11-19", run=Run.objects.get(), total=99
    )
    Score.objects.create(
        table=edition.table, day="2026-11-21", run=Run.objects.get(), total=70
    )
    assert hooks.quality_of(["t_newest"])["t_newest"].score == 70
    assert graded(Edition.objects.all()).get().score == 70
    (asset,) = boards.assets(UserFactory(is_superuser=True))
    assert asset.quality.score == 70


def titles(client, **query):
    page = client.get(reverse("catalogue:entry-list"), query)
    return [row.title for row in page.context["page_obj"]]


def test_the_list_filters_and_sorts_by_score(reader):
    scored("t_one", 99.5, title="甲")
    scored("t_two", 80, title="乙")
    scored("t_three", 61.25, title="丙")
    published(title="丁")
    assert titles(reader, sort="score") == ["丙", "乙", "甲", "丁"]
    assert titles(reader, sort="-score") == ["甲", "乙", "丙", "丁"]
    assert titles(reader, score_from="80", sort="score") == ["乙", "甲"]
    assert titles(reader, score_to="80", sort="score") == ["丙", "乙"]
    assert titles(reader, score_from="70", score_to="90") == ["乙"]
    page = reader.get(reverse("catalogue:entry-list")).content.decode()
    assert "99.5" in page
    tree = reader.get(reverse("catalogue:entry-list"), {"score_from": "80"}).context
    counts = {one.value: one.count for _t, rows in tree["tree"] for one in rows}
    assert counts["management"] == 2


def test_scores_cost_no_query_for_each_row(
    reader, django_assert_num_queries, django_assert_max_num_queries
):
    scored("t_first", 90)
    address = reverse("catalogue:entry-list")
    reader.get(address)
    with django_assert_max_num_queries(30) as few:
        reader.get(address)
    for number in range(9):
        scored(f"t_more_{number}", 50 + number)
    with django_assert_num_queries(len(few)):
        reader.get(address)
    with django_assert_num_queries(2):
        assert len(hooks.quality_of([f"t_more_{n}" for n in range(9)])) == 9


def test_without_cleansing_nothing_is_known(monkeypatch):
    edition = scored("t_alone", 90)
    monkeypatch.setattr(hooks, "quality", [])
    monkeypatch.setattr(hooks, "scores", [])
    assert hooks.quality_of([edition.table.code]) == {}
    assert graded(Edition.objects.all()).get().score is None


def test_of_two_answers_the_first_counts(monkeypatch):
    first, second = (hooks.Quality(score, at=None) for score in (10, 20))
    answers = [lambda codes: {"a": first}, lambda codes: {"a": second, "b": second}]
    monkeypatch.setattr(hooks, "quality", answers)
    assert hooks.quality_of({"a", "b"}) == {"a": first, "b": second}


def test_plain_json_has_the_score(reader):
    scored("t_json", 88.5, title="甲")
    published(title="乙")
    rows = reader.get(reverse("catalogue-api:resources")).json()["results"]
    assert {row["title"]: row["score"] for row in rows} == {"甲": 88.5, "乙": None}
    rows = reader.get(reverse("catalogue-api:resources"), {"score_to": "88"}).json()
    assert rows["results"] == []


@pytest.mark.function("DA-04", at="catalogue-api:dcat")
def test_a_stranger_reads_the_measurements(reader):
    scored("t_dqv", 97.25)
    published()
    graph = fetch(reader)
    assert verdict(graph) == ""
    (dataset,) = graph.subjects(DQV.hasQualityMeasurement, unique=True)
    assert (dataset, RDF.type, DCAT.Dataset) in graph
    told = {}
    for one in graph.objects(dataset, DQV.hasQualityMeasurement):
        assert graph.value(one, DQV.computedOn) == dataset
        assert graph.value(one, PROV.generatedAtTime).datatype == XSD.dateTime
        metric = graph.value(one, DQV.isMeasurementOf)
        value = graph.value(one, DQV.value)
        assert graph.value(metric, DQV.expectedDataType) == value.datatype
        told[str(graph.value(metric, SKOS.prefLabel))] = value.toPython()
    assert told == {"质量得分": Decimal("97.25"), "未解决问题数": 0}


@pytest.mark.parametrize(
    ("broken", "term"),
    [
        (DQV.isMeasurementOf, "dqv:isMeasurementOf"),
        (DQV.computedOn, "dqv:computedOn"),
        (DQV.value, "dqv:value"),
        (DQV.inDimension, "dqv:inDimension"),
        (DQV.expectedDataType, "dqv:expectedDataType"),
        (PROV.generatedAtTime, "prov:generatedAtTime"),
    ],
)
def test_the_shapes_find_a_measurement_that_is_not_whole(reader, broken, term):
    scored("t_dqv", 97.25)
    graph = fetch(reader)
    graph.remove((None, broken, None))
    assert f"->{term}" in verdict(graph)


@pytest.mark.parametrize("value", [Literal("high"), Literal(Decimal("101")), "x"])
def test_the_shapes_find_a_value_that_is_no_score(reader, value):
    scored("t_dqv", 97.25)
    graph = fetch(reader)
    score = Literal(Decimal("97.25"))
    (measured,) = graph.subjects(DQV.value, score)
    graph.set((measured, DQV.value, URIRef(value) if value == "x" else value))
    assert "dqv:value" in verdict(graph)
