"""Systems of the platform fill tables, a part at a time, what changed only."""

from datetime import timedelta

import pytest

from exchange.interfaces import selectors
from exchange.interfaces.models import Batch, Cursor, Row, Table
from exchange.interfaces.services import filling, tables
from platform_core.accounts.models import OrgUnit
from platform_core.common.clock import at, now
from platform_core.datasets import schema as schemas
from platform_core.datasets.filling import fillings
from platform_core.datasets.models import OutboxEntry
from tests.factories.accounts import OrgUnitFactory
from tests.factories.command import district, report
from tests.factories.supervision import issued

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


def fill(code, minutes=5):
    with at(now() + timedelta(minutes=minutes)):
        return filling.fill(code)


def rows(code):
    return selectors.rows(Table.objects.get(code=code))


def test_organisations_land_once_and_again_when_they_change():
    unit = OrgUnitFactory(name="示例城管局")
    others = OrgUnit.objects.count() - 1
    assert fill("cb_org") == others + 1
    assert fill("cb_org", 6) == 0
    unit.name = "示例综合执法局"
    with at(now() + timedelta(minutes=7)):
        unit.touch()
        unit.save()
    assert fill("cb_org", 15) == 1
    row = rows("cb_org").get(key=unit.code)
    assert (row.content["name"], row.revision) == ("示例综合执法局", 2)
    assert Batch.objects.filter(table__code="cb_org").count() == 2


def test_what_has_just_changed_waits_for_its_neighbours():
    OrgUnitFactory()
    with at(now() + timedelta(seconds=1)):
        assert filling.fill("cb_org") == 0


def test_a_part_at_a_time_reaches_all(monkeypatch):
    OrgUnitFactory.create_batch(5)
    monkeypatch.setattr(filling, "PART", 2)
    total = OrgUnit.objects.count()
    for _run in range(total // 2 + 1):
        fill("cb_org")
    assert rows("cb_org").count() == total


def test_what_changed_at_the_same_moment_is_taken_in_parts_too(monkeypatch):
    OrgUnitFactory.create_batch(7)
    with at(now() + timedelta(seconds=1)):
        OrgUnit.objects.update(updated_at=now())
    with at(now() + timedelta(seconds=2)):
        late = OrgUnitFactory()
    monkeypatch.setattr(filling, "PART", 3)
    counts = []
    while landed := fill("cb_org"):
        counts.append(landed)
    total = OrgUnit.objects.count()
    assert (sum(counts), max(counts)) == (total, 3)
    assert rows("cb_org").count() == total
    assert Cursor.objects.get(table__code="cb_org").last == str(late.pk)


def test_a_table_that_is_switched_off_is_left_alone():
    OrgUnitFactory()
    table = Table.objects.get(code="cb_org")
    tables.describe(table=table, by=None, filled=False)
    assert fill("cb_org") == 0
    assert not Row.objects.exists()


def test_tables_without_a_date_of_change_are_read_in_turns():
    total = fill("cb_division")
    assert total > 0
    assert Cursor.objects.get(table__code="cb_division").last == ""
    assert fill("cb_division") == 0


def test_cases_go_out_without_who_reported_them():
    case = report(district(), reporter="张三", contact="13800000000")
    assert fill("cm_case") == 1
    row = rows("cm_case").get()
    assert row.key == case.number
    assert "张三" not in str(row.content)
    assert OutboxEntry.objects.get(interface="standard.cm_case").data == row.content


def test_grids_land_with_their_cells_and_the_unfit_are_counted():
    city = district()
    assert fill("cb_unit_grid") == 4
    assert fill("cb_duty_grid") == 1
    content = rows("cb_duty_grid").get().content
    assert len(content["unit_grids"]) == 4
    assert content["supervisors"] == [city.supervisor.pk]
    sent = OutboxEntry.objects.filter(interface="standard.cb_unit_grid").count()
    assert sent == 4
    fill("cb_division")
    assert Cursor.objects.get(table__code="cb_division").unfit > 0


def test_every_filling_names_a_table_and_its_fields():
    for one in fillings():
        assert Table.objects.filter(code=one.table).exists(), one.table


def test_a_key_task_lands_without_the_phone_of_its_issuer():
    task = issued()
    assert fill("si_task") == 1
    row = rows("si_task").get()
    assert row.key == task.number
    assert "issuer_phone" not in row.content
    checker = schemas.validator(Table.objects.get(code="si_task").schema)
    assert schemas.first_problem(checker, row.content) is None
