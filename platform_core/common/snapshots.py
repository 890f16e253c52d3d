"""Rarely changed rows kept in memory, renewed in all processes after a change."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

Value = TypeVar("Value")
RENEWAL_SECONDS = 60
BELIEF_SECONDS = 1.0


def new_version() -> str:
    """A version unlike all others."""
    return uuid4().hex


class Version:
    """Which version of something is valid, as the shared cache says.

    A process believes what it read for a second, so that a request does not ask
    for each of the many versions it depends on. Where the cache knows none, `find`
    says it. The entry expires by itself as well, so that processes without a
    shared cache see a change in the end.
    """

    _doubts = 0  # goes up when this process shall believe nothing any more

    def __init__(
        self,
        cache_key: str,
        find: Callable[[], str] = new_version,
        seconds: int = RENEWAL_SECONDS,
    ) -> None:
        self._cache_key, self._find, self._seconds = cache_key, find, seconds
        self._believed: tuple[str, float, int] = ("", 0.0, 0)

    @classmethod
    def doubt_all(cls) -> None:
        """Ask the cache again for every version."""
        cls._doubts += 1

    def current(self) -> str:
        """The valid version, at most a second old."""
        version, until, doubts = self._believed
        if doubts != self._doubts or monotonic() >= until:
            version = self._read()
            self._believe(version)
        return version

    def announce(self, version: str) -> None:
        """Make a version valid, here at once and elsewhere within a second."""
        cache.set(self._cache_key, version, self._seconds)
        self._believe(version)

    def forget(self) -> None:
        """Have the version found anew, here and elsewhere."""
        cache.delete(self._cache_key)
        self._believed = ("", 0.0, 0)

    def _read(self) -> str:
        found: str | None = cache.get(self._cache_key)
        if found is None:
            # get_or_set: a version announced meanwhile is the newer one
            found = cache.get_or_set(self._cache_key, self._find, self._seconds)
        return str(found)

    def _believe(self, version: str) -> None:
        self._believed = (version, monotonic() + BELIEF_SECONDS, self._doubts)


class Snapshot:
    """Values by key in this process, valid as long as a version is.

    `renew` replaces the version at once for this transaction and again on commit
    for everybody else.
    """

    def __init__(self, name: str) -> None:
        self._shared = Version(f"snapshot:{name}")
        self._version = ""
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, load: Callable[[], Value]) -> Value:
        """The value under `key`, loaded when it is not known or not valid."""
        version = self._shared.current()
        if version != self._version:
            self._version, self._values = version, {}
        values = self._values
        if key not in values:
            values[key] = load()
        found: Value = values[key]
        return found

    def watch(self, *rows: type[models.Model]) -> None:
        """Have the values renewed whenever a row of these models changes."""
        for model in rows:
            for signal in (post_save, post_delete):
                signal.connect(self._changed, model, weak=False)

    def _changed(self, **_about: Any) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget all values, here and in the other processes."""
        self._announce()
        transaction.on_commit(self._announce)

    def _announce(self) -> None:
        self._shared.announce(new_version())
