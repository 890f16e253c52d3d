"""Groups of others that pass through, kept for subscribers and placed in order."""

import json

from django.db import transaction

from exchange.delivery.models import Group
from exchange.feeds.enums import LIVE
from exchange.feeds.models import Passage, Subscription
from exchange.feeds.scope import division_of
from platform_core.common.models import Sequence as Counter

POSITIONS = "feeds.position"
ROUND = 1_000


def wanted(interface: str, version: int) -> bool:
    """Does anybody subscribe to this interface?"""
    live = Subscription.objects.filter(state__in=LIVE)
    return live.filter(interface=interface, version=version).exists()


def keep(group: Group, upward: bool) -> None:
    """Note a relayed group, in the transaction that took it in."""
    named = {
        division_of(data if isinstance(data, dict) else {}, group.origin)
        for data in (record.get("data") for record in json.loads(group.records))
    }
    Passage.objects.create(
        group=group,
        interface=group.interface,
        version=group.version,
        upward=upward,
        divisions=sorted(named),
    )


def place() -> int:
    """Give positions to committed groups, as the outbox does to changes.

    The lock comes first: whoever waits for it sees what was committed meanwhile.
    """
    unplaced = Passage.objects.filter(position__isnull=True)
    if not unplaced.exists():
        return 0
    with transaction.atomic():
        Counter.take(POSITIONS, 0)
        rows = list(unplaced.only("id").order_by("id")[:ROUND])
        first = Counter.take(POSITIONS, len(rows))
        for number, row in enumerate(rows, first):
            row.position = number
        Passage.objects.bulk_update(rows, ["position"], batch_size=200)
    return len(rows)
