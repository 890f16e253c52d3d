"""How big the tables are, written down each night."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils.timezone import make_aware

from exchange.aggregation.catalogue import capacity
from exchange.aggregation.catalogue.models import Measure
from exchange.interfaces.models import Row
from platform_core.common.clock import today


def measure(day: date | None = None) -> int:
    """Write the figures of a day, again if they are there; how many tables."""
    chosen = day or today()
    start = make_aware(datetime.combine(chosen, time()))
    live, ended = Q(current=True, withdrawn=False), start + timedelta(days=1)
    found = Row.objects.values("table").annotate(
        rows=Count("pk", filter=live),
        all=Count("pk"),
        landed=Count("pk", filter=Q(landed_at__gte=start, landed_at__lt=ended)),
    )
    made = [
        Measure(
            table_id=one["table"],
            day=chosen,
            rows=one["rows"],
            history=one["all"] - one["rows"],
            landed=one["landed"],
        )
        for one in found.order_by()
    ]
    Measure.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["table", "day"],
        update_fields=["rows", "history", "landed"],
    )
    capacity.note()
    return len(made)
