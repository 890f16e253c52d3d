"""Many at once: the database decides.  [needs a server with real concurrency]"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from municipal.command import clocks, services
from municipal.command.models import CaseAlert
from municipal.command.services import alerts
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.notices.models import Notice
from platform_core.processes.models import ProcessStep
from tests.factories import command as factory
from tests.factories.command import lead

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 9, 0))
THREADS = 50
pytestmark = [
    pytest.mark.usefixtures("real_commits"),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time; the race needs PostgreSQL",
    ),
]


def at_once(many, do):
    """What `do(number)` gave each of many threads that began together."""
    together = Barrier(many)

    def one(number):
        try:
            connection.ensure_connection()
            together.wait(timeout=60)
            return do(number) or "won"
        except DomainError as late:
            return late.status
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


@pytest.mark.parametrize("kind", ["suspension", "extension"])
def test_of_fifty_who_decide_at_once_one_wins(kind):
    city = factory.district()
    case = lead(city, "handling")
    until = clock.now() + timedelta(days=3)
    request = services.ask(
        case, kind, by=city.dept_handler, reason="道路施工", until=until
    )
    steps = ProcessStep.objects.count()

    def decide(number):
        approve = number % 2 == 0
        services.decide(request, by=city.dispatcher, approve=approve, opinion="已阅")

    results = Counter(at_once(THREADS, decide))
    assert results == {"won": 1, 409: THREADS - 1}
    request.refresh_from_db()
    assert not request.is_pending
    assert ProcessStep.objects.count() - steps <= 1
    seqs = list(case.process.steps.values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_of_fifty_who_dispatch_at_once_one_wins_and_the_others_learn_who():
    city = factory.district()
    case = lead(city, "pending_dispatch")
    told = []

    def dispatch(number):
        unit = city.unit if number % 2 else city.other_unit
        try:
            services.dispatch_case(case, by=city.dispatcher, unit=unit)
        except DomainError as late:
            told.append(str(late))
            raise

    results = Counter(at_once(THREADS, dispatch))
    assert results == {"won": 1, 409: THREADS - 1}
    assert all(city.dispatcher.full_name in text for text in told)
    assert case.process.steps.filter(action="dispatch").count() == 1


def test_of_fifty_who_take_a_case_up_again_one_wins():
    city = factory.district()
    case = lead(city, "closed")

    def reopen(_number):
        services.reopen(case, by=city.duty_leader, reason="不满意")

    assert Counter(at_once(THREADS, reopen)) == {"won": 1, 409: THREADS - 1}


def test_beats_that_run_at_once_tell_each_only_once():
    city = factory.district()
    with clock.at(MONDAY):
        cases = [lead(city, "handling") for _ in range(5)]
        last = clocks.unit_clock(cases[0]).deadline(1.25).at
    Notice.objects.all().delete()

    def beat(_number):
        with clock.at(last):
            return str(alerts.send_due())

    sent = sum(map(int, at_once(8, beat)))
    assert sent == CaseAlert.objects.count() == Notice.objects.count() == 15
