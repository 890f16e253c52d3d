"""Keeping digests up to date, in the transaction of the change."""

from collections.abc import Container, Iterable, Sequence
from typing import Any
from uuid import UUID

from exchange.delivery import seals
from exchange.delivery.hooks import DOWNWARD, UPWARD, Mark, Offer, Taken
from exchange.delivery.models import Group
from exchange.delivery.services.pump import named
from exchange.feeds.services.feed import marks_of
from exchange.reconciliation.buckets import Tally
from exchange.reconciliation.enums import HELD, OWN
from exchange.reconciliation.models import Chunk, Offered, Scope
from platform_core.common import bulk
from platform_core.common.clock import now
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry

from .tallies import ledger_tally

BATCH = 500


def locked(audience: str, interface: str, origin: str) -> tuple[Scope, bool]:
    """The scope for a change, and whether it is new; whoever comes second waits."""
    key: dict[str, Any] = {
        "audience": audience,
        "interface": interface,
        "origin": origin,
    }
    rows = Scope.objects.select_for_update(of=("self",))
    found = rows.filter(**key).first()
    if found is not None:
        return found, False
    _scope, new = Scope.objects.get_or_create(**key)
    return rows.get(**key), new


def write(scope: Scope, tally: Tally) -> None:
    """Bring the chunks of a scope up to date: one read, one write."""
    if not tally.changes:
        return
    rows = Chunk.objects.filter(scope=scope, number__in=tally.chunks)
    before = {row.number: bytes(row.data) for row in rows}
    Chunk.objects.bulk_create(
        [
            Chunk(scope=scope, number=number, data=data)
            for number, data in sorted(tally.onto(before).items())
        ],
        update_conflicts=True,
        unique_fields=["scope", "number"],
        update_fields=["data"],
    )


def note_taken(taken: Taken) -> None:
    """Copies of others were applied here."""
    if not taken.changes or taken.interface in OWN:
        return
    scope, new = locked(HELD, taken.interface, taken.origin)
    if new:
        # The ledger may be older than the digests; it has the new rows already.
        write(scope, ledger_tally(taken.interface, taken.origin))
        return
    tally = Tally()
    for uid, before, after in taken.changes:
        tally.change(uid, before, after)
    write(scope, tally)


def note_offer(offer: Offer) -> None:
    """An audience was offered records; the highest revision of each counts."""
    if not offer.marks or offer.interface in OWN:
        return
    scope, _new = locked(offer.audience, offer.interface, offer.origin)
    latest = newest(offer.marks)
    known = _known(scope, list(latest))
    tally, made = Tally(), []
    for uid, mark in latest.items():
        revision, before = known.get(uid, (0, ""))
        if mark.revision <= revision:
            continue
        bucket = tally.change(uid, before, mark.hash)
        made.append((uid, bucket, mark.revision, mark.hash))
    store(made, known, scope_id=scope.pk, group=offer.group, offered_at=now())
    write(scope, tally)
    if offer.position > scope.position:
        Scope.objects.filter(pk=scope.pk).update(position=offer.position)


def _known(scope: Scope, uids: list[UUID]) -> dict[UUID, tuple[int, str]]:
    rows = Offered.objects.filter(scope=scope, uid__among=uids)
    found = rows.values_list("uid", "revision", "hash")
    return {uid: (revision, text) for uid, revision, text in found}


def newest(marks: Sequence[Mark]) -> dict[UUID, Mark]:
    """The highest revision of each record; of two equal ones the first."""
    found: dict[UUID, Mark] = {}
    for mark in marks:
        known = found.get(mark.uid)
        if known is None or known.revision < mark.revision:
            found[mark.uid] = mark
    return found


Made = tuple[UUID, int, int, str]


def store(made: Sequence[Made], known: Container[UUID], **same: Any) -> None:
    """Write offers under the lock of their scope, replacing the older revision."""
    bulk.insert(Offered, (one for one in made if one[0] not in known), **same)
    Offered.objects.bulk_create(
        [
            Offered(uid=uid, bucket=bucket, revision=revision, hash=text, **same)
            for uid, bucket, revision, text in made
            if uid in known
        ],
        update_conflicts=True,
        unique_fields=["scope", "uid"],
        update_fields=["revision", "hash", "group", "offered_at"],
        batch_size=BATCH,
    )


def note_positions(entries: Sequence[OutboxEntry]) -> None:
    """Own changes got their positions, so their receivers will be offered them."""
    for offer in offers_of(entries):
        note_offer(offer)


def offers_of(entries: Iterable[OutboxEntry]) -> list[Offer]:
    """Who is offered what, in an order that everybody keeps."""
    origin = own_node()
    marks: dict[tuple[str, str], list[Mark]] = {}
    last: dict[tuple[str, str], int] = {}
    for entry in entries:
        audiences = audiences_of(entry)
        if not audiences:
            continue
        form = seals.Form(b"", entry.canonical)
        mark = Mark(entry.uid, entry.revision, form.hash(origin, named(entry)))
        for audience in audiences:
            marks.setdefault((audience, entry.interface), []).append(mark)
            last[audience, entry.interface] = entry.position or 0
    return [
        Offer(key[0], key[1], origin, marks[key], last[key]) for key in sorted(marks)
    ]


def audiences_of(entry: OutboxEntry) -> list[str]:
    """To whom a change goes by itself."""
    if entry.interface in OWN:
        return []
    if entry.to_parent:
        return [UPWARD]
    own = own_node()
    return [code for code in dict.fromkeys(entry.recipients) if code != own]


def note_relayed(group: Group, upward: bool) -> None:
    """Records of others go on, to all above or to all below."""
    audience = UPWARD if upward else DOWNWARD
    told = marks_of(group)
    note_offer(Offer(audience, group.interface, group.origin, told, group=group.pk))
