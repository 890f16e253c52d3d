"""Is this process alive, and can it serve?"""

from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from platform_core.common.access import PUBLIC, page


@page(permission=PUBLIC)
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@page(permission=PUBLIC)
def ready(request: HttpRequest) -> JsonResponse:
    """Database, cache and migrations are in order; 503 names what is not."""
    checks: dict[str, Callable[[], bool]] = {
        "database": database_answers,
        "cache": cache_answers,
        "migrations": migrations_applied,
    }
    results = {
        name: "ok" if works(check) else "failed" for name, check in checks.items()
    }
    good = set(results.values()) == {"ok"}
    body = {"status": "ok" if good else "failed", "checks": results}
    return JsonResponse(body, status=200 if good else 503)


def works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def cache_answers() -> bool:
    key = uuid4().hex
    cache.set(f"ready:{key}", key, 10)
    return bool(cache.get(f"ready:{key}") == key)


def migrations_applied() -> bool:
    """Whether the database has every migration; asked once per process if so."""
    global _migrated  # noqa: PLW0603
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


_migrated = False
