"""Which set of records a question is about, and its digests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Func, Max

from exchange.delivery.enums import PeerState, Relation
from exchange.delivery.hooks import DOWNWARD, UPWARD
from exchange.delivery.models import LedgerRow, Peer
from platform_core.common.models import own_node
from platform_core.datasets.federation import parent_code
from platform_core.regions.codes import node_division, node_prefix, within

from . import buckets
from .buckets import Digest
from .enums import HELD, OWN
from .models import Chunk, Offered, Scope


class BucketName(Func):
    """The bucket of an identifier, as the index on the ledger has it."""

    output_field = CharField()
    template = "substr(encode(sha256(%(expressions)s::text::bytea), 'hex'), 1, 3)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
        text = " || '-' || ".join(
            f"substr(%(expressions)s, {start}, {size})" for start, size in parts
        )
        template = f"substr(sha256({text}), 1, 3)"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a set."""

    uid: UUID
    revision: int
    hash: str
    offered_at: datetime | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The records of one interface and origin that two platforms share."""

    interface: str
    origin: str
    audiences: tuple[str, ...]

    @property
    def held(self) -> bool:
        return self.audiences == (HELD,)

    def _scopes(self) -> Any:
        return Scope.objects.filter(
            audience__in=self.audiences, interface=self.interface, origin=self.origin
        )

    def position(self) -> int:
        """The last own position that is counted."""
        return int(self._scopes().aggregate(last=Max("position"))["last"] or 0)

    def all_buckets(self) -> list[Digest]:
        """The 4 096 digests in order."""
        found = [buckets.ZERO] * buckets.BUCKETS
        rows = Chunk.objects.filter(scope__in=self._scopes())
        for number, data in rows.values_list("number", "data"):
            start = number * buckets.PER_CHUNK
            for place, digest in enumerate(buckets.digests(bytes(data)), start):
                found[place] = found[place] + digest
        return found

    def digest(self) -> Digest:
        """The whole set."""
        return buckets.added(self.all_buckets())

    def rows(self, bucket: int) -> list[Row]:
        """The records of one bucket."""
        if self.held:
            named = LedgerRow.objects.annotate(bucket=BucketName(F("uid"))).filter(
                interface=self.interface,
                origin=self.origin,
                bucket=buckets.name_of(bucket),
            )
            return [Row(*row) for row in named.values_list("uid", "revision", "hash")]
        offers = Offered.objects.filter(scope__in=self._scopes(), bucket=bucket)
        names = ("uid", "revision", "hash", "offered_at", "group")
        return [Row(*row) for row in offers.values_list(*names)]


def behind(origin: str, peer: Peer) -> bool:
    """Do records of this origin come to us from the peer?"""
    if peer.relation == Relation.CHILD:
        return origin == peer.code or within(
            node_division(origin), node_division(peer.code)
        )
    own = own_node()
    return origin != own and not within(node_division(origin), node_division(own))


def toward(origin: str) -> Peer | None:
    """The peer that records of this origin come from: itself, else the nearest."""
    closed = (PeerState.DRAFT, PeerState.DISABLED)
    lines = Peer.objects.exclude(state__in=closed).order_by("code")
    parent = parent_code()
    return min(
        (peer for peer in lines if behind(origin, peer)),
        key=lambda peer: (
            peer.code != origin,
            peer.code != parent,
            -len(node_prefix(peer.code)),
        ),
        default=None,
    )


def audiences(peer: Peer) -> tuple[str, ...]:
    """The marks under which this peer is offered records."""
    mark = UPWARD if peer.relation == Relation.PARENT else DOWNWARD
    return (mark, peer.code)


def view(peer: Peer, interface: str, origin: str) -> View:
    """What a question of this peer is about: copies held here, or what it was offered.

    An origin behind the peer reaches us through it; any other one reaches it
    through us.
    """
    if behind(origin, peer):
        return View(interface, origin, (HELD,))
    return offered_to(peer, interface, origin)


def offered_to(peer: Peer, interface: str, origin: str) -> View:
    """What the peer was offered of an interface and origin."""
    return View(interface, origin, audiences(peer))


def offered_sets(peer: Peer) -> list[tuple[str, str]]:
    """Interfaces and origins of which the peer was offered something."""
    rows = Scope.objects.filter(audience__in=audiences(peer))
    rows = rows.exclude(interface__in=OWN)
    pairs: Iterable[tuple[str, str]] = rows.values_list("interface", "origin")
    return sorted({pair for pair in pairs if not behind(pair[1], peer)})
