"""Finding what differs, from the top down."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from exchange.delivery.enums import ParcelState, ProblemState
from exchange.delivery.models import Parcel, Peer, ProblemRecord
from exchange.reconciliation.buckets import Digest
from exchange.reconciliation.enums import GRACE, MAX_BUCKETS, Kind
from exchange.reconciliation.selectors import Row, View, offered_to
from platform_core.common.clock import now

from . import statements
from .asking import Asker, Theirs
from .statements import Said

# With more groups than this in the queue, nothing can be said yet.
QUEUED = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """One record on which the two ends do not agree."""

    uid: UUID
    kind: Kind
    revision: int
    theirs: int
    group: int | None = None

    def named(self) -> dict[str, Any]:
        return {
            "uid": str(self.uid),
            "kind": str(self.kind),
            "revision": self.revision,
            "theirs": self.theirs,
        }


@dataclass
class Comparison:
    """What both ends said, and where they differ."""

    ours: Said
    theirs: Digest
    said: Said | None
    found: list[Difference] = field(default_factory=list)
    # More differs than was looked into.
    partly: bool = False

    @property
    def equal(self) -> bool:
        return self.ours.digest == self.theirs

    @property
    def explained(self) -> bool:
        """Only records that the other end refused."""
        return bool(self.found) and all(one.kind == Kind.REFUSED for one in self.found)


def compare(peer: Peer, interface: str, origin: str) -> Comparison:
    """Compare what a peer was offered with what it has."""
    view = offered_to(peer, interface, origin)
    asker, begun = Asker(peer, interface, origin), now()
    moving = _on_the_way(peer, interface, origin)
    before = view.digest()
    theirs, said = asker.whole()
    if said is not None:
        statements.check(said, peer.code)
    digest = before if before == theirs else view.digest()
    made = Comparison(statements.make(view, digest, peer.code), theirs, said)
    if not made.equal:
        if moving is None:
            made.partly = True
            return made
        refused = _refused(peer, interface, origin)
        for one in _walk(view, asker, made):
            if not _moves(one[0], one[2], moving, begun):
                made.found.append(_named(one, refused))
    return made


def _on_the_way(peer: Peer, interface: str, origin: str) -> set[str] | None:
    """Records that wait in the peer's queue; None if there are too many."""
    queued = Parcel.objects.filter(
        peer=peer,
        state=ParcelState.QUEUED,
        group__interface=interface,
        group__origin=origin,
    )
    texts = list(queued.values_list("group__records", flat=True)[: QUEUED + 1])
    if len(texts) > QUEUED:
        return None
    return {str(one.get("uid")) for text in texts for one in json.loads(text)}


def _refused(peer: Peer, interface: str, origin: str) -> set[tuple[UUID, int]]:
    """What the peer has a reason not to take; a bad seal says nothing of the record."""
    rows = ProblemRecord.objects.filter(
        peer=peer, interface=interface, origin=origin, state=ProblemState.OPEN
    ).exclude(code="bad_seal")
    return set(rows.values_list("uid", "revision"))


Pair = tuple[str, tuple[int, str], Row | None]


def _walk(view: View, asker: Asker, made: Comparison) -> Iterator[Pair]:
    """Pairs of records that differ, bucket by bucket."""
    mine, theirs = view.all_buckets(), asker.all_buckets()
    wrong = [number for number, one in enumerate(mine) if one != theirs[number]]
    made.partly = len(wrong) > MAX_BUCKETS
    for bucket in wrong[:MAX_BUCKETS]:
        yield from _pairs(view.rows(bucket), asker.rows(bucket))


def _pairs(mine: list[Row], theirs: Theirs) -> Iterator[Pair]:
    ours: dict[str, Row] = {}
    for row in mine:
        known = ours.get(str(row.uid))
        if known is None or known.revision < row.revision:
            ours[str(row.uid)] = row
    for uid in sorted({*ours, *theirs}):
        found, other = ours.get(uid), theirs.get(uid, (0, ""))
        if found is None or (found.revision, found.hash) != other:
            yield uid, other, found


def _moves(uid: str, row: Row | None, moving: set[str], begun: datetime) -> bool:
    """May this record still be on its way?"""
    fresh = row is not None and row.offered_at and row.offered_at > begun - GRACE
    return uid in moving or bool(fresh)


def _named(pair: Pair, refused: set[tuple[UUID, int]]) -> Difference:
    uid, (revision, _hash), row = pair
    number = UUID(uid)
    if row is None:
        return Difference(number, Kind.EXTRA, 0, revision)
    if revision > row.revision:
        kind = Kind.AHEAD
    elif revision == row.revision:
        kind = Kind.CHANGED
    elif (number, row.revision) in refused:
        kind = Kind.REFUSED
    else:
        kind = Kind.OLD if revision else Kind.MISSING
    return Difference(number, kind, row.revision, revision, row.group)
