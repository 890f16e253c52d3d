"""The contracts between platforms: which records cross, and what they look like."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise
from rest_framework.serializers import BaseSerializer

from . import schema as schemas

CODE = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")


class Outcome(StrEnum):
    """What became of a record that was taken in."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """One record of another platform, its schema and its seal already checked."""

    interface: str
    version: int
    origin: str
    uid: UUID
    revision: int
    op: str
    occurred_at: datetime
    data: dict[str, Any]
    sender: str
    route: tuple[str, ...]
    # The canonical form of the data, where it was made already.
    text: bytes = b""

    @property
    def withdrawn(self) -> bool:
        return self.op == "withdraw"


@dataclass(frozen=True)
class Dataset:
    """A named, versioned record contract.

    `serializer` turns an object into `data`. `apply` stores a record of another
    platform; it is called once per revision, revisions may be skipped, and it
    refuses by raising DomainError with a code of the protocol. `apply_many` does the
    same for many records of one group at once, all or none; where it raises, they
    are applied one by one. Without `recipients` a record goes to the own parent,
    for as long as there is none it waits. `relay` passes records of others on in
    the same direction; `both_ways` lets a child send what otherwise only comes
    from above.
    """

    code: str
    version: int
    name: str | Promise
    direction: Literal["up", "down"]
    model: type[models.Model]
    serializer: type[BaseSerializer]
    apply: Callable[[IncomingRecord], Outcome | None]
    recipients: Callable[[Any], list[str]] | None = None
    apply_many: Callable[[Sequence[IncomingRecord]], list[Outcome]] | None = None
    relay: bool = False
    both_ways: bool = False
    share: Literal["unconditional", "conditional", "none"] = "unconditional"
    frequency: str = "on_change"
    state: str = "active"

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of `data`."""
        return schemas.of(
            self.serializer(),
            title=str(self.code),
            identity=f"{self.code}:{self.version}",
        )

    @cached_property
    def _validator(self) -> schemas.Validator:
        return schemas.validator(self.schema)

    @cached_property
    def _writer(self) -> BaseSerializer:
        """Made once: setting up its fields costs more than writing a record."""
        return self.serializer()

    def problem(self, data: Any) -> schemas.Problem | None:
        """The first thing wrong with `data`, or None."""
        return schemas.first_problem(self._validator, data)

    def data(self, obj: Any) -> dict[str, Any]:
        """What this object looks like on the wire."""
        writer = self._writer
        return schemas.wire(writer, writer.to_representation(obj))


Key = tuple[str, int]
Source = Callable[[], Mapping[Key, Dataset]]
_registry: dict[Key, Dataset] = {}
_sources: list[Source] = []


def register(dataset: Dataset) -> Dataset:
    """Make a contract known; called while the apps start."""
    key = (dataset.code, dataset.version)
    if not CODE.match(dataset.code) or dataset.version < 1:
        raise ImproperlyConfigured(f"{dataset.code!r} is not a name of a dataset")
    if key in _registry:
        raise ImproperlyConfigured(f"dataset {dataset.code} v{dataset.version} twice")
    _registry[key] = dataset
    return dataset


def add_source(source: Source) -> None:
    """Have contracts that administrators keep as data found as well.

    `source` is asked each time and answers from memory.
    """
    _sources.append(source)


def _others() -> dict[Key, Dataset]:
    return {key: one for source in _sources for key, one in source().items()}


def forget(code: str, version: int) -> None:
    """Take a contract out again; for tests that register their own."""
    _registry.pop((code, version), None)


def find(code: str, version: int) -> Dataset | None:
    """The contract of this name and version, or None."""
    key = (code, version)
    return _registry.get(key) or _others().get(key)


def get(code: str, version: int | None = None) -> Dataset:
    """The contract of this name; without a version the newest one.  [LookupError]"""
    found = dict(_versions(code))
    if version is None:
        version = max(found, default=0)
    if version not in found:
        raise LookupError(f"{code} v{version}")
    return found[version]


def _versions(code: str) -> list[tuple[int, Dataset]]:
    own = [(v, one) for (name, v), one in _registry.items() if name == code]
    return own or [(v, one) for (name, v), one in _others().items() if name == code]


def known(code: str) -> bool:
    """Is there any version of this interface?"""
    return bool(_versions(code))


def registered() -> list[Dataset]:
    """The contracts that the apps declare in code, by name and version."""
    return [_registry[key] for key in sorted(_registry)]


def all() -> list[Dataset]:
    """Every contract, by name and version."""
    every = _others() | _registry
    return [every[key] for key in sorted(every)]
