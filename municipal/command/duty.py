"""Who should handle a case: an app that knows registers how it is found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platform_core.accounts.models import OrgUnit

    from .models import Case


@dataclass(frozen=True)
class Candidate:
    """A unit that may be in charge, how sure that is (0 to 1), and why."""

    unit: "OrgUnit"
    confidence: float
    reason: str

    @property
    def percent(self) -> int:
        return round(self.confidence * 100)


Resolver = Callable[["Case"], Sequence[Candidate]]
_resolvers: list[Resolver] = []


def register(resolver: Resolver) -> None:
    """Have units found by this function; the one registered last is asked."""
    _resolvers[:] = [resolver]


def candidates(case: "Case") -> Sequence[Candidate]:
    """The units that may be in charge, the most likely first."""
    return _resolvers[0](case) if _resolvers else ()
