"""What can be changed by proposals: components, features of layers."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.functional import Promise

Values = dict[str, Any]


class Subject(Protocol):
    """How one kind of thing is read, checked, made and written.

    `values` hold plain JSON: what a proposal keeps before and after a change.
    """

    code: str
    relation: str
    labels: Mapping[str, str | Promise]

    def snapshot(self, obj: Any) -> Values:
        """The values of a thing as it is."""

    def check(self, values: Values, obj: Any | None) -> Values:
        """The values put in order; DomainError by field where they are wrong."""

    def division(self, values: Values) -> str:
        """The district that the thing lies in."""

    def title(self, values: Values, obj: Any | None) -> str:
        """What people call it."""

    def create(self, values: Values) -> Any:
        """Make it under a code of its own."""

    def write(self, obj: Any, values: Values) -> None:
        """Bring a stored thing to the values, as its next revision."""

    def end(self, values: Values) -> Values:
        """The values of a thing that is taken out of use today."""

    def lock(self, pk: int) -> Any:
        """The stored thing, kept from others until the transaction ends."""

    def show(self, name: str, value: Any) -> object:
        """A value as people read it."""


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind of thing changeable by proposals."""
    _subjects[subject.code] = subject


def find(code: str) -> Subject:
    """The kind of thing by its code."""
    return _subjects[code]


def of(obj: Any) -> Subject:
    """The kind of thing that a stored row is."""
    return next(one for one in _subjects.values() if one.code == obj._meta.model_name)
