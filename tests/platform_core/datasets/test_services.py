"""Announcing: with the change, by the origin, in the form of the contract."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from rest_framework import serializers

from platform_core.common.errors import ContractViolation, NotOrigin
from platform_core.datasets import checks, federation, registry
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.registry import Dataset
from platform_core.datasets.services import publish
from platform_core.regions.models import Division, Node

OWN = "M37020001"


class ValueSerializer(serializers.Serializer):
    value = serializers.IntegerField(max_value=5)
    text = serializers.CharField(required=False)


def dataset(**changes):
    facts = {
        "code": "test.value",
        "version": 1,
        "name": "Value",
        "direction": "up",
        "model": Node,
        "serializer": ValueSerializer,
        "apply": lambda record: None,
    }
    return Dataset(**(facts | changes))


@pytest.fixture
def contract():
    made = registry.register(dataset())
    yield made
    registry.forget("test.value", 1)


def thing(**changes):
    facts = {"uid": uuid4(), "origin": OWN, "revision": 2, "value": 1, "text": None}
    return SimpleNamespace(**(facts | changes))


def test_an_announcement_keeps_the_record_as_it_travels(db, contract):
    one = thing(text="x")
    entry = publish("test.value", one)
    entry.refresh_from_db()
    assert (entry.uid, entry.revision, entry.op) == (one.uid, 2, "upsert")
    assert entry.data == {"value": 1, "text": "x"}
    assert entry.to_parent
    assert (entry.position, entry.carrier) == (None, None)
    assert publish("test.value", thing(), op="withdraw").op == "withdraw"


def test_announcing_takes_one_query(db, contract, django_assert_num_queries):
    with django_assert_num_queries(1):
        publish("test.value", thing())


def test_announcing_belongs_into_a_transaction(db, contract, monkeypatch):
    outside = SimpleNamespace(in_atomic_block=False)
    monkeypatch.setattr("platform_core.datasets.services.connection", outside)
    with pytest.raises(RuntimeError):
        publish("test.value", thing())


def test_no_announcement_without_the_change(db, contract):
    with transaction.atomic():
        publish("test.value", thing())
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.exists()


def test_records_of_others_and_broken_ones_are_not_announced(db, contract):
    with pytest.raises(NotOrigin):
        publish("test.value", thing(origin="P37000001"))
    with pytest.raises(ContractViolation) as error:
        publish("test.value", thing(value=9))
    assert error.value.code == "range"
    assert "value" in error.value.fields
    with pytest.raises(ContractViolation):
        publish("test.value", thing(text="x" * 4_100_000))
    with pytest.raises(LookupError):
        publish("test.unknown", thing())
    assert not OutboxEntry.objects.exists()


def test_the_newest_version_is_announced(db, contract):
    registry.register(dataset(version=2, recipients=lambda one: ["P37000001"]))
    entry = publish("test.value", thing())
    registry.forget("test.value", 2)
    assert (entry.version, entry.to_parent) == (2, False)
    assert entry.recipients == ["P37000001"]


@pytest.mark.django_db
def test_a_contract_is_registered_once_and_has_a_proper_name(contract):
    for wrong in (dataset(), dataset(code="Value"), dataset(version=0)):
        with pytest.raises(ImproperlyConfigured):
            registry.register(wrong)
    assert registry.get("test.value") is contract
    assert registry.known("test.value")
    assert registry.find("test.value", 7) is None


def test_contracts_are_checked_at_start():
    assert checks.check_datasets() == []
    registry.register(dataset(model=Division, direction="down"))
    found = checks.check_datasets()
    registry.forget("test.value", 1)
    assert [error.id for error in found] == ["datasets.E001"] * 3 + ["datasets.E003"]


def test_the_federation_is_what_nodes_say(db):
    assert federation.parent_code() is None
    Node.objects.filter(code=OWN).delete()
    Node.objects.create(
        code=OWN, tier="municipal", division_id="370200", parent_code="P37000001"
    )
    Node.objects.create(
        code="P37000001", tier="provincial", division_id="370000", parent_code=""
    )
    assert federation.parent_code() == "P37000001"
    assert federation.child_codes() == []
