"""Counting calls into the hour they ended in.

Each call is counted when it ends, in the transaction that notes its result where
there is one: one UPDATE for the peer and one for each interface it carried.
"""

from collections import Counter
from collections.abc import Mapping

from django.db.models import F

from exchange.delivery.hooks import Called, Load
from exchange.delivery.models import Peer
from exchange.interfaces import frequencies
from exchange.operations import latency
from exchange.operations.enums import (
    KEEP_FIGURES,
    REAL_TIME_SECONDS,
    TOTAL,
    Direction,
)
from exchange.operations.models import Flow, Traffic
from platform_core.common.clock import now
from platform_core.datasets import registry


def note(call: Called) -> None:
    """Count one call."""
    shares: dict[str, Counter[str]] = {TOTAL: Counter()}
    for load in call.loads:
        amounts = _amounts(load)
        shares[TOTAL] += amounts
        shares[load.interface] = shares.get(load.interface, Counter()) + amounts
    direction = Direction.OUT if call.outward else Direction.IN
    for interface in sorted(shares):
        amounts = shares[interface] + _call(call)
        _count(call.peer, interface, direction, amounts)
        if interface:
            _stand(call, interface, direction, records=amounts["records"])


def _amounts(load: Load) -> Counter[str]:
    grace = grace_of(load.interface)
    return Counter(
        records=load.records,
        rejected=load.rejected,
        size=load.size,
        timed=sum(count for _age, count in load.ages),
        timely=sum(count for age, count in load.ages if age <= grace),
    )


def grace_of(interface: str) -> int:
    """Seconds after its change within which a record is in time."""
    if not registry.known(interface):
        return REAL_TIME_SECONDS
    most = frequencies.allowed(registry.get(interface).frequency)
    return int(most.total_seconds()) if most else REAL_TIME_SECONDS


def _call(call: Called) -> Counter[str]:
    if call.milliseconds is None:
        return Counter()
    if not call.ok:
        return Counter(calls=1)
    return Counter({"calls": 1, "successes": 1, latency.field_of(call.milliseconds): 1})


def _count(
    peer: Peer, interface: str, direction: Direction, amounts: Mapping[str, int]
) -> None:
    hour = now().replace(minute=0, second=0, microsecond=0)
    key = {
        "peer_id": peer.pk,
        "interface": interface,
        "direction": direction,
        "hour": hour,
    }
    rows = Traffic.objects.filter(**key)
    changes = {name: F(name) + amount for name, amount in amounts.items()}
    if not rows.update(**changes):
        Traffic.objects.bulk_create([Traffic(**key)], ignore_conflicts=True)
        rows.update(**changes)


def _stand(call: Called, interface: str, direction: str, *, records: int) -> None:
    moment = now()
    changes = {"call_at": moment}
    if call.ok:
        changes["success_at"] = moment
    if call.ok and records:
        changes["records_at"] = moment
    key = {"peer_id": call.peer.pk, "interface": interface, "direction": direction}
    if not Flow.objects.filter(**key).update(**changes):
        Flow.objects.bulk_create([Flow(**key, **changes)], ignore_conflicts=True)


def clean() -> int:
    """Drop figures older than thirteen months."""
    return Traffic.objects.filter(hour__lt=now() - KEEP_FIGURES).delete()[0]
