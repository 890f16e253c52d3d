"""Rarely changed rows kept in memory, renewed in all processes after a change."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

Value = TypeVar("Value")
RENEWAL_SECONDS = 60


class Snapshot:
    """Values by key in this process, valid as long as a token in the cache is.

    `renew` replaces the token at once for this transaction and again on commit
    for everybody else. The token also expires by itself, so that processes
    without a shared cache see a change within a minute.
    """

    def __init__(self, name: str) -> None:
        self._cache_key = f"snapshot:{name}"
        self._token = ""
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, load: Callable[[], Value]) -> Value:
        """The value under `key`, loaded when it is not known or not valid."""
        token = cache.get(self._cache_key)
        if token is None:
            token = self._new_token()
        if token != self._token:
            self._token, self._values = token, {}
        values = self._values
        if key not in values:
            values[key] = load()
        found: Value = values[key]
        return found

    def renew(self) -> None:
        """Forget all values, here and in the other processes."""
        self._new_token()
        transaction.on_commit(self._new_token)

    def _new_token(self) -> str:
        token = uuid4().hex
        cache.set(self._cache_key, token, RENEWAL_SECONDS)
        return token
