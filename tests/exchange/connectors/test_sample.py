"""The sample shows an operator both ways at work."""

import pytest

from exchange.connectors import sample
from exchange.connectors.models import Flow, Reject, Run, Source
from platform_core.regions.models import Node
from tests.factories.accounts import UserFactory


@pytest.fixture
def admin(db):
    return UserFactory(username="admin")


def test_weather_comes_in_and_rain_goes_out(admin, folder):
    assert sample.load() == "2 flows"
    runs = {run.flow.direction: run for run in Run.objects.select_related("flow")}
    assert (runs["in"].state, runs["in"].landed, runs["in"].rejected) == ("done", 23, 1)
    assert (runs["out"].state, runs["out"].landed) == ("done", 23)
    assert "缺测" in str(Reject.objects.get().raw)
    written = folder.parent / "sample" / "flood" / "降雨量.csv"
    assert len(written.read_text(encoding="utf-8-sig").splitlines()) == 24
    assert Flow.objects.filter(next_at=None).count() == 0
    assert sample.load() == "0 flows"
    assert Source.objects.count() == 2


def test_platforms_above_have_none(admin, folder, as_node):
    as_node("P37000001")
    Node.objects.update_or_create(
        code="M37020001",
        defaults={"name": "青岛", "tier": "municipal", "parent_code": "P37000001"},
    )
    assert sample.load() == "0 flows"
    assert not Flow.objects.exists()
