"""The quality score, its ranking and its trend."""

from datetime import timedelta

import pytest

from exchange.aggregation.cleansing.enums import Dimension
from exchange.aggregation.cleansing.models import Score
from exchange.aggregation.cleansing.services import scoring
from platform_core.common import clock

from .conftest import row

pytestmark = pytest.mark.function("DA-06", at="cleansing:score-list")


def test_the_whole_is_the_weighted_mean_of_what_is_measured():
    parts = {Dimension.COMPLETENESS: 90.0, Dimension.TIMELINESS: 50.0}
    assert scoring.total(parts) == pytest.approx((0.3 * 90 + 0.2 * 50) / 0.5)
    assert scoring.total({}) == 100


def test_timeliness_falls_with_the_age_of_the_last_batch(table, landed):
    landed(row("L1"))
    moment = clock.now()
    day, grace = timedelta(days=1), timedelta(hours=8)
    assert scoring.timeliness(table, None, moment + day) == 100
    late = scoring.timeliness(table, None, moment + 2 * (day + grace))
    assert late == pytest.approx(50, abs=0.1)
    table.frequency = "on change"
    assert scoring.timeliness(table, None, moment) is None


def test_a_second_run_of_the_day_replaces_its_scores(landed, run):
    landed(row("L1", name=""))
    run()
    landed(row("L1"))
    run()
    (whole,) = Score.objects.filter(sender__isnull=True)
    assert (whole.total, whole.problems) == (100, 0)


def test_the_worst_comes_first_and_the_trend_is_drawn(client, landed, run, steward):
    landed(row("L1", name=""), source="乙")
    landed(row("L2"), source="甲")
    with clock.at(clock.now() - timedelta(days=3)):
        run()
    landed(row("L1"), source="乙")
    run()
    client.force_login(steward)
    page = client.get("/exchange/cleansing/scores/?sort=total")
    assert page.status_code == 200
    newest = client.get("/api/v1/cleansing/scores").json()["results"]
    assert {one["total"] for one in newest} == {100}
    score = Score.objects.filter(sender__name="乙").first()
    option = client.get(score.get_absolute_url()).context["trend"]
    assert len(option["xAxis"]["data"]) == 2
