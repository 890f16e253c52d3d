"""How many calls a person or an address may make, counted cheaply."""

from typing import Any, ClassVar

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

PORTIONS = 100  # a process books this part of a rate at once
MOST_CALLERS = 10_000


class Counted:
    """Counts calls in the shared cache from the first one until the time is over.

    A process books a hundredth of the rate at once and asks the cache again when
    it has let so many calls pass.
    """

    duration: int
    num_requests: int
    cache_format = "calls_%(scope)s_%(ident)s"
    booked: ClassVar[dict[str, int]] = {}

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)  # type: ignore[attr-defined]
        if key is None:
            return True
        left = self.booked.get(key, 0) or self._book(key)
        if left <= 0:
            return False
        if len(self.booked) > MOST_CALLERS:
            self.booked.clear()
        self.booked[key] = left - 1
        return True

    def wait(self) -> float:
        """At most this long; the cache does not say when it began to count."""
        return float(self.duration)

    def _book(self, key: str) -> int:
        portion = max(1, self.num_requests // PORTIONS)
        before = self._count(key, portion) - portion
        return min(portion, self.num_requests - before)

    def _count(self, key: str, portion: int) -> int:
        try:
            return cache.incr(key, portion)
        except ValueError:  # nobody counts yet
            if cache.add(key, portion, self.duration):
                return portion
            return cache.incr(key, portion)


class AnonymousThrottle(Counted, AnonRateThrottle):
    """By address, for callers who are not signed in."""


class UserThrottle(Counted, UserRateThrottle):
    """By person."""
