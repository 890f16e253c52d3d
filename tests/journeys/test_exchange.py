"""A nation, a province and a city in processes of their own."""

import pytest

from .federation import LINE, Federation

pytestmark = pytest.mark.journey
NATION, PROVINCE, CITY = LINE
# A district for each test, so that none sees the figures of another.
ONE, OTHER = "370202", "370203"

COUNT = """
from django.db import transaction
from platform_core.common.clock import today
from platform_core.systems.monitoring import services
with transaction.atomic():
    services.count("cases.closed", "{division}", day=today(), amount={amount})
"""
VALUE = """
    select value, origin from monitoring_indicatorvalue
    where indicator_id = 'cases.closed' and division = ? and value = ?
    and length(period) = 10
"""
KEYS = "select node from delivery_nodekey where node = ?"
OPEN = "select 1 from delivery_parcel where state <> 'delivered'"
PROBLEMS = "select 1 from delivery_problemrecord"


@pytest.fixture(scope="module")
def federation(tmp_path_factory):
    with Federation(tmp_path_factory.mktemp("federation")) as made:
        yield made


def test_everybody_learns_the_keys_of_everybody(federation):
    for code in LINE:
        for other in LINE:
            assert federation.wait_for(code, KEYS, other)


def test_a_figure_travels_from_the_city_to_the_nation(federation):
    federation.run(CITY, COUNT.format(division=ONE, amount=3))
    for code in LINE:
        ((value, origin),) = federation.wait_for(code, VALUE, ONE, 3)
        assert (value, origin) == (3, CITY)


def test_a_province_that_was_away_gets_everything_once(federation):
    """The city works on; when the province is back, all of it arrives by itself."""
    federation.nodes[PROVINCE].stop()
    for amount in (1, 2, 3):
        federation.run(CITY, COUNT.format(division=OTHER, amount=amount))
    waiting = "select 1 from delivery_peer where code = ? and failures > 0"
    federation.wait_for(CITY, waiting, PROVINCE)
    assert not federation.rows(NATION, VALUE, OTHER, 6)
    federation.nodes[PROVINCE].start()
    federation.nodes[PROVINCE].wait_ready()
    for code in LINE:
        ((value, origin),) = federation.wait_for(code, VALUE, OTHER, 6, patience=30)
        assert (value, origin) == (6, CITY)
    twice = """
        select uid from delivery_ledgerrow group by origin, interface, uid
        having count(*) > 1
    """
    for code in LINE:
        assert not federation.rows(code, twice)
        assert not federation.rows(code, PROBLEMS)
