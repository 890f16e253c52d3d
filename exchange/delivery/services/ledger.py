"""What was taken in of one origin under one interface: read, noted, written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from exchange.delivery.models import LedgerRow
from platform_core.common import bulk
from platform_core.common.clock import now

KEY = ("origin", "interface", "uid")


class Mark(NamedTuple):
    """The highest revision of a record and its hash."""

    revision: int
    hash: str
    op: str = ""


@dataclass
class Ledger:
    """The marks of the records of a group, before and after."""

    before: dict[UUID, Mark] = field(default_factory=dict)
    after: dict[UUID, Mark] = field(default_factory=dict)

    def read(self, origin: str, interface: str, uids: Iterable[UUID]) -> None:
        """What is known of these records."""
        rows = LedgerRow.objects.filter(
            origin=origin, interface=interface, uid__among=list(uids)
        )
        found = rows.values_list("uid", "revision", "hash")
        self.before = {uid: Mark(revision, text) for uid, revision, text in found}

    def has(self, uid: UUID, revision: int) -> bool:
        """Was this revision, or a newer one, taken in before?"""
        known = self.after.get(uid) or self.before.get(uid)
        return known is not None and known.revision >= revision

    def note(self, uid: UUID, mark: Mark) -> None:
        """A revision was applied."""
        self.after[uid] = mark

    def write(self, origin: str, interface: str, sender: str, batch: UUID) -> None:
        """Keep what was noted; an IntegrityError where somebody else was faster."""
        same = {
            "origin": origin,
            "interface": interface,
            "sender": sender,
            "batch": batch,
            "received_at": now(),
        }
        new = [one for one in self.after.items() if one[0] not in self.before]
        bulk.insert(
            LedgerRow, ((uid, m.revision, m.op, m.hash) for uid, m in new), **same
        )
        LedgerRow.objects.bulk_create(
            [
                LedgerRow(uid=uid, **mark._asdict(), **same)
                for uid, mark in self.after.items()
                if uid in self.before
            ],
            update_conflicts=True,
            unique_fields=KEY,
            update_fields=("revision", "op", "hash", "sender", "batch", "received_at"),
            batch_size=bulk.CHUNK,
        )

    def changes(self) -> list[tuple[UUID, str, str]]:
        """The hash of each record before and after."""
        return [
            (uid, self.before[uid].hash if uid in self.before else "", mark.hash)
            for uid, mark in self.after.items()
        ]
