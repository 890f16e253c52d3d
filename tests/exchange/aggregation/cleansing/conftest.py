"""A table with fields of all sorts, people, and rows that landed for it."""

import pytest

from exchange.aggregation.cleansing.models import Problem, Run
from exchange.aggregation.cleansing.services import rule_sets, running
from exchange.delivery.services import housekeeping
from exchange.interfaces.enums import Kind, Life, Need
from exchange.interfaces.models import CodeList, Field, Table, TableVersion
from exchange.interfaces.services import land
from tests.factories.accounts import UserFactory

FIELDS = (
    ("code", "编号", Kind.STRING, 20, Need.MANDATORY, "", True, False),
    ("name", "名称", Kind.STRING, 8, Need.MANDATORY, "", False, False),
    ("keeper_phone", "电话", Kind.STRING, 30, Need.OPTIONAL, "", False, True),
    ("made", "建成日期", Kind.DATE, None, Need.OPTIONAL, "", False, False),
    ("state", "状态", Kind.CODE, None, Need.MANDATORY, "test_state", False, False),
)


def row(code, **changes):
    """A row without any problem."""
    good = {
        "code": code,
        "name": "路灯",
        "keeper_phone": "13812345678",
        "made": "2020-05-01",
        "state": "1",
    }
    return good | changes


@pytest.fixture
def table(db):
    """A table of street lamps, published."""
    made = Table.objects.create(
        code="test_lamp",
        subset="city_basic",
        name="路灯",
        direction="up",
        frequency="day",
    )
    version = TableVersion.objects.create(table=made, state=Life.PUBLISHED)
    for place, (code, name, kind, length, need, codes, key, personal) in enumerate(
        FIELDS
    ):
        Field.objects.create(
            version=version,
            place=place,
            code=code,
            name=name,
            kind=kind,
            length=length,
            need=need,
            code_list=codes,
            is_key=key,
            personal=personal,
        )
    CodeList.objects.create(
        code="test_state",
        values=[{"code": "1", "name": "完好"}, {"code": "2", "name": "损坏"}],
    )
    made.current = version
    made.save()
    return made


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch):
    """What is announced waits; delivering has tests of its own."""
    monkeypatch.setattr(housekeeping, "kick", lambda: None)


@pytest.fixture
def steward(db):
    return UserFactory(roles=["sys_admin"])


@pytest.fixture
def clerk(db):
    """Answers for a source."""
    return UserFactory(roles=["data_sender"])


@pytest.fixture
def rules(table, steward):
    """The default rules of the table, published."""
    rule_set = rule_sets.make(table=table, by=steward)
    rule_sets.publish(version=rule_set.draft, by=steward)
    rule_set.refresh_from_db()
    return rule_set


@pytest.fixture
def run(rules, steward, django_capture_on_commit_callbacks):
    """Run the rules to the end, once more with each call."""

    def again():
        with django_capture_on_commit_callbacks(execute=True):
            made = running.start(rule_set=rules, by=steward)
        return Run.objects.get(pk=made.pk)

    return again


@pytest.fixture
def landed(table, clerk):
    """Land rows of a source that the clerk answers for."""

    def put(*rows, source="路灯管理处", by=clerk, origin=None):
        return land(table=table, rows=rows, source=source, by=by, origin=origin)

    return put


@pytest.fixture
def problem(landed, run):
    """One problem, a duty of the clerk."""
    landed(row("L1", name=""))
    run()
    return Problem.objects.get()
