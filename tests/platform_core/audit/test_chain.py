"""The audit log finds what somebody did to it behind the platform's back."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from platform_core.audit import services as audit
from platform_core.audit import tasks
from platform_core.audit.models import AuditEntry, AuditHead
from platform_core.common.errors import Forbidden
from platform_core.regions.models import Division
from tests.factories.accounts import UserFactory
from tests.factories.audit import TABLE, tamper

pytestmark = pytest.mark.django_db


def kind_of_fault():
    _count, fault = audit.verify()
    return None if fault is None else (fault.kind, fault.seq)


@pytest.fixture
def log():
    for number in range(1, 7):
        audit.record("case.reported", data={"number": number})
    audit.seal()
    return list(AuditEntry.objects.sealed())


def test_record_is_one_insert_and_remembers_who_and_what(django_assert_num_queries):
    user = UserFactory(full_name="王芳")
    city = Division.objects.get(pk="370200")
    with django_assert_num_queries(1):
        entry = audit.record("case.closed", city, by=user, data={"uid": user.uid})
    assert (entry.actor_id, entry.actor_name) == (user.pk, "王芳")
    assert entry.object_type == "regions.division"
    assert (entry.object_id, entry.object_label) == ("370200", "青岛市")
    assert entry.data == {"uid": str(user.uid)}
    assert str(entry) == "case.closed 青岛市"


def test_record_takes_lazy_texts_and_visitors_without_an_account():
    data = {"why": gettext_lazy("Bureau")}
    entry = audit.record("signin.failed", by=AnonymousUser(), data=data)
    assert (entry.actor_id, entry.actor_name) == (None, "")
    assert isinstance(json.loads(json.dumps(entry.data))["why"], str)


def test_record_is_rolled_back_with_the_change():
    with transaction.atomic():
        audit.record("case.closed")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(type="case.closed").exists()


def test_sealing_numbers_without_a_gap_and_once(log):
    assert [entry.seq for entry in log] == list(range(1, 7))
    assert audit.seal() == 0
    audit.record("case.closed")
    assert tasks.seal() == 1
    head = AuditHead.objects.get()
    last = AuditEntry.objects.sealed().last()
    assert (head.seq, head.hash) == (7, last.hash)
    assert str(head) == f"7 {last.hash}"
    assert last.previous_hash == log[-1].hash


def test_sealing_goes_on_over_several_batches(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    for _ in range(5):
        audit.record("case.reported")
    assert audit.seal(limit=2) == 2
    assert audit.seal() == 3
    assert kind_of_fault() is None


def test_intact_log_is_ok(log):
    assert kind_of_fault() is None
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith(f"OK: 6 rows, end 6:{log[-1].hash}")


def test_empty_log_is_ok():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("OK: 0 rows")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("data", '{"number": 99}'),
        ("actor_name", "somebody else"),
        ("actor_id", 4711),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("type", "case.cancelled"),
        ("node", "M37080001"),
        ("object_id", "1"),
        ("object_type", "x.y"),
        ("object_label", "z"),
        ("hash", "f" * 64),
        ("previous_hash", "f" * 64),
    ],
)
def test_change_is_found(log, column, value):
    tamper(f"UPDATE {TABLE} SET {column} = %s WHERE seq = 3", value)
    assert kind_of_fault() == ("altered", 3)


def test_command_names_the_first_bad_row(log):
    tamper(f"UPDATE {TABLE} SET type = 'x' WHERE seq IN (4, 5)")
    with pytest.raises(CommandError) as caught:
        call_command("verify_audit")
    text = str(caught.value)
    assert f"first bad row: 4 (id {log[3].pk}): altered" in text
    assert "3 rows before it are intact" in text
    assert caught.value.returncode == 1


def test_command_names_a_row_that_is_gone(log):
    tamper(f"DELETE FROM {TABLE} WHERE seq = 2")
    with pytest.raises(CommandError, match="first bad row: 2: missing"):
        call_command("verify_audit")


def test_delete_is_found(log):
    tamper(f"DELETE FROM {TABLE} WHERE seq = 1")
    assert kind_of_fault() == ("missing", 1)


def test_delete_with_renumbering_is_found(log):
    tamper(f"DELETE FROM {TABLE} WHERE seq = 3")
    tamper(f"UPDATE {TABLE} SET seq = 3 WHERE seq = 4")
    assert kind_of_fault() == ("altered", 3)


def reseal(entry, seq, previous_hash):
    """Give a row a hash that fits its own content, as a skilled intruder would."""
    entry.seq = seq
    fitting = audit.digest(entry, seq, previous_hash)
    tamper(
        f"UPDATE {TABLE} SET seq = %s, previous_hash = %s, hash = %s WHERE id = %s",
        seq,
        previous_hash,
        fitting,
        entry.pk,
    )
    return fitting


def test_reorder_is_found_even_with_fitting_hashes(log):
    third, fourth = log[2], log[3]
    tamper(f"UPDATE {TABLE} SET seq = 100 WHERE id = %s", third.pk)
    reseal(fourth, 3, third.hash)
    reseal(third, 4, third.previous_hash)
    assert kind_of_fault() == ("out_of_order", 3)


def test_insert_is_found(log):
    entry = audit.record("case.cancelled")
    for seq in (6, 5, 4):
        tamper(f"UPDATE {TABLE} SET seq = %s WHERE seq = %s", seq + 1, seq)
    reseal(entry, 4, log[2].hash)
    assert kind_of_fault() == ("altered", 5)


def test_truncation_is_found(log):
    tamper(f"DELETE FROM {TABLE} WHERE seq > 4")
    assert kind_of_fault() == ("truncated", 5)


def test_truncation_of_everything_is_found(log):
    tamper(f"DELETE FROM {TABLE}")
    assert kind_of_fault() == ("truncated", 1)


def test_fork_is_found(log):
    """The same number of rows, continued from an older copy."""
    reseal(log[5], 6, log[4].hash)
    tamper(f"UPDATE {TABLE} SET type = 'x' WHERE seq = 6")
    other = AuditEntry.objects.get(seq=6)
    reseal(other, 6, log[4].hash)
    assert kind_of_fault() == ("forked", 6)


def test_rows_added_behind_the_head_are_found(log):
    entry = audit.record("case.cancelled")
    reseal(entry, 7, log[5].hash)
    assert kind_of_fault() == ("forked", 7)


def test_lost_head_is_found(log):
    AuditHead.objects.all().delete()
    assert kind_of_fault() == ("forked", 6)


def test_model_refuses_change_and_deletion(log):
    entry = log[0]
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(type="x"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert kind_of_fault() is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {TABLE} SET type = 'x' WHERE seq = 2",
        f"UPDATE {TABLE} SET hash = 'x' WHERE seq = 2",
        f"DELETE FROM {TABLE} WHERE seq = 2",
        f"UPDATE {TABLE} SET type = 'x' WHERE seq IS NULL",
    ],
)
def test_database_refuses_change_and_deletion(log, sql):
    audit.record("case.closed")
    with (
        pytest.raises(Exception, match="audit rows are never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
