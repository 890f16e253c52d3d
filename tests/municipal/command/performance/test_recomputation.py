"""Figures equal a plain recomputation from the raw steps."""

from datetime import date, datetime

from django.utils import timezone

from municipal.command.enums import TERMINAL
from municipal.command.performance import closing, rebuilding, rewriting, summing
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.measures import of, rate
from municipal.command.performance.models import RollUp, StepFlags
from municipal.command.performance.periods import Period, period_of
from municipal.command.performance.sums import series, sums
from platform_core.common import clock

from . import oracle
from .walking import DAYS, walk_many

CASES = 220
AFTERWARDS = timezone.make_aware(datetime(2027, 3, 1, 12, 0))
MONTH = period_of("month", date(2026, 10, 1))
PERIODS = (
    MONTH,
    period_of("week", date(2026, 10, 14)),
    period_of("year", date(2026, 10, 1)),
    Period("free", date(2026, 10, 9), date(2026, 10, 20)),
)


def add_up():
    while rewriting.rewrite_stale():
        pass
    summing.add_all()


def close_all():
    day = date(2026, 10, 1)
    while day <= date(2027, 2, 28):
        closing.close_day(day)
        day = date.fromordinal(day.toordinal() + 1)


def compare(period):
    """Every figure of every object is that of the plain recomputation."""
    expected = oracle.count(period.first, period.last)
    compared = 0
    for kind in ObjectKind:
        found = sums(kind, period)
        wanted = {key: row for (one, key), row in expected.items() if one == kind}
        codes = [one.code for one in of(kind)]
        for key in {*found, *wanted}:
            figures = found.get(key, dict.fromkeys(codes, 0))
            plain = {code: wanted.get(key, {}).get(code, 0) for code in codes}
            assert figures == plain, (kind, key, period)
            compared += sum(map(bool, plain.values()))
    return compared


def test_figures_equal_a_plain_recomputation_of_random_cases(city):
    cases = walk_many(city, 7, CASES)
    assert DAYS
    with clock.at(AFTERWARDS):
        close_all()
        add_up()
        assert not StepFlags.objects.filter(summed=False).exists()
        seen = sum(compare(period) for period in PERIODS)
        first = list(RollUp.objects.order_by("kind", "day", "key").values_list())
        assert rebuilding.rebuild_all() == CASES
        for period in PERIODS:
            compare(period)
        row = ObjectKind.DISTRICT, "370202"
        assert series(*row, PERIODS) == [sums(*row[:1], p)[row[1]] for p in PERIODS]
    assert seen > 1000
    assert len(first) > 100
    assert sum(case.state in TERMINAL for case in cases) > CASES / 3


def test_what_waits_now_is_what_the_steps_say(city):
    walk_many(city, 11, 60)
    add_up()
    today = clock.today()
    period = Period("free", date(2026, 10, 1), today)
    running = {kind: sums(kind, period) for kind in ObjectKind}
    expected = oracle.count(period.first, period.last)
    assert any(row["to_handle_num"] for row in running[ObjectKind.UNIT].values())
    for kind, found in running.items():
        for key, row in found.items():
            plain = expected[kind.value, key]
            assert row == {code: plain[code] for code in row}, (kind, key)


def test_rebuilding_twice_changes_nothing(city):
    walk_many(city, 3, 15)
    rebuilding.rebuild_all()
    once = list(StepFlags.objects.order_by("step", "day").values_list("step", "day"))
    sums_once = {kind: sums(kind, MONTH) for kind in ObjectKind}
    rebuilding.rebuild_all()
    again = list(StepFlags.objects.order_by("step", "day").values_list("step", "day"))
    assert again == once
    assert {kind: sums(kind, MONTH) for kind in ObjectKind} == sums_once


def test_adding_up_twice_changes_nothing(city):
    walk_many(city, 5, 10)
    add_up()
    before = {kind: sums(kind, MONTH) for kind in ObjectKind}
    assert summing.add_new() == 0
    add_up()
    assert {kind: sums(kind, MONTH) for kind in ObjectKind} == before


def test_the_bulletin_of_the_worked_example():
    """Accepted 1054, filed 996, due 972, closed 911, on time 737; 953 and 43."""
    assert round(rate(911, 972), 2) == 93.72
    assert round(rate(737, 972), 2) == 75.82
    assert round(rate(953, 996), 2) == 95.68
    assert round(rate(43, 996), 2) == 4.32
    assert rate(0, 0) is None
