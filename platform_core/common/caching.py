"""The shared cache; a process keeps its clients instead of making one per call."""

from typing import Any

from django.core.cache.backends import redis


class KeptClient(redis.RedisCacheClient):
    """Django makes a client for every call, which costs more than the call.

    A client is safe to share: it takes a connection of the pool for each command.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server that a command goes to."""
        this: Any = self  # the stubs leave out what Django means for subclasses
        pool = this._get_connection_pool(write)
        found = self._kept.get(id(pool))
        if found is None:
            found = self._kept[id(pool)] = this._client(connection_pool=pool)
        return found


class RedisCache(redis.RedisCache):
    """Django's cache in Redis with clients that are kept."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
