"""What kinds of jobs there are; apps register theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from .work import Work

Runner = Callable[["Work"], None]


@dataclass(frozen=True)
class Kind:
    """A kind of job: its name for people and the function that does it."""

    code: str
    label: "str | Promise"
    run: Runner


_kinds: dict[str, Kind] = {}


def job(code: str, label: "str | Promise") -> Callable[[Runner], Runner]:
    """Decorator: this function does the jobs of a kind.

    It may be run again after a crash and then goes on at `work.checkpoint`.
    """

    def register(run: Runner) -> Runner:
        known = _kinds.get(code)
        if known and known.run is not run:
            raise ValueError(f"the job kind {code} is registered twice")
        _kinds[code] = Kind(code, label, run)
        return run

    return register


def kind(code: str) -> Kind:
    """A kind by its code."""
    return _kinds[code]


def kinds() -> list[Kind]:
    """All kinds, by code."""
    return [_kinds[code] for code in sorted(_kinds)]
