"""Fifty at once: the database decides.  [needs a server with real concurrency]"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from platform_core.common.errors import Conflict
from platform_core.processes import services
from platform_core.processes.models import ProcessInstance, ProcessStep

THREADS = 50
pytestmark = [
    pytest.mark.usefixtures("reference_again"),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time; the race needs PostgreSQL",
    ),
]


@pytest.mark.django_db(transaction=True)
def test_one_of_fifty_wins(permit):
    pk = services.start("permit").pk
    together = Barrier(THREADS)

    def step(_):
        try:
            loaded = ProcessInstance.objects.get(pk=pk)
            together.wait(timeout=30)
            services.fire(loaded, "check", roles={"acceptor"})
        except Conflict as late:
            return late.status
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        results = Counter(pool.map(step, range(THREADS)))
    assert results == {"won": 1, 409: THREADS - 1}
    assert list(ProcessStep.objects.values_list("seq", flat=True)) == [1]
    assert ProcessInstance.objects.get(pk=pk).step_count == 1


@pytest.mark.django_db
def test_the_database_keeps_steps(instance):
    step = services.fire(instance, "check", roles={"acceptor"})
    for statement in (
        "UPDATE processes_processstep SET note = 'x' WHERE id = %s",
        "DELETE FROM processes_processstep WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [step.pk])
