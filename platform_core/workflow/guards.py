"""Conditions that a definition names and code decides."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]
Guard = Callable[[Facts], str | None]


class Guards:
    """Pure functions by name: None lets the step pass, a reason code stops it."""

    def __init__(self) -> None:
        self._known: dict[str, Guard] = {}

    def register(self, name: str, guard: Guard) -> None:
        """Add a guard; a name stands for one function."""
        if self._known.setdefault(name, guard) is not guard:
            raise ValueError(f"guard {name!r} is registered already")

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def check(self, name: str, facts: Facts) -> str | None:
        """What the named guard says; no name, no objection."""
        return self._known[name](facts) if name else None


guards = Guards()
