"""Figures of the wall: summed step by step, equal to what the cases say."""

from datetime import timedelta

import pytest
from django.urls import reverse

from municipal.command.centre.board import rebuilding, spots, summing
from municipal.command.centre.models import Change, Count, Spot
from municipal.command.models import Case
from municipal.command.queries.milestones import Milestone
from municipal.command.services import upkeep
from platform_core.common import clock
from tests.factories.command import LON, STEP, WAYS, act, lead, report

CASES = "queries:cases"


def counts(**given) -> dict:
    """What is counted, without what is zero."""
    rows = Count.objects.filter(**given).exclude(value=0)
    return {
        (row.area, row.part, row.milestone, row.key, row.period): row.value
        for row in rows
    }


def today(milestone: str, part: str = "", area: str = "370200") -> dict[str, int]:
    rows = Count.objects.filter(
        area=area, part=part, milestone=milestone, period=str(clock.today())
    )
    return dict(rows.exclude(value=0).values_list("key", "value"))


@pytest.mark.function("CC-50", at="centre:wall-data")
def test_each_case_counts_once_for_what_it_comes_to(city):
    lead(city, "closed")
    lead(city, "rework")
    report(city)
    assert summing.sum_all() > 0
    found = {name: today(name).get("", 0) for name in Milestone.values}
    assert found == {
        "reported": 3,
        "accepted": 2,
        "filed": 2,
        "dispatched": 2,
        "handled": 2,
        "checked": 2,
        "closed": 1,
        "overdue": 0,
    }
    assert summing.sum_all() == 0
    assert today("reported") == {"": 3}


def test_a_step_made_again_does_not_count_again(city):
    case = lead(city, "rework")
    act(city, case, "feedback", by="dept_handler")
    summing.sum_all()
    assert today("handled") == {"": 1}


def test_parts_are_class_source_street_and_unit(city):
    lead(city, "pending_handling")
    summing.sum_all()
    assert today("reported", "class") == {"matter-06010": 1}
    assert today("reported", "source") == {"01": 1}
    assert today("reported", "street", "370202") == {"370202001": 1}
    assert today("dispatched", "unit") == {city.unit.code: 1}


@pytest.mark.usefixtures("noon")
def test_what_stands_follows_the_cases_and_marks_of_lateness(city):
    case = lead(city, "handling")
    summing.sum_all()
    assert counts(part="state", area="370202") == {
        ("370202", "state", "", "handling", ""): 1
    }
    Case.objects.filter(pk=case.pk).update(
        handling_deadline=clock.now() - timedelta(hours=1)
    )
    assert upkeep.mark_overdue() == 1
    summing.sum_all()
    assert counts(part="late", area="370200").popitem()[1] == 1
    assert today("overdue")[""] == 1
    later = clock.now() + timedelta(hours=9)  # as where an extension lifts it
    Case.objects.filter(pk=case.pk).update(
        overdue_at=None, handling_deadline=later, deadline=later, warn_at=later
    )
    act(city, case, "apply_extend", by="dept_handler", value=2)
    summing.sum_all()
    assert counts(part="late") == {}
    assert today("overdue") == {}


@pytest.mark.parametrize("state", sorted(WAYS))
def test_counting_anew_finds_the_same(city, state):
    lead(city, state)
    report(city, source="03", by=city.acceptor)
    summing.sum_all()
    kept = counts()
    assert rebuilding.rebuild() == 2
    assert counts() == kept
    assert summing.sum_all() == 0


def test_a_step_during_a_rebuild_is_added_once(city):
    case = report(city)
    summing.sum_all()
    with clock.at(clock.now() - timedelta(seconds=30)):
        act(city, case, "accept", by="acceptor")
        Change.objects.update(at=clock.now() + timedelta(seconds=90))
    rebuilding.rebuild()
    summing.sum_all()
    states = Count.objects.filter(part="state", area="370200", value__gt=0)
    assert dict(states.values_list("key", "value")) == {"pending_filing": 1}


@pytest.mark.function("CC-54", at="centre:wall-data")
def test_a_problem_that_comes_back_in_a_grid_is_named(city):
    for _ in range(spots.LEAST - 1):
        report(city)
    report(city, lon=LON + 3.5 * STEP)
    summing.sum_all()
    assert not Spot.objects.exists()
    report(city)
    summing.sum_all()
    spot = Spot.objects.get()
    assert (spot.count, spot.grid_code) == (3, "370202001001001")
    before = spots.since() - timedelta(days=1)
    Case.objects.filter(pk=Case.objects.earliest("pk").pk).update(reported_at=before)
    assert spots.rebuild() == 0


@pytest.mark.function("CC-50", at=CASES)
@pytest.mark.parametrize("milestone", Milestone.values)
def test_a_count_opens_the_cases_behind_it(client, city, milestone):
    lead(city, "closed")
    lead(city, "handling")
    late = lead(city, "handling")
    Case.objects.filter(pk=late.pk).update(
        handling_deadline=clock.now() - timedelta(seconds=1)
    )
    upkeep.mark_overdue()
    summing.sum_all()
    client.force_login(city.dispatcher)
    day = str(clock.today())
    given = {"milestone": milestone, "milestone_from": day, "milestone_to": day}
    page = client.get(reverse(CASES), given)
    assert len(page.context["table"]) == today(milestone)[""]
    yesterday = str(clock.today() - timedelta(days=1))
    given = {"milestone": milestone, "milestone_to": yesterday}
    assert list(client.get(reverse(CASES), given).context["table"]) == []


def test_old_changes_go_and_new_ones_stay(city):
    report(city)
    summing.sum_all()
    Change.objects.update(at=clock.now() - timedelta(days=9))
    summing.STREAM, kept = 0, summing.STREAM
    assert summing.forget() == 1
    summing.STREAM = kept
