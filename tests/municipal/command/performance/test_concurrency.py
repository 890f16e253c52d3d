"""Steps commit late while the beat adds up: nothing is lost, nothing doubled."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from municipal.command.performance import exempting, rebuilding, rewriting, summing
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.models import StepFlags
from municipal.command.performance.periods import period_of
from municipal.command.performance.sums import sums
from platform_core.common import clock
from tests.factories import command as factory
from tests.factories.command import act, lead, report

from . import oracle

WRITERS, CASES = 6, 5
pytestmark = [
    pytest.mark.usefixtures("real_commits"),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time; the race needs PostgreSQL",
    ),
]


def figures():
    today = period_of("year", clock.today())
    expected = oracle.count(today.first, today.last)
    for kind in (ObjectKind.DISTRICT, ObjectKind.UNIT, ObjectKind.ACCEPTOR):
        for key, row in sums(kind, today).items():
            plain = expected[kind.value, key]
            assert row == {code: plain[code] for code in row}
    return sums(ObjectKind.DISTRICT, today)["370202"]


def test_steps_that_commit_late_are_counted_once():
    city = factory.district()
    over = Event()

    def write(number):
        chance = random.Random(number)
        try:
            for _ in range(CASES):
                with transaction.atomic():
                    case = report(city, class_code=chance.choice(["06010", "06001"]))
                    case = act(city, case, "accept", by="acceptor")
                    over.wait(chance.random() / 10)
                    act(city, case, "file", by="duty_leader")
        finally:
            connection.close()

    def beat(_number):
        try:
            while not over.is_set():
                rewriting.rewrite_stale()
                summing.add_new(limit=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        beats = [pool.submit(beat, number) for number in range(2)]
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        for one in writers:
            one.result()
        over.set()
        for one in beats:
            one.result()
    summing.add_all()
    assert not StepFlags.objects.filter(summed=False).exists()
    found = figures()
    assert found["filed_num"] == found["accepted_num"] == WRITERS * CASES


def test_a_rebuild_and_an_exemption_beside_the_beat():
    city = factory.district()
    cases = [lead(city, "closed") for _ in range(4)]
    jobs = [
        rebuilding.rebuild_all,
        lambda: exempting.exempt(cases[0], by=city.overseer, reason="误判"),
        summing.add_all,
        lambda: rewriting.rewrite([case.pk for case in cases]),
        summing.add_all,
        rebuilding.rebuild_all,
    ]

    def run(job):
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))
    summing.add_all()
    today = period_of("year", clock.today())
    found = sums(ObjectKind.DISTRICT, today)["370202"]
    assert found["closed_num"] == found["reported_num"] == 3
    exempting.readmit(cases[0], by=city.overseer)
    assert figures()["closed_num"] == 4


def test_a_beat_that_dies_leaves_nothing_half_done(monkeypatch):
    city = factory.district()
    lead(city, "closed")

    def die(*_args, **_given):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(StepFlags.objects.all().__class__, "update", die)
        with pytest.raises(RuntimeError):
            summing.add_new()
    summing.add_all()
    assert figures()["closed_num"] == 1
