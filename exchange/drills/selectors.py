"""How the records of a drill fared."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from exchange.delivery.enums import ParcelState
from exchange.delivery.models import Parcel, ProblemRecord
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry

from .enums import INTERFACE, TWICE
from .models import DrillRecord


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from the change to the answer, by the number of the record."""

    seconds: dict[int, float]

    def within(self, numbers: range) -> list[float]:
        """The delays of these numbers, sorted."""
        return sorted(self.seconds[n] for n in numbers if n in self.seconds)

    def p95(self, numbers: range) -> float:
        """The delay that 95 % of these numbers do not exceed, 0 without any."""
        found = self.within(numbers)
        return found[min(len(found) - 1, len(found) * 95 // 100)] if found else 0.0


def _own(run: UUID, receivers: Iterable[str]) -> dict[UUID, DrillRecord]:
    rows = DrillRecord.objects.filter(
        run=run, origin=own_node(), receiver__in=list(receivers)
    )
    return {row.uid: row for row in rows}


def _changes(records: dict[UUID, DrillRecord]) -> list[OutboxEntry]:
    # By interface, for a list of uids would grow with the drill.
    found = OutboxEntry.objects.filter(
        interface=INTERFACE,
        created_at__gte=min(row.created_at for row in records.values()),
    )
    return [entry for entry in found if entry.uid in records]


def undelivered(run: UUID, receivers: Iterable[str]) -> int:
    """Changes of a drill that their receivers have not answered for."""
    records = _own(run, receivers)
    if not records:
        return 0
    done = set(
        Parcel.objects.filter(
            group__interface=INTERFACE, state=ParcelState.DELIVERED
        ).values_list("peer__code", "group_id")
    )
    return sum(
        (records[entry.uid].receiver, entry.carrier) not in done
        for entry in _changes(records)
    )


def doubled(run: UUID) -> int:
    """Records that a receiver had applied before; it says so by refusing them."""
    uids = DrillRecord.objects.filter(run=run, origin=own_node()).values("uid")
    return ProblemRecord.objects.filter(
        interface=INTERFACE, code=TWICE, uid__in=uids
    ).count()


def delays(run: UUID, receiver: str) -> Delays:
    """How long the first revision of each record took to be answered for."""
    records = _own(run, [receiver])
    if not records:
        return Delays({})
    rows = Parcel.objects.filter(
        peer__code=receiver, group__interface=INTERFACE, state=ParcelState.DELIVERED
    ).values_list("group_id", "finished_at")
    answered = {group: at for group, at in rows if at is not None}
    return Delays(
        {
            records[entry.uid].number: (
                answered[entry.carrier] - entry.created_at
            ).total_seconds()
            for entry in _changes(records)
            if entry.revision == 1 and entry.carrier in answered
        }
    )
