"""Each scenario of `manage.py drill`, against two running platforms."""

import pytest

from exchange.drills.scenarios import SCENARIOS

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def play(pair):
    """Play a drill on the city when nothing else is under way."""

    def run(scenario, **options):
        pair.drain(60)
        return pair.sender.call("drill", scenario=scenario, **options)

    return run


def held(report):
    return {one["expected"]: one["held"] for one in report["verdicts"]}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_drill_is_passed_and_everything_is_put_back(play, scenario):
    report = play(scenario)
    assert report["result"] == "passed", report["verdicts"]
    assert all(held(report).values())
    assert report["records"] >= 15
    assert report["delay"]["fault"]["records"] == 10
    assert {one["phase"] for one in report["timeline"]} >= {"before", "fault"}
    assert report["detours"] == 0
    assert report["audited"] == ["exchange.drill_begun", "exchange.drill_ended"]
    assert str(SCENARIOS[scenario].title) in report["markdown"]


def test_outside_a_demo_it_wants_to_be_asked_twice(play):
    assert "--yes" in play("peer-down", sure=False)["refused"]
