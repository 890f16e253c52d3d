"""Two at once: the database decides.  [needs a server with real concurrency]"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from municipal.command.performance import counting
from municipal.command.performance.models import Run
from municipal.command.performance.services import running
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from tests.factories import command as factory
from tests.factories.accounts import UserFactory

from .conftest import OCTOBER, unit_counts

THREADS = 10
pytestmark = [
    pytest.mark.usefixtures("real_commits"),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time; the race needs PostgreSQL",
    ),
]


def at_once(do):
    """What `do()` gave each of some threads that began together."""
    together = Barrier(THREADS)

    def one(_number):
        try:
            connection.ensure_connection()
            together.wait(timeout=60)
            do()
        except DomainError as late:
            return late.status
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(map(str, pool.map(one, range(THREADS))))


@pytest.fixture
def manager(monkeypatch):
    city = factory.district()
    found = {str(city.unit.pk): unit_counts(9, 10)}
    monkeypatch.setattr(counting, "sums", lambda kind, period, keys=None: found)
    return UserFactory(roles=["centre_manager"])


LOST = ["409"] * (THREADS - 1)


def test_one_of_many_publishes(manager):
    run = running.start(kind="unit", period=OCTOBER, by=manager)
    shown = running.show(run=run, by=manager)
    with clock.at(shown.publicity_until + timedelta(hours=1)):
        running.approve(run=run, by=manager)
    assert at_once(lambda: running.publish(run=run, by=manager)) == [*LOST, "won"]
    assert AuditEntry.objects.filter(type="evaluation.published").count() == 1


def test_one_of_many_evaluates(manager):
    def start():
        running.start(kind="unit", period=OCTOBER, by=manager)

    assert at_once(start) == [*LOST, "won"]
    assert Run.objects.count() == 1
    assert Run.objects.get().results.count() == 1


def test_one_of_many_corrects(manager):
    run = running.start(kind="unit", period=OCTOBER, by=manager)
    shown = running.show(run=run, by=manager)
    with clock.at(shown.publicity_until + timedelta(hours=1)):
        running.publish(run=running.approve(run=run, by=manager), by=manager)

    def correct():
        running.correct(run=run, reason="口径有误", by=manager)

    assert at_once(correct) == [*LOST, "won"]
    assert Run.objects.filter(replaces=run).count() == 1
