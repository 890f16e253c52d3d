"""Sums follow the flags: corrections, exemptions, what waits, few queries."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from municipal.command import services
from municipal.command.models import Case, CaseSource
from municipal.command.performance import (
    closing,
    exempting,
    flags,
    objects,
    rewriting,
    rows,
    summing,
)
from municipal.command.performance.enums import ObjectKind, Verdict
from municipal.command.performance.models import Exemption, RollUp, StepFlags
from municipal.command.performance.periods import Period, period_of
from municipal.command.performance.sums import series, sums
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from tests.factories.accounts import UserFactory
from tests.factories.command import STEP, act, lead, report

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 9, 0))
WEEK = period_of("week", MONDAY.date())
DISTRICT, GRID = "370202", "370202001001001"


def add_up():
    while rewriting.rewrite_stale():
        pass
    summing.add_all()


def of_district(period=WEEK):
    add_up()
    return sums(ObjectKind.DISTRICT, period)[DISTRICT]


def test_what_is_new_counts_after_the_beat(city):
    with clock.at(MONDAY):
        report(city)
        assert sums(ObjectKind.DISTRICT, WEEK)[DISTRICT]["reported_num"] == 0
        found = of_district()
    assert (found["reported_num"], found["to_accept_num"]) == (1, 1)
    with clock.at(MONDAY + timedelta(days=30)):
        assert not sums(ObjectKind.DISTRICT, period_of("week", date(2026, 11, 9)))


def test_a_case_that_is_moved_counts_where_it_lies(city):
    with clock.at(MONDAY):
        case = report(city)
        add_up()
        case = act(
            city, case, "accept", by="acceptor", lon=case.lon + STEP, lat=case.lat
        )
        add_up()
        found = sums(ObjectKind.UNIT_GRID, WEEK)
    assert found[case.grid_code]["reported_num"] == 1
    assert found[case.grid_code]["accepted_num"] == 1
    assert found.get(GRID, {"reported_num": 0})["reported_num"] == 0


def test_a_cancelled_case_was_not_accurately_filed(city):
    with clock.at(MONDAY):
        case = lead(city, "pending_dispatch")
        assert of_district()["accurate_filed_num"] == 1
        act(city, case, "cancel", by="duty_leader")
        found = of_district()
    assert (found["filed_num"], found["voided_num"]) == (1, 1)
    assert found["accurate_filed_num"] == 0
    leaders = sums(ObjectKind.LEADER, WEEK)
    assert leaders[str(city.duty_leader.pk)]["accurate_filed_num"] == 0


def test_a_missed_report_counts_for_the_inspector_of_the_grid(city):
    with clock.at(MONDAY):
        case = lead(city, "pending_close")
        case.is_missed = True
        case.save()
        act(city, case, "close", by="duty_leader")
        add_up()
    found = sums(ObjectKind.SUPERVISOR, WEEK)
    assert found[str(city.supervisor.pk)]["missed_report_num"] == 1
    company = sums(ObjectKind.COMPANY, WEEK)[str(city.supervisor.unit_id)]
    assert company["missed_report_num"] == 1


def test_an_exempt_case_leaves_the_sums_and_keeps_its_flags(city):
    with clock.at(MONDAY):
        case, other = lead(city, "closed"), lead(city, "closed")
        before = of_district()
        kept = StepFlags.objects.filter(case=case).count()
        done = exempting.exempt(case, by=city.bureau_leader, reason="暴雨")
        assert exempting.exempt(case, by=city.overseer, reason="再次") == done
        after = of_district()
        assert before["closed_num"] == 2
        assert after["closed_num"] == after["filed_num"] == 1
        assert after["reported_num"] == 1
        assert StepFlags.objects.filter(case=case).count() == kept
        flags.renew(case)
        assert of_district() == after
        assert exempting.readmit(case, by=city.bureau_leader)
        assert not exempting.readmit(case, by=city.bureau_leader)
        assert of_district() == before
    assert Exemption.objects.get().lifted_by == city.bureau_leader
    names = AuditEntry.objects.filter(type__startswith="figures.")
    assert names.count() == 2
    assert other.state == "closed"


def test_a_case_may_be_left_out_for_the_unit_alone(city):
    with clock.at(MONDAY):
        case = lead(city, "closed")
        add_up()
        kinds = [ObjectKind.UNIT]
        exempting.exempt(case, by=city.bureau_leader, reason="误判", kinds=kinds)
        add_up()
    unit = sums(ObjectKind.UNIT, WEEK, keys=[str(city.unit.pk)])
    assert set(unit[str(city.unit.pk)].values()) == {0}
    assert sums(ObjectKind.DISTRICT, WEEK)[DISTRICT]["closed_num"] == 1


def test_a_running_case_cannot_be_left_out(city):
    with pytest.raises(DomainError):
        exempting.exempt(lead(city, "handling"), by=city.overseer, reason="x")


def test_a_return_visit_counts_for_area_and_unit(city):
    with clock.at(MONDAY):
        case = lead(city, "closed")
        flags.visit(case, Verdict.SATISFIED, at=clock.now())
        found = of_district()
        unit = sums(ObjectKind.UNIT, WEEK)[str(city.unit.pk)]
        flags.renew(case)
        assert of_district() == found
    for row in (found, unit):
        assert (row["returned_visit_num"], row["satisfied"]) == (1, 1)
        assert row["unsatisfied"] == 0


def test_a_closed_day_keeps_what_waited_at_its_end(city):
    with clock.at(MONDAY):
        case = lead(city, "pending_dispatch")
    next_day = MONDAY + timedelta(days=1)
    with clock.at(next_day):
        assert closing.close_days() == 1
        assert closing.close_days() == 0
        act(city, case, "dispatch", by="dispatcher")
        add_up()
        day = Period("free", MONDAY.date(), MONDAY.date())
        both = Period("free", MONDAY.date(), next_day.date())
        assert sums(ObjectKind.DISTRICT, day)[DISTRICT]["to_dispatch_num"] == 1
        assert sums(ObjectKind.DISTRICT, both)[DISTRICT]["to_dispatch_num"] == 0
        assert sums(ObjectKind.UNIT, both)[str(city.unit.pk)]["to_handle_num"] == 1
        found = series(ObjectKind.DISTRICT, DISTRICT, [day, both])
    assert [row["need_dispatch_num"] for row in found] == [1, 1]
    assert [row["dispatched_num"] for row in found] == [0, 1]


def test_sums_take_the_same_queries_for_few_and_many(city, django_assert_num_queries):
    def ask():
        with django_assert_num_queries(3):
            sums(ObjectKind.UNIT, WEEK)
        with django_assert_num_queries(3):
            series(ObjectKind.DISTRICT, DISTRICT, WEEK.back(1))

    with clock.at(MONDAY):
        ask()
        for _ in range(3):
            lead(city, "closed")
        add_up()
        ask()


def test_sums_are_kept_by_day_object_and_class(city):
    with clock.at(MONDAY):
        lead(city, "closed")
        lead(city, "closed", class_code="06001")
        add_up()
    row = RollUp.objects.get(kind="unit", key=str(city.unit.pk))
    assert (row.day, row.class_kind, row.class_major) == (MONDAY.date(), "matter", "06")
    assert (row.closed_num, row.given_num, row.accepted_num) == (2, 2, None)


@pytest.mark.parametrize("kind", list(ObjectKind))
def test_every_object_has_a_key_and_a_name(city, kind):
    keys = objects.keys(kind)
    assert keys
    assert all(objects.labels(kind, keys).values())
    assert objects.keys(kind, within="370203") == [
        key for key in objects.keys(kind, within="370203") if key in keys
    ]
    assert objects.labels(kind, ["999999"]) == {"999999": "999999"}


def test_units_of_a_district_are_those_that_serve_it(city):
    inside = UserFactory(roles=["supervisor"])
    assert str(inside.pk) in objects.keys(ObjectKind.SUPERVISOR)
    assert GRID in objects.keys(ObjectKind.UNIT_GRID, within=DISTRICT)
    assert GRID not in objects.keys(ObjectKind.UNIT_GRID, within="370203")


def test_many_rows_are_written_as_few_are(city):
    case = report(city)
    about = rows.about_case(case) | {"class_code": "a\\b", "source": "\tx"}
    made = []
    for number in range(600):
        at = MONDAY + timedelta(days=number)
        row = StepFlags(row="waiting", **rows.moment(at), **about)
        rows.set_flags(row, ["to_accept_num"] if number % 2 else [])
        row.supervisor_id = city.supervisor.pk if number % 3 else None
        made.append(row)
    rows.put(made)
    found = StepFlags.objects.filter(row="waiting").order_by("day")
    kept = list(found.values_list(*rows.NAMES))
    assert kept == [tuple(getattr(row, name) for name in rows.NAMES) for row in made]


def test_a_report_marked_as_missed_after_closing_counts(city):
    with clock.at(MONDAY):
        case = lead(city, "closed")
        source = CaseSource.objects.get(pk="03")
        Case.objects.filter(pk=case.pk).update(source=source)
        add_up()
        services.mark_missed(case, by=city.acceptor)
        found = of_district()
        assert (found["missed_report_num"], found["closed_num"]) == (1, 1)
        services.mark_missed(case, by=city.acceptor, yes=False)
        assert of_district()["missed_report_num"] == 0
