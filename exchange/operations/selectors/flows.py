"""How each flow stands: its figures of a day, its queue, its light."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Sum

from exchange.delivery.enums import ParcelState, PeerState
from exchange.delivery.models import Parcel
from exchange.delivery.selectors import LATE
from exchange.operations.enums import TOTAL, Direction
from exchange.operations.models import Flow, Traffic
from platform_core.common.clock import now

from .figures import SUMMED, Sums

NOTHING = Sums("")
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Figures and queues of all flows at one moment, in two queries."""

    days: dict[Key, Sums]
    queues: dict[tuple[int, str], float]

    @classmethod
    def now(cls) -> "Standing":
        """As it is at this moment."""
        return cls(_days(), _queues())

    def sums(self, flow: Flow) -> Sums:
        """What went over it in a day."""
        return self.days.get((flow.peer_id, flow.interface, flow.direction), NOTHING)

    def lag(self, flow: Flow) -> float | None:
        """Age of the oldest record that waits to be sent, in seconds."""
        if flow.direction != Direction.OUT:
            return None
        return self.queues.get((flow.peer_id, flow.interface))

    def light(self, flow: Flow) -> str:
        """Red: the last call failed; yellow: records wait or were refused."""
        if flow.peer.state in {PeerState.DRAFT, PeerState.DISABLED}:
            return "none"
        if flow.success_at is None or flow.success_at < flow.call_at:
            return "red"
        lag = self.lag(flow)
        late = lag is not None and lag > LATE.total_seconds()
        return "yellow" if late or self.sums(flow).rejected else "green"


def _days() -> dict[Key, Sums]:
    rows = Traffic.objects.filter(hour__gte=now() - timedelta(hours=24))
    names = ("peer", "interface", "direction")
    grouped = rows.exclude(interface=TOTAL).order_by().values(*names)
    found: dict[Key, Sums] = {}
    for row in grouped.annotate(**{name: Sum(name) for name in SUMMED}):
        key = (row["peer"], row["interface"], row["direction"])
        found.setdefault(key, Sums(row["interface"])).add(dict(row))
    return found


def _queues() -> dict[tuple[int, str], float]:
    rows = Parcel.objects.filter(state=ParcelState.QUEUED)
    grouped = rows.values_list("peer", "group__interface").annotate(Min("created_at"))
    present = now()
    return {
        (peer, interface): (present - oldest).total_seconds()
        for peer, interface, oldest in grouped.order_by()
    }
