"""Evaluations from draft to publication, by hand and by the timetable."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from time import perf_counter

import pytest
from django.utils import timezone

from municipal.command.collaboration.enums import PartKind, PartState
from municipal.command.collaboration.models import Part
from municipal.command.models import UnitGrid
from municipal.command.performance import computing, counting
from municipal.command.performance.models import Result, Run
from municipal.command.performance.periods import Period, period_of
from municipal.command.performance.services import running, scheming
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from tests.factories import command as factory
from tests.factories.accounts import UserFactory

from .conftest import OCTOBER, unit_counts

SEPTEMBER = OCTOBER.previous()
FRIDAY = timezone.make_aware(datetime(2026, 11, 6, 9, 0))


def published(run, manager):
    """A run brought to publication, with the days of publicity gone."""
    running.show(run=run, by=manager)
    run.refresh_from_db()
    with clock.at(run.publicity_until + timedelta(minutes=1)):
        running.approve(run=run, by=manager)
        return running.publish(run=run, by=manager)


@pytest.mark.function("CC-63", at="performance:run")
def test_departments_are_scored_ranked_and_graded(evaluated, city):
    run = evaluated()
    good, poor = run.results.order_by("rank")
    # 0.1 * 100 + 0.3 * 90 + 0.3 * 90 + 0.3 * (100 - 10)
    assert (good.label, good.composite, good.grade) == ("市政处", D("91.00"), "A")
    assert (poor.composite, poor.grade, poor.rank) == (D("55.00"), "D", 2)
    assert good.scores["PD2"] == [9, 10, "90.00", "90.00"]
    assert good.scores["PD5"] == [0, 0, None, None]  # nobody asked it for help
    assert good.sums["rework_num"] == 1
    assert run.state == "draft"
    assert run.objects_count == 2


def test_assisting_others_shares_the_index(evaluated, city, counted):
    case = factory.lead(city, "handling")
    moment = timezone.make_aware(datetime(2026, 10, 20, 12, 0))
    for number, deadline in enumerate((moment, moment - timedelta(hours=1))):
        Part.objects.create(
            case=case,
            number=f"P{number}",
            kind=PartKind.ASSIST,
            unit=city.unit,
            deadline=deadline,
            state=PartState.ANSWERED,
            ended_at=moment,
        )
    assert counting.assisting(OCTOBER) == {
        str(city.unit.pk): {"assist_num": 2, "intime_assist_num": 1}
    }
    assert counting.assisting(SEPTEMBER) == {}
    run = evaluated({city.unit: (9, 10)})
    # nine tenths of 91 and one tenth of 50
    assert run.results.get().composite == D("86.90")


def test_groups_of_departments_have_bands_and_ranks_of_their_own(
    evaluated, city, manager
):
    scheme = scheming.in_force("unit", OCTOBER.last)
    draft = scheming.create_draft(scheme=scheme, by=manager)
    group = {
        "code": "roads",
        "name": "市政类",
        "members": [city.other_unit.code],
        "bands": {"PD1": [[5, 100], [None, 0]]},
    }
    draft = scheming.save_draft(
        draft=draft, body={**draft.body, "groups": [group]}, by=manager
    )
    run = evaluated(scheme=draft)
    one, other = run.results.order_by("group")
    assert [one.group, other.group] == ["", "roads"]
    assert [one.rank, other.rank] == [1, 1]
    assert other.composite == D("45.00")  # ten cases are too many in this group


@pytest.mark.function("CC-62", at="performance:run-list")
def test_areas_of_all_sizes_are_evaluated(counted, city, manager):
    area = {"filed_num": 10, "should_close_num": 8, "closed_num": 8}
    area |= {"intime_closed_num": 6, "verified_public_report_num": 1}
    keys = {
        "unit_grid": "370202001001001",
        "duty_grid": str(city.duty_grid.pk),
        "community": "370202001001",
        "street": "370202001",
        "district": "370202",
    }
    found = {}
    for kind, key in keys.items():
        counted[kind, OCTOBER.first][key] = area
        run = running.start(kind=kind, period=OCTOBER, by=manager)
        found[kind] = run.results.get(key=key)
    # 0.1 * 90 + 0.3 * 100 + 0.4 * 75 = 69, and the filed cases of a unit grid
    assert found["unit_grid"].composite == D("69.00")
    for kind in ("duty_grid", "community", "street", "district"):
        assert found[kind].composite == D("84.00"), kind  # 2.5 in each of 4: 75
        assert found[kind].sums["unit_grid_num"] == 4
    assert found["unit_grid"].parent == found["duty_grid"].parent == "示例社区"
    assert found["community"].parent == "示例街道"
    quiet = Result.objects.get(run__kind="unit_grid", key="370202001001002")
    assert (quiet.composite, quiet.grade, quiet.rank) == (D("100.00"), "A", 1)


@pytest.mark.function("CC-64", at="performance:run")
def test_posts_and_companies_are_evaluated(counted, city, manager):
    good = {
        "supervisor": {"patrol_report_num": 10, "valid_patrol_report_num": 9},
        "acceptor": {"accepted_num": 600, "need_send_verify_num": 4},
        "leader": {"filed_num": 40, "voided_num": 1, "intime_filed_num": 40},
        "dispatcher": {"dispatched_num": 301, "need_dispatch_num": 301},
        "company": {"patrol_report_num": 10, "valid_patrol_report_num": 8},
    }
    people = {
        "supervisor": city.supervisor,
        "acceptor": city.acceptor,
        "leader": city.duty_leader,
        "dispatcher": city.dispatcher,
        "company": city.supervisor.unit,
    }
    expected = {
        "supervisor": "93.33",  # (0.4 * 90 + 0.2 * 100) / 0.6, nothing was missed
        "acceptor": "28.85",  # (0.25 * 75 + 0.4 * 0) / 0.65
        "leader": "98.46",  # (0.25 * 100 + 0.4 * 97.5) / 0.65
        "dispatcher": "12.00",
        "company": "86.67",
    }
    for kind, counts in good.items():
        counted[kind, OCTOBER.first][str(people[kind].pk)] = counts
        run = running.start(kind=kind, period=OCTOBER, by=manager)
        row = run.results.get(key=str(people[kind].pk))
        assert row.composite == D(expected[kind]), kind
        assert (row.unit_id is None) == (kind != "company")


def test_the_trend_against_the_period_before(evaluated, city, manager):
    evaluated({city.unit: (8, 10), city.other_unit: (6, 10)}, SEPTEMBER)
    rows = {row.unit: row for row in evaluated().results.select_related("unit")}
    assert rows[city.unit].previous == D("82.00")
    assert rows[city.unit].trend.direction == "up"
    assert rows[city.other_unit].trend.change == D("-9.00")


@pytest.mark.function("CC-65", at=["performance:run-start", "performance:run-publish"])
def test_a_draft_is_computed_again_locked_shown_approved_and_published(
    evaluated, city, manager, counted
):
    run = evaluated()
    counted["unit", OCTOBER.first][str(city.unit.pk)] = unit_counts(10, 10)
    running.again(run=run, by=manager)
    assert run.results.get(unit=city.unit).composite == 100
    running.lock(run=run, by=manager)
    with pytest.raises(Conflict):
        running.again(run=run, by=manager)
    with clock.at(FRIDAY):
        running.show(run=run, by=manager)
        with pytest.raises(Conflict):
            running.approve(run=run, by=manager)
    run.refresh_from_db()
    # three working days from Friday morning end on Wednesday morning
    assert timezone.localtime(run.publicity_until).date() == date(2026, 11, 11)
    assert city.dept_handler.notices.filter(kind="performance").count() == 1
    assert not city.acceptor.notices.exists()
    with clock.at(run.publicity_until + timedelta(hours=1)):
        with pytest.raises(Conflict):
            running.publish(run=run, by=manager)
        running.approve(run=run, by=manager)
        running.publish(run=run, by=manager)
    run.refresh_from_db()
    assert run.state == "published"
    assert city.dept_handler.notices.filter(kind="performance").count() == 2
    for step in (running.show, running.approve, running.publish, running.lock):
        with pytest.raises(Conflict):
            step(run=run, by=manager)
    types = list(AuditEntry.objects.filter(type__startswith="evaluation."))
    assert len(types) == 6


def test_the_same_days_are_evaluated_once(evaluated, manager):
    run = evaluated()
    with pytest.raises(Conflict):
        running.start(kind="unit", period=OCTOBER, by=manager)
    running.discard(run=run, by=manager)
    assert not Run.objects.exists()
    run = evaluated()
    published(run, manager)
    with pytest.raises(Conflict):
        running.start(kind="unit", period=OCTOBER, by=manager)
    with pytest.raises(Conflict):
        running.discard(run=run, by=manager)


def test_a_published_result_is_corrected_with_a_reason(
    evaluated, manager, counted, city
):
    old = published(evaluated(), manager)
    with pytest.raises(DomainError):
        running.correct(run=old, reason=" ", by=manager)
    counted["unit", OCTOBER.first][str(city.unit.pk)] = unit_counts(10, 10)
    new = running.correct(run=old, reason="统计口径有误", by=manager)
    old.refresh_from_db()
    assert (old.state, new.state, new.replaces) == ("published", "draft", old)
    with pytest.raises(Conflict):
        running.correct(run=old, reason="再次", by=manager)
    published(new, manager)
    old.refresh_from_db()
    assert old.state == "replaced"
    assert old.results.get(unit=city.unit).composite == D("91.00")  # stays readable
    assert new.results.get(unit=city.unit).composite == 100


def test_locked_figures_can_be_reopened_with_a_reason(evaluated, manager):
    run = evaluated()
    with pytest.raises(Conflict):
        running.reopen(run=run, reason="尚未锁定", by=manager)
    running.show(run=run, by=manager)
    run = running.reopen(run=run, reason="补录数据", by=manager)
    assert (run.state, run.locked_at, run.publicity_until) == ("draft", None, None)
    running.again(run=run, by=manager)


def test_what_cannot_be_evaluated(counted, city, manager):
    future = period_of("month", clock.today() + timedelta(days=62))
    with pytest.raises(DomainError):
        running.start(kind="unit", period=future, by=manager)
    area = scheming.in_force("district", OCTOBER.last)
    with pytest.raises(DomainError):
        running.start(kind="unit", period=OCTOBER, by=manager, scheme=area)
    empty = running.start(kind="unit", period=OCTOBER, by=manager)
    with pytest.raises(Conflict):
        running.show(run=empty, by=manager)


def test_a_period_that_runs_can_be_looked_at_but_not_shown(evaluated, manager, city):
    present = period_of("month", clock.today())
    run = evaluated(period=present)
    assert run.objects_count == 2
    with pytest.raises(Conflict):
        running.show(run=run, by=manager)


def test_free_dates(evaluated, manager):
    days = Period("free", date(2026, 10, 3), date(2026, 10, 12))
    run = evaluated(period=days)
    assert run.period.previous().last == date(2026, 10, 2)
    assert "2026-10-03" in str(run)


def test_the_timetable_evaluates_what_is_over_once(counted, city, manager):
    body = {
        "runs": [
            {"kind": "unit", "period": "month"},
            {"kind": "district", "period": "week"},
            {"kind": "district", "period": "year"},
        ],
        "publicity_days": 3,
        "appeal_days": 5,
        "first_review_days": 1,
        "second_review_days": 2,
    }
    with clock.at(timezone.make_aware(datetime(2026, 10, 20, 8, 0))):
        scheming.change_timetable(body=body, by=manager)
    assert running.run_due(date(2026, 10, 21)) == 0  # the week was over before
    assert running.run_due(date(2026, 11, 2)) == 2
    assert running.run_due(date(2026, 11, 2)) == 0
    found = Run.objects.get(kind="unit")
    assert found.is_scheduled
    assert (found.first, found.last) == (OCTOBER.first, OCTOBER.last)
    week = Run.objects.get(kind="district")
    assert (week.first, week.last) == (date(2026, 10, 26), date(2026, 11, 1))
    with clock.at(timezone.make_aware(datetime(2027, 1, 4, 8, 0))):
        assert running.run_due() == 3  # December, its last week, the year


def test_twenty_thousand_unit_grids_in_one_pass(counted, city, manager):
    """A generous limit; the figure itself is printed by the bench."""
    community = city.duty_grid.community
    grid = UnitGrid.objects.first()
    UnitGrid.objects.bulk_create(
        UnitGrid(
            code=f"370202001{100 + n // 999:03d}{n % 999 + 1:03d}",
            community=community,
            geometry={},
            lon=grid.lon,
            lat=grid.lat,
            valid_from=grid.valid_from,
        )
        for n in range(2000)
    )
    codes = list(UnitGrid.objects.values_list("code", flat=True))
    for number, code in enumerate(codes):
        counted["unit_grid", OCTOBER.first][code] = {
            "filed_num": number % 11,
            "should_close_num": number % 7,
            "closed_num": number % 5,
        }
    begun = perf_counter()
    run = running.start(kind="unit_grid", period=OCTOBER, by=manager)
    assert run.objects_count == len(codes)
    assert perf_counter() - begun < 5


def test_the_number_of_queries_does_not_grow_with_the_objects(
    counted, city, manager, django_assert_max_num_queries
):
    def compute(period):
        counted["unit_grid", period.first].update({"370202001001001": {"filed_num": 3}})
        with django_assert_max_num_queries(40) as found:
            running.start(kind="unit_grid", period=period, by=manager)
        return len(found)

    few = compute(OCTOBER)
    grid = UnitGrid.objects.first()
    for number in range(50, 80):
        grid.pk, grid.code = None, f"370202001001{number:03d}"
        grid.save()
    assert compute(SEPTEMBER) <= few


def test_an_exemption_changes_locked_counts_by_what_it_changed_only():
    stored = {"a": {"overdue": 3, "filed": 9}, "b": {"filed": 1}}
    before = {"a": {"overdue": 4, "filed": 10}, "b": {"filed": 2}}
    after = {"a": {"overdue": 3, "filed": 9}, "b": {"filed": 2}}
    assert computing.shifted(stored, before, after) == {
        "a": {"overdue": 2, "filed": 8},
        "b": {"filed": 1},
    }


def test_who_sees_which_results(evaluated, city, manager):
    run = evaluated()
    assert not Result.objects.visible_to(city.dept_handler).exists()
    assert not Run.objects.visible_to(city.dept_handler).exists()
    assert Result.objects.visible_to(city.overseer).count() == 2
    running.show(run=run, by=manager)
    assert Result.objects.visible_to(city.dept_handler).get().unit == city.unit
    assert Run.objects.visible_to(city.dept_handler).get() == run
    assert not Result.objects.visible_to(UserFactory(roles=[])).exists()
    assert not Run.objects.visible_to(UserFactory(roles=[])).exists()
