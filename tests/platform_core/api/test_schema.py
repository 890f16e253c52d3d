"""The OpenAPI document, its page, and the health addresses."""

import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from drf_spectacular.validation import validate_schema

from platform_core.api import health
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NODES = ["N10000001", "P37000001", "M37020001"]


@pytest.mark.parametrize("node", NODES)
def test_document_is_openapi(client, as_node, node):
    as_node(node)
    client.force_login(UserFactory(is_superuser=True))
    answer = client.get("/api/schema", {"format": "json"})
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    validate_schema(document)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            refused = operation["responses"]["403"]["content"]["application/json"]
            assert refused["schema"]["$ref"].endswith("/Error"), path


def test_page_of_the_document_loads_nothing_from_elsewhere(client):
    answer = client.get("/api/docs")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert not re.findall(r"<script>[^<]", text)


def test_process_is_alive_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"ok"}


def test_not_ready_says_why(client, monkeypatch):
    monkeypatch.setattr(cache, "set", lambda *args: None)

    def broken():
        raise DatabaseError

    monkeypatch.setattr(health, "database_answers", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks == {"database": "failed", "cache": "failed", "migrations": "ok"}


def test_not_ready_before_the_migrations(monkeypatch):
    class Behind:
        def __init__(self, connection):
            self.loader = self
            self.graph = self

        def leaf_nodes(self):
            return []

        def migration_plan(self, nodes):
            return ["one to go"]

    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "MigrationExecutor", Behind)
    assert not health.migrations_applied()
