"""Base models; no business."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from .clock import now
from .ids import uuid7


def own_node() -> str:
    """Code of this node, the origin of everything made here."""
    code: str = settings.NODE_CODE
    return code


def changed(row: models.Model, before: Mapping[str, Any]) -> list[str]:
    """The columns of a row that differ from its `vars` of before, for `save`.

    A value must have been replaced, not altered in place.
    """
    after, fields = vars(row), row._meta.concrete_fields
    return [f.name for f in fields if after.get(f.attname) != before.get(f.attname)]


class TimeStamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True

    def touch(self) -> None:
        """Note the moment of a change; the caller saves."""
        self.updated_at = now()


class Record(TimeStamped):
    """A row that crosses nodes: one origin may change it, others hold copies."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    origin = models.CharField(max_length=9, default=own_node, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def is_own(self) -> bool:
        return self.origin == own_node()

    def revise(self) -> None:
        """Count a change that will be published; the caller saves."""
        self.revision += 1
        self.touch()


ADD = "UPDATE common_sequence SET value = value + %s WHERE name = %s RETURNING value"


class Sequence(models.Model):
    """A named counter: serial numbers by day, positions of the outbox."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"

    @classmethod
    def take(cls, name: str, count: int = 1) -> int:
        """Reserve `count` numbers and return the first; gapless with the commit."""
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(ADD, [count, name])
            row = cursor.fetchone()
            if row is None:
                cls.objects.get_or_create(pk=name)
                cursor.execute(ADD, [count, name])
                row = cursor.fetchone()
        value: int = row[0]
        return value - count + 1
