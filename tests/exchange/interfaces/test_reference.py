"""The packaged tables: complete, sound, and loaded without harm to one's own."""

from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from exchange.interfaces.enums import Kind, Life
from exchange.interfaces.loaders import lines, load_tables
from exchange.interfaces.models import CodeList, Field, Table, TableVersion
from exchange.interfaces.sampling import sample
from platform_core.datasets import schema as schemas

pytestmark = pytest.mark.django_db


def test_all_tables_fields_and_lists_are_there():
    assert Table.objects.count() == 106
    assert Field.objects.count() == 1141
    assert CodeList.objects.count() == 119
    per_subset = Counter(Table.objects.values_list("subset", flat=True))
    assert len(per_subset) == 10
    assert per_subset["operation"] == 18


def test_every_type_has_a_schema_and_every_list_exists():
    kinds = set(Field.objects.values_list("kind", flat=True))
    assert kinds == set(Kind.values)
    lists = set(CodeList.objects.values_list("code", flat=True))
    used = Field.objects.filter(kind="code").values_list("code_list", flat=True)
    assert set(used) <= lists
    assert not Field.objects.filter(kind="string", length=None).exists()


@pytest.mark.function("DX-02", at="interfaces:sample")
def test_the_sample_of_every_table_fits_its_schema():
    for version in TableVersion.objects.select_related("table"):
        Draft202012Validator.check_schema(version.schema)
        checker = schemas.validator(version.schema)
        for number in (1, 2, 99):
            record = sample(version, number)
            assert schemas.first_problem(checker, record) is None, (version, record)
            assert set(record) == {one.code for one in version.fields.all()}
    assert sample(version, 1) != sample(version, 2)


def test_an_empty_record_misses_what_is_mandatory():
    version = Table.objects.get(code="si_task").current
    problem = schemas.first_problem(schemas.validator(version.schema), {})
    assert (problem.code, problem.field) == ("required", "task_no")
    wrong = sample(version) | {"priority": "very very urgent"}
    problem = schemas.first_problem(schemas.validator(version.schema), wrong)
    assert (problem.code, problem.field) == ("code_list", "priority")


def test_personal_fields_need_not_travel():
    case = Table.objects.get(code="cm_case").current
    assert {"reporter", "reporter_phone"} <= set(case.personal)
    task = Table.objects.get(code="si_task").current
    assert "issuer_phone" not in task.schema["required"]


def test_loading_again_changes_nothing():
    before = list(TableVersion.objects.values_list("pk", "updated_at"))
    load_tables()
    assert list(TableVersion.objects.values_list("pk", "updated_at")) == before


def changed(monkeypatch):
    """The package of a later release: one field of si_task is longer."""

    def other(name):
        found = lines(name)
        for line in found:
            if (line.get("table"), line["code"]) == ("si_task", "title"):
                line["length"] = "300"
        return found

    monkeypatch.setattr("exchange.interfaces.loaders.lines", other)


def test_a_later_package_makes_a_new_version(monkeypatch):
    changed(monkeypatch)
    load_tables()
    table = Table.objects.get(code="si_task")
    assert (table.version, table.state) == (2, Life.PUBLISHED)
    assert table.versions.get(number=1).state == Life.DEPRECATED
    assert TableVersion.objects.count() == 107


def test_a_later_package_is_a_proposal_where_people_made_their_own(monkeypatch):
    table = Table.objects.get(code="si_task")
    TableVersion.objects.create(table=table, number=2, state=Life.WITHDRAWN)
    changed(monkeypatch)
    load_tables()
    assert table.versions.get(number=3).state == Life.DRAFT
    table.refresh_from_db()
    assert table.version == 1
