"""Building digests from the rows, and checking that they fit."""

from collections.abc import Iterator

from django.db import transaction

from exchange.delivery.hooks import DOWNWARD, UPWARD, Offer
from exchange.delivery.models import Group, LedgerRow
from exchange.feeds.services.feed import marks_of
from exchange.reconciliation.buckets import Tally
from exchange.reconciliation.enums import HELD
from exchange.reconciliation.models import Chunk, Scope
from platform_core.common.models import Sequence as Counter
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry

from . import keeping, tallies

POSITIONS = "outbox.position"
ROUND = 2_000


def load() -> str:
    """Reference loader: a node that is older than its digests builds them."""
    if Scope.objects.exists():
        return "digests are kept"
    held = sum(1 for _scope in rebuild_held())
    return f"{offer_history()} offers, {held} sets of copies"


@transaction.atomic
def offer_history() -> int:
    """Note everything that was ever announced or passed on, in order."""
    Counter.take(POSITIONS, 0)
    count, after = 0, 0
    placed = OutboxEntry.objects.filter(position__isnull=False).order_by("position")
    while chunk := list(placed.filter(position__gt=after)[:ROUND]):
        keeping.note_positions(chunk)
        after = chunk[-1].position or after
        count += len(chunk)
    passed = Group.objects.exclude(origin=own_node()).order_by("pk")
    for group in passed.iterator(chunk_size=50):
        count += _passed(group)
    return count


def _passed(group: Group) -> int:
    """A group of others goes up if it came from below, else down."""
    audiences = {
        UPWARD if parcel.peer.relation == "parent" else DOWNWARD
        for parcel in group.parcels.select_related("peer")
    }
    told = marks_of(group)
    for audience in sorted(audiences):
        offer = Offer(audience, group.interface, group.origin, told, group=group.pk)
        keeping.note_offer(offer)
    return group.count if audiences else 0


def rebuild_held() -> Iterator[Scope]:
    """Build the digests of all copies held here."""
    pairs = LedgerRow.objects.values_list("interface", "origin").distinct().order_by()
    for interface, origin in sorted(set(pairs)):
        with transaction.atomic():
            scope, _new = keeping.locked(HELD, interface, origin)
            yield replace(scope)


@transaction.atomic
def rebuild(scope: Scope) -> Scope:
    """Build one scope's digests anew, while nobody changes them."""
    if scope.audience == HELD:
        Counter.take(f"exchange.inbox.{scope.origin}", 0)
    held, _new = keeping.locked(scope.audience, scope.interface, scope.origin)
    return replace(held)


def replace(scope: Scope) -> Scope:
    """Put what the rows say in the place of the digests."""
    Chunk.objects.filter(scope=scope).delete()
    keeping.write(scope, computed(scope))
    return scope


def computed(scope: Scope) -> Tally:
    """The digests as the rows have them."""
    if scope.audience == HELD:
        return tallies.ledger_tally(scope.interface, scope.origin)
    return tallies.offer_tally(scope)


@transaction.atomic
def faults(scope: Scope) -> list[int]:
    """Numbers of the chunks that do not fit their rows."""
    if scope.audience == HELD:
        Counter.take(f"exchange.inbox.{scope.origin}", 0)
    held, _new = keeping.locked(scope.audience, scope.interface, scope.origin)
    wanted = computed(held).onto({})
    kept = {row.number: bytes(row.data) for row in Chunk.objects.filter(scope=held)}
    numbers = sorted({*wanted, *kept})
    return [n for n in numbers if _differ(wanted.get(n), kept.get(n))]


def _differ(one: bytes | None, other: bytes | None) -> bool:
    return (one or b"").strip(b"\0") != (other or b"").strip(b"\0")
