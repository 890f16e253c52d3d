"""Lineage, board, volume and store, from what really landed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.aggregation import hooks
from exchange.aggregation.catalogue import boards
from exchange.aggregation.catalogue.models import Measure
from exchange.aggregation.catalogue.services import measuring
from exchange.interfaces.services import land
from platform_core.common.clock import at, now, today
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import published
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


def fill(table, count, source="普查队", key="1"):
    rows = [{"task_no": f"{source}{n}", "title": "x"} for n in range(count)]
    return land(table=table, rows=rows, source=source, key=key)


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=["bureau_leader"]))
    return client


@pytest.fixture
def fused(monkeypatch):
    """Somebody merges a table into another."""
    links = [hooks.Link("t_raw", "t_master", "融合")]
    found = [lambda code: [x for x in links if code in {x.source, x.target}]]
    monkeypatch.setattr(hooks, "lineage", found)
    measured = hooks.Quality(97.5, at=now())
    answer = [lambda codes: dict.fromkeys(codes, measured)]
    monkeypatch.setattr(hooks, "quality", answer)


@pytest.mark.function("DA-04", at="catalogue:lineage")
def test_lineage_goes_from_source_to_interface(leader, fused):
    raw = TableFactory(code="t_raw", name="原始表")
    master = TableFactory(code="t_master", name="主表")
    fill(raw, 3)
    row = published(table=master).resource
    page = leader.get(reverse("catalogue:lineage", args=[row.uid]))
    steps = [(one.source, one.target) for one in page.context["links"]]
    assert set(steps) == {
        ("普查队", "原始表"),
        ("原始表", "standard.t_raw"),
        ("原始表", "主表"),
        ("主表", "standard.t_master"),
    }
    assert steps[0] == ("普查队", "原始表")
    drawn = page.context["drawing"]["series"][0]
    places = {one["name"]: one["x"] for one in drawn["data"]}
    assert places["普查队"] < places["原始表"] < places["主表"]
    assert places["主表"] < places["standard.t_master"]
    assert len(drawn["links"]) == 4


@pytest.mark.function("DA-19", at="catalogue:board")
def test_the_board_shows_size_growth_freshness_quality_and_use(leader, fused):
    table = TableFactory(code="t_board")
    with at(now() - timedelta(days=10)):
        fill(table, 2, key="old")
        measuring.measure()
        row = published(title="井盖", table=table, frequency="DAILY").resource
        leader.get(reverse("catalogue:entry", args=[row.uid]))
    (asset,) = boards.assets(UserFactory(is_superuser=True))
    assert (asset.late, asset.uses) == (True, 1)
    fill(table, 5, source="城管局", key="new")
    measuring.measure()
    measuring.measure()
    (asset,) = boards.assets(UserFactory(is_superuser=True))
    assert (asset.rows, asset.growth, asset.late) == (7, 5, False)
    assert asset.quality.score == 97.5
    page = leader.get(reverse("catalogue:board"))
    assert [figure["value"] for figure in page.context["figures"][:4]] == [1, 7, 5, 0]
    assert "97.5" in page.content.decode()


@pytest.mark.function("DA-06", at="catalogue:volume")
def test_volume_by_source_and_day(leader):
    one, two = TableFactory(code="t_v1"), TableFactory(code="t_v2")
    with at(now() - timedelta(days=1)):
        fill(one, 4)
    fill(one, 2, key="2")
    fill(two, 3, key="2")
    fill(two, 1, source="城管局")
    rows = boards.volume(today() - timedelta(days=2), today())
    told = {
        ((today() - one.day).days, one.source): (one.tables, one.batches, one.rows)
        for one in rows
    }
    assert told == {
        (1, "普查队"): (1, 1, 4),
        (0, "普查队"): (2, 2, 5),
        (0, "城管局"): (1, 1, 1),
    }
    page = leader.get(reverse("catalogue:volume"))
    assert "城管局" in page.content.decode()
    bars = page.context["chart"]["series"]
    assert {bar["name"]: sum(bar["data"]) for bar in bars} == {"普查队": 9, "城管局": 1}


def test_systems_of_the_platform_are_named_in_the_reader_s_language(leader):
    fill(TableFactory(code="t_v1"), 1, source="Performance evaluation")
    for name in ("catalogue:volume", "catalogue:timeliness"):
        text = leader.get(reverse(name)).content.decode()
        assert "绩效评价" in text
        assert "Performance evaluation" not in text


@pytest.mark.function("DA-05", at="catalogue:store")
def test_the_store_counts_records_and_their_history(leader):
    table = TableFactory(code="t_store", subset="city_basic", keys=("task_no",))
    fill(table, 3)
    fill(table, 3, key="again")
    measuring.measure()
    assert Measure.objects.get(table=table).landed == 6
    page = leader.get(reverse("catalogue:store"))
    figures = {str(one["label"]): one["value"] for one in page.context["figures"]}
    held = next(one for one in boards.holdings() if one.tables and one.rows)
    assert held.rows + held.history == 6
    assert any(isinstance(v, float) and v > 0 for v in figures.values())


def test_the_figures_can_be_taken_along(leader):
    fill(TableFactory(code="t_file"), 1)
    answer = leader.get(reverse("catalogue:volume"), {"export": "csv"})
    assert "普查队" in b"".join(answer.streaming_content).decode("utf-8-sig")
