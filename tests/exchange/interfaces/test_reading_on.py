"""Filling reads on from an index: what was read before costs nothing again."""

from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from exchange.interfaces.models import Cursor
from exchange.interfaces.services import filling
from municipal.command.models import Case, Component
from platform_core.common.clock import now
from platform_core.datasets.filling import find
from platform_core.processes.models import ProcessInstance
from tests.factories.command import district, report

pytestmark = pytest.mark.django_db
# So many that the planner of PostgreSQL has a reason to choose.
MANY = 600


def many_components():
    Component.objects.bulk_create(
        Component(
            code=f"{number:016}",
            edition="2013",
            class_code="010101",
            class_name="上水井盖",
            lon=120.3,
            lat=36.1,
            cell=1,
            grid_code="370202001001001",
            surveyed_on=now().date(),
        )
        for number in range(MANY)
    )
    return Component


def many_cases():
    """Cases like one that was reported, each with a process of its own."""
    first = report(district())
    processes = ProcessInstance.objects.bulk_create(
        copied(first.process) for _number in range(MANY)
    )
    Case.objects.bulk_create(
        copied(first, number=f"{number:017}", task_number="", process=process)
        for number, process in enumerate(processes)
    )
    return Case


def copied(record, **fields):
    fields |= {"pk": None, "id": None, "uid": uuid4()}
    one = copy(record)
    one._state = copy(record._state)
    for name, value in fields.items():
        setattr(one, name, value)
    return one


def spread(model):
    """Each record with a moment of change of its own; the table, with statistics."""
    records = list(model.objects.only("pk"))
    for number, one in enumerate(records):
        one.updated_at = now() - timedelta(minutes=number)
    model.objects.bulk_update(records, ["updated_at"])
    if connection.vendor == "postgresql":
        with connection.cursor() as database:
            database.execute(f"ANALYZE {model._meta.db_table}")
    return model._meta.db_table


@pytest.mark.parametrize(
    ("code", "index", "many"),
    [
        ("cm_case", "case_changed", many_cases),
        ("cb_component", "component_changed", many_components),
    ],
)
def test_big_tables_are_read_on_from_where_the_cursor_stands(code, index, many):
    """Neither those of the cursor's moment nor the first after it are searched for."""
    table = spread(many())
    same_moment, later = filling.ranges(
        Cursor(at=now() - timedelta(minutes=MANY - 50), last="5"), find(code)
    )
    for one in (same_moment[:5].explain(), later[:5].explain()):
        assert index in one
        assert f"Seq Scan on {table}" not in one
        assert "TEMP B-TREE" not in one
    assert "Sort" not in later[:5].explain()
