"""Where the rows of a table come from, and where they go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from exchange.aggregation import hooks
from exchange.aggregation.hooks import Link
from exchange.feeds.models import Subscription
from exchange.interfaces.enums import OFFERED
from exchange.interfaces.models import Batch, Table
from exchange.interfaces.sources import in_words

from .models import Edition

# How many tables away one looks in each direction.
REACH = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow, with the names of its ends and how far right it stands."""

    source: str
    target: str
    how: object
    url: str
    place: int


def links(edition: Edition) -> list[Step]:
    """All arrows around the table of a resource, from left to right."""
    if edition.table is None:
        return []
    depths = _neighbours(edition.table.code)
    names = dict(Table.objects.filter(code__in=depths).values_list("code", "name"))
    found = [
        Step(
            names.get(one.source, one.source),
            names.get(one.target, one.target),
            one.how,
            one.url,
            depths[one.source],
        )
        for one in _between(depths)
    ]
    ends = [*_sources(depths, names), *_takers(depths, names)]
    return sorted([*found, *ends], key=lambda step: (step.place, step.source))


def _neighbours(table: str) -> dict[str, int]:
    """Codes of the tables that hang together, and how far right each stands."""
    depths, edge = {table: 0}, {table}
    for _round in range(REACH):
        fresh: dict[str, int] = {}
        for code in sorted(edge):
            for link in hooks.links_of(code):
                if link.target == code:
                    fresh.setdefault(link.source, depths[code] - 1)
                else:
                    fresh.setdefault(link.target, depths[code] + 1)
        edge = set(fresh) - set(depths)
        depths |= {code: fresh[code] for code in edge}
    return depths


def _between(depths: dict[str, int]) -> list[Link]:
    every = [link for code in sorted(depths) for link in hooks.links_of(code)]
    inside = [one for one in every if {one.source, one.target} <= set(depths)]
    return list(dict.fromkeys(inside))


def _sources(depths: dict[str, int], names: dict[str, str]) -> Iterable[Step]:
    """Who sent batches, how many rows and when last."""
    done = Batch.objects.filter(table__code__in=depths, finished_at__isnull=False)
    grouped = done.values("table__code", "source").annotate(
        total=Sum("count"), last=Max("arrived_at")
    )
    for one in grouped.order_by("table__code", "source"):
        how = _("%(count)s rows, last %(day)s") % {
            "count": one["total"],
            "day": f"{one['last']:%Y-%m-%d}",
        }
        code = one["table__code"]
        yield Step(in_words(one["source"]), names[code], how, "", depths[code] - 1)


def _takers(depths: dict[str, int], names: dict[str, str]) -> Iterable[Step]:
    """The interface of each table, and who subscribed to it."""
    offered = Table.objects.filter(code__in=depths, current__state__in=OFFERED)
    for table in offered.select_related("current"):
        place, interface = depths[table.code], table.interface
        yield Step(names[table.code], interface, _("offered as"), "", place)
        rows = Subscription.objects.filter(interface=interface)
        for one in rows.select_related("peer").order_by("pk"):
            how = one.get_state_display()
            taker = str(one.peer)
            yield Step(interface, taker, how, one.get_absolute_url(), place + 1)


def drawing(steps: Sequence[Step]) -> dict[str, Any]:
    """The same as a graph: one column for each step to the right."""
    columns: dict[str, int] = {}
    for step in steps:
        columns.setdefault(step.source, step.place)
        columns.setdefault(step.target, step.place + 1)
    heights: dict[int, int] = {}
    nodes = []
    for name, column in columns.items():
        row = heights[column] = heights.get(column, -1) + 1
        nodes.append({"name": name, "x": column * 220, "y": row * 60})
    series = {
        "type": "graph",
        "layout": "none",
        "roam": True,
        "symbolSize": 14,
        "edgeSymbol": ["none", "arrow"],
        "label": {"show": True, "position": "bottom"},
        "data": nodes,
        "links": [{"source": one.source, "target": one.target} for one in steps],
    }
    return {"series": [series], "legend": {"show": False}}
