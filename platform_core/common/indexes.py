"""Indexes on tables that are large and in use."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexOnline(AddIndexConcurrently):
    """PostgreSQL builds it while others go on writing; the migration is not atomic."""

    def database_forwards(self, app_label: str, editor: Any, *states: Any) -> None:
        _kind(editor).database_forwards(self, app_label, editor, *states)

    def database_backwards(self, app_label: str, editor: Any, *states: Any) -> None:
        _kind(editor).database_backwards(self, app_label, editor, *states)


def _kind(editor: Any) -> type[AddIndex]:
    vendor = editor.connection.vendor
    return AddIndexConcurrently if vendor == "postgresql" else AddIndex
