"""What the apps above add to delivering; they register when they start.

`admits` says how an own subscription brings an interface from a peer;
`wants` whether records of others are to be kept for somebody who asks for them;
`positioned`, `offered`, `relayed` and `taken` hear of what has just been done, in its
transaction; `called` hears of every call that has ended, made or answered;
`fetched` says how many records a peer has fetched today.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from platform_core.datasets.models import OutboxEntry

if TYPE_CHECKING:
    from .models import Group, Peer


class Way(StrEnum):
    """How a subscription of this platform brings records."""

    NONE = ""
    WHOLE = "whole"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class Mark:
    """One revision of a record and its hash."""

    uid: UUID
    revision: int
    hash: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Records that an audience was offered just now.

    An audience is a peer, or all those above or below: see `UPWARD`, `DOWNWARD`.
    """

    audience: str
    interface: str
    origin: str
    marks: Sequence[Mark]
    position: int = 0
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Records of one origin that were applied here: hash before and after."""

    interface: str
    origin: str
    changes: Sequence[tuple[UUID, str, str]]


@dataclass(frozen=True, slots=True)
class Load:
    """What one call carried of one interface.

    `ages` are seconds from the change to its receipt, with the number of records.
    """

    interface: str
    records: int = 0
    rejected: int = 0
    size: int = 0
    ages: Sequence[tuple[float, int]] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A call that has ended; `outward` says which way its records went.

    Without `milliseconds` nobody was called: the records were carried by hand.
    """

    peer: "Peer"
    outward: bool
    ok: bool
    milliseconds: int | None
    loads: Sequence[Load] = ()


UPWARD = "^"
DOWNWARD = "v"

admits: list[Callable[["Peer", str, int], Way]] = []
wants: list[Callable[[str, int], bool]] = []
positioned: list[Callable[[Sequence[OutboxEntry]], None]] = []
offered: list[Callable[[Offer], None]] = []
relayed: list[Callable[["Group", bool], None]] = []
taken: list[Callable[[Taken], None]] = []
called: list[Callable[[Called], None]] = []
fetched: list[Callable[["Peer"], int]] = []


def way(peer: "Peer", interface: str, version: int) -> Way:
    """How an own subscription brings this interface from the peer, if one does."""
    found = (hook(peer, interface, version) for hook in admits)
    return next((one for one in found if one), Way.NONE)


def wanted(interface: str, version: int) -> bool:
    """Does somebody here ask for records of others under this interface?"""
    return any(hook(interface, version) for hook in wants)
