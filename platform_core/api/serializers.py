"""Answers with many rows, written quickly."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from rest_framework import serializers


class Column(NamedTuple):
    """A field of an answer: where its value comes from, how it is written."""

    name: str
    method: str  # of the serializer; empty where the row has the value
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


class Answer(serializers.Serializer):
    """Base of serializers that only write: their fields are set up once per class.

    Otherwise they are made anew for each use and each value is looked for step by
    step, which costs more than reading the rows. Fields have a plain `source`.
    """

    @classmethod
    @cache
    def columns(cls) -> tuple[Column, ...]:
        """The fields in the order of the answer."""
        return tuple(_column(field) for field in cls()._readable_fields)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = {}
        for name, method, read, write in self.columns():
            if method:
                found[name] = getattr(self, method)(instance)
            else:
                value = read(instance)
                found[name] = None if value is None else write(value)
        return found


def _column(field: serializers.Field) -> Column:
    name, method = str(field.field_name), getattr(field, "method_name", None) or ""
    read = attrgetter(name if method else str(field.source))
    return Column(name, method, read, field.to_representation)
