"""Where the values of a master record come from."""

from typing import Any

from exchange.interfaces.models import Row

from . import words
from .models import Master


def steps(master: Master) -> list[dict[str, Any]]:
    """Each row of a master with its batch and the fields that it gave."""
    members = list(master.members.filter(current=True))
    keys = [one.row for one in members]
    landed = Row.objects.select_related("table", "batch").in_bulk(keys)
    names = words.names(master.task.current, "fields")
    sources = words.names(master.task.current, "sources")
    found = []
    for one in members:
        row = landed.get(one.row)
        given = [
            names.get(code, code)
            for code, pick in master.picks.items()
            if pick["record"] == str(one.record)
        ]
        found.append(
            {
                "source": sources.get(one.source, one.source),
                "table": row.table if row else "",
                "batch": row.batch if row else None,
                "row": one.row,
                "key": row.key if row else "",
                "revision": row.revision if row else None,
                "landed_at": row.landed_at if row else None,
                "fields": given,
            }
        )
    return found


def drawing(master: Master, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Batches, rows, the record and its fields as a graph from left to right."""
    links: list[tuple[str, str]] = []
    columns: dict[str, int] = {}
    for step in found:
        row = f"{step['source']} · {step['key'] or step['row']}"
        batch = step["batch"]
        if batch is not None:
            name = f"{batch.source_name} {batch.key}"[:60]
            columns.setdefault(name, 0)
            links.append((name, row))
        columns.setdefault(row, 1)
        links.append((row, master.title))
        for field in step["fields"]:
            links.append((row, field))
            columns.setdefault(field, 3)
    columns[master.title] = 2
    return {"series": [_graph(columns, links)], "legend": {"show": False}}


def _graph(columns: dict[str, int], links: list[tuple[str, str]]) -> dict[str, Any]:
    heights: dict[int, int] = {}
    nodes = []
    for name, column in columns.items():
        height = heights[column] = heights.get(column, -1) + 1
        nodes.append({"name": name, "x": column * 240, "y": height * 60})
    return {
        "type": "graph",
        "layout": "none",
        "roam": True,
        "symbolSize": 14,
        "edgeSymbol": ["none", "arrow"],
        "label": {"show": True, "position": "bottom"},
        "data": nodes,
        "links": [{"source": start, "target": end} for start, end in links],
    }
